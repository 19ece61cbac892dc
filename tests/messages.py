"""All errors that the product can raise, read from its source: `python -m tests.messages > docs/messages.md`.

Arguments that are not literals are traced to their assignments in the function; values known only at run time are
written in braces, as in the source.
"""

from __future__ import annotations

import ast
import itertools
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from designer.contract.wording.counting import counted

ROOT = Path(__file__).parents[1]
FOLDERS = ("designer", "modules")
PLACES = ("port", "parameter", "column", "row", "file")
DEFAULT = ("found", "remedy")
_MOST = 12
Nearest = Callable[[str], list[ast.Assign]]


@dataclass(frozen=True, order=True)
class Message:
    """An error raised at one place of the source."""

    file: str
    error: str
    found: str
    remedy: str
    place: str
    line: int


def messages() -> list[Message]:
    """Every message, by file."""
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in _sources()}
    signatures = _errors(trees.values())
    result = {message for file, tree in trees.items() for message in _of_file(file, tree, signatures)}
    return sorted(result)


def page() -> str:
    """The messages as Markdown."""
    entries = messages()
    distinct = {(m.file, m.error, m.found, m.remedy, m.place) for m in entries}
    lines = [
        "# Messages",
        "",
        f"{len(distinct)} errors, read from the source by `make docs`. What a run fills in stands in braces.",
    ]
    for file, group in itertools.groupby(sorted(distinct), key=lambda row: row[0]):
        lines += ["", f"## {file}", "", "| Error | Found | What would do | Place |", "|---|---|---|---|"]
        for _, error, what, remedy, place in group:
            lines.append(f"| {error} | {_cell(what)} | {_cell(remedy)} | {place} |")
    return "\n".join(lines) + "\n"


def _sources() -> list[Path]:
    files = (file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py"))
    return sorted(file for file in files if "migrations" not in file.parts)


def _errors(trees: Iterable[ast.Module]) -> dict[str, tuple[str, ...]]:
    """The error classes with the names of their positional arguments."""
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    signatures: dict[str, tuple[str, ...]] = {"DesignerError": DEFAULT}
    grown = True
    while grown:
        grown = False
        for node in classes:
            bases = [base.id for base in node.bases if isinstance(base, ast.Name) and base.id in signatures]
            if bases and node.name not in signatures:
                signatures[node.name] = _signature(node) or signatures[bases[0]]
                grown = True
    return signatures


def _signature(node: ast.ClassDef) -> tuple[str, ...]:
    for item in node.body:
        if isinstance(item, ast.FunctionDef) and item.name == "__init__":
            return tuple(argument.arg for argument in item.args.args[1:])
    return ()


def _of_file(file: Path, tree: ast.Module, signatures: Mapping[str, tuple[str, ...]]) -> Iterator[Message]:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    for scope in (tree, *functions):
        for call in _own_calls(scope):
            name = call.func.id if isinstance(call.func, ast.Name) else ""
            if name in signatures:
                yield from _of_call(str(file.relative_to(ROOT)), name, call, scope, signatures[name])


def _own_calls(scope: ast.AST) -> Iterator[ast.Call]:
    """The calls in a scope, without those in nested functions."""
    for child in ast.iter_child_nodes(scope):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(child, ast.Call):
            yield child
        yield from _own_calls(child)


def _of_call(file: str, error: str, call: ast.Call, scope: ast.AST, signature: tuple[str, ...]) -> Iterator[Message]:
    spread = next((value for value in call.args if isinstance(value, ast.Starred)), None)
    if spread is not None:
        words = f"{{{ast.unparse(spread)}}}"
        yield Message(file, error, words, words, "", call.lineno)
        return
    arguments = dict(zip(signature, call.args, strict=False))
    arguments |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    if "found" not in arguments:
        return
    place = ", ".join(name for name in PLACES if name in arguments)
    for found, remedy in _pairs(arguments["found"], arguments.get("remedy"), _nearest(call, scope)):
        yield Message(file, error, found, remedy, place, call.lineno)


def _pairs(found: ast.expr, remedy: ast.expr | None, nearest: Nearest) -> list[tuple[str, str]]:
    """The possible pairs of two arguments; names assigned as a pair are kept together."""
    if isinstance(found, ast.Name) and isinstance(remedy, ast.Name):
        pairs = [
            (words, more)
            for node in nearest(found.id)
            if isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple)
            if [target.id for target in node.targets[0].elts if isinstance(target, ast.Name)] == [found.id, remedy.id]
            for words in _texts(node.value.elts[0], nearest)
            for more in _texts(node.value.elts[1], nearest)
        ]
        if pairs:
            return [pair for pair in pairs if pair != ("", "")][:_MOST]
    remedies = _texts(remedy, nearest) if remedy is not None else [""]
    return list(itertools.product(_texts(found, nearest), remedies))[:_MOST]


