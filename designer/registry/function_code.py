"""The code of a function: the folder of its file, or its text where it has no file of its own."""

from __future__ import annotations

import ast
import builtins
import dis
import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

from designer.contract.errors import DesignerError, FileMissing
from designer.registry.snapshot import SingleText, Snapshot, snapshot


class NotAlone(DesignerError):
    """A function whose text cannot be run without what lies around it."""


@dataclass(frozen=True)
class Code:
    """The files of a function; `file` is the one that holds it, `place` the folder that paths are relative to."""

    files: Snapshot
    file: str
    place: Path


def code_of(function: Callable[..., Any], source: Any = None) -> Code:
    """The code of a function; `source` is the folder that goes with it, relative to its file.

    Raises FileMissing for a file outside of that folder, NotAlone for a function without a file that uses names from
    around it.
    """
    plain = inspect.unwrap(function)
    file = Path(inspect.getsourcefile(plain) or "")
    if not file.is_file() or "<locals>" in plain.__qualname__:
        name = f"{plain.__name__}.py"
        return Code(SingleText.of(name, text_of(plain)), name, Path.cwd())
    place = file.resolve().parent
    folder = (place / source).resolve() if source else place
    if not file.resolve().is_relative_to(folder):
        raise FileMissing(f"'{file.name}' is not in the folder '{source}'", "Name a folder that holds it.")
    return Code(snapshot(folder), file.resolve().relative_to(folder).as_posix(), place)


def text_of(function: Callable[..., Any]) -> str:
    """The text of a function without its decorators, which runs on its own. Raises NotAlone."""
    name = function.__name__
    try:
        source = textwrap.dedent(inspect.getsource(function))
        (tree,) = ast.parse(source).body
    except (OSError, TypeError, SyntaxError, ValueError):
        raise NotAlone(f"the text of '{name}' cannot be read", "Write it to a file.") from None
    if not isinstance(tree, ast.FunctionDef):
        raise NotAlone(f"'{name}' is no plain function", "Declare it with def.")
    outside = next(iter(_outside(function, tree)), None)
    if outside is not None:
        problem = f"'{name}' uses '{outside}', which stands outside of it"
        raise NotAlone(problem, "Import or define it in the function, or write both to a file.")
    for argument in (*tree.args.posonlyargs, *tree.args.args, *tree.args.kwonlyargs):
        argument.annotation = None
    tree.returns = None
    head = source.splitlines()[tree.lineno - 1 : tree.body[0].lineno - 1]
    body = source.splitlines()[tree.body[0].lineno - 1 :]
    if not head:  # on one line
        tree.decorator_list = []
        return ast.unparse(tree) + "\n"
    return "\n".join([f"def {name}({ast.unparse(tree.args)}):", *body]) + "\n"


def _outside(function: Any, tree: ast.FunctionDef) -> Iterator[str]:
    """The names that a function takes from around it, in its defaults and in its body."""
    yield from function.__code__.co_freevars
    defaults = [*tree.args.defaults, *(each for each in tree.args.kw_defaults if each is not None)]
    named = [part.id for default in defaults for part in ast.walk(default) if isinstance(part, ast.Name)]
    for name in (*named, *_global_names(function.__code__)):
        if not hasattr(builtins, name) and name != function.__name__:
            yield name


def _global_names(code: CodeType) -> Iterator[str]:
    """The global names that code reads, inner functions included."""
    for instruction in dis.get_instructions(code):
        if instruction.opname == "LOAD_GLOBAL":
            yield instruction.argval
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _global_names(constant)