def _nearest(call: ast.Call, scope: ast.AST) -> Nearest:
    """Return a function that finds the assignments of a name in the last statement before a call."""
    before: list[ast.AST] = []
    block: Sequence[ast.AST] = list(ast.iter_child_nodes(scope))
    while block:
        place = next((i for i, node in enumerate(block) if any(inner is call for inner in ast.walk(node))), None)
        if place is None:
            break
        before += block[:place]
        block = list(ast.iter_child_nodes(block[place]))

    def nearest(name: str) -> list[ast.Assign]:
        for statement in reversed(before):
            inside = [n for n in ast.walk(statement) if isinstance(n, ast.Assign) and name in _targets(n)]
            if inside:
                return inside
        return []

    return nearest


def _targets(node: ast.Assign) -> set[str]:
    return {inner.id for target in node.targets for inner in ast.walk(target) if isinstance(inner, ast.Name)}


def _texts(node: ast.expr, nearest: Nearest, depth: int = 0) -> list[str]:
    """The possible values of an expression, as text with braces."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=values):
            parts = [_texts(value, nearest, depth) for value in values]
            return ["".join(chosen) for chosen in itertools.islice(itertools.product(*parts), _MOST)]
        case ast.IfExp(body=body, orelse=orelse):
            return _texts(body, nearest, depth) + _texts(orelse, nearest, depth)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [a + b for a in _texts(left, nearest, depth) for b in _texts(right, nearest, depth)]
        case ast.FormattedValue(value=ast.IfExp(body=ast.Constant(), orelse=ast.Constant()) as choice):
            return _texts(choice, nearest, depth)
        case ast.FormattedValue(value=value, conversion=114):  # !r quotes the text
            return [f"'{{{ast.unparse(value)}}}'"]
        case ast.FormattedValue(value=value) if _is_counted(value):
            return _texts(value, nearest, depth)
        case ast.FormattedValue(value=value):
            return [f"{{{ast.unparse(value)}}}"]
        case ast.Call(args=[number, ast.Constant(value=noun)]) if _is_counted(node):
            return [f"{{{ast.unparse(number)}}} {counted(2, str(noun)).removeprefix('2 ')}"]
        case ast.Name(id=name) if depth < 2:
            return [t for value in _assigned(name, nearest) for t in _texts(value, nearest, depth + 1)] or [
                f"{{{name}}}"
            ]
        case _:
            return [f"{{{ast.unparse(node)}}}"]


def _is_counted(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == counted.__name__


def _assigned(name: str, nearest: Nearest) -> Iterator[ast.expr]:
    for node in nearest(name):
        for target in node.targets:
            if isinstance(target, ast.Name) and _is_text(node.value):
                yield node.value
            elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = zip(target.elts, node.value.elts, strict=False)
                yield from (value for one, value in pairs if isinstance(one, ast.Name) and one.id == name)


def _is_text(node: ast.expr) -> bool:
    return not (isinstance(node, ast.Constant) and node.value == "")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "\\<")


if __name__ == "__main__":
    sys.stdout.write(page())
