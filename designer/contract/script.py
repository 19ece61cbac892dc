"""Write a plain Python script: variables, calls, and the sources of the called functions.

A module's `to_python` calls the same pure functions as its `run`; the script includes their source, so that script and
run cannot diverge.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from designer.contract.errors import NotExportable
from designer.contract.packages import brings_modules, package_of
from designer.contract.schema import Schema
from designer.contract.selection import ColumnName
from designer.contract.values import Known
from designer.contract.wording.articles import with_article

_WORKSPACE = "workspace_modules_"


@dataclass(frozen=True)
class Variable:
    """A variable of the script, and what is known about its value (a Schema for a table)."""

    name: str
    known: Known = None

    @property
    def schema(self) -> Schema:
        """The columns of a table variable. Raises NotExportable if they are unknown before a run."""
        if not isinstance(self.known, Schema) or not self.known.complete:
            raise NotExportable("the columns are not known", "Run the pipeline first.")
        return self.known

    def __repr__(self) -> str:
        return self.name


class Script:
    """Builder of a plain Python script."""

    def __init__(self) -> None:
        self._imports: dict[str, None] = {}
        self._definitions: dict[str, str] = {}
        self._sources: dict[str, Callable[..., Any]] = {}
        self._lines: list[str] = []
        self._taken: set[str] = set()
        self._files: dict[str, str | None] = {}
        self._needs: dict[str, None] = {}

    def variable(self, hint: str) -> str:
        """A unique variable name: `hint`, or `hint_2`, ..."""
        stem = "".join(c if c.isalnum() else "_" for c in hint.lower()).strip("_") or "value"
        stem = f"_{stem}" if stem[0].isdigit() else stem
        name, number = stem, 1
        while name in self._taken or name in dir(builtins) or name in self._definitions:
            number += 1
            name = f"{stem}_{number}"
        self._taken.add(name)
        return name

    def file(self, stem: str, suffix: str, key: str | None) -> str:
        """A unique name for a file next to the script; the same key returns the same name."""
        stored = next((name for name, file_key in self._files.items() if key is not None and file_key == key), None)
        if stored is not None:
            return stored
        taken = {name.casefold() for name in self._files}
        name, number = f"{stem}{suffix}", 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem}-{number}{suffix}"
        self._files[name] = key
        return name

    def require(self, statement: str) -> None:
        """Add an import statement, once."""
        self._imports[statement] = None

    def comment(self, text: str) -> None:
        """Append a comment, one line for each line of the text, after a blank line."""
        self._lines += ["", *(f"# {line}" for line in text.splitlines())]

    def line(self, text: str) -> None:
        """Append a line to the body."""
        self._lines.append(text)

    def call(self, function: Callable[..., Any], *arguments: Any, result: str = "result", **named: Any) -> str:
        """Append a call of one of Designer's pure functions and include its source; returns the result variable."""
        self.include(function)
        parts = [self.literal(a) for a in arguments] + [f"{k}={self.literal(v)}" for k, v in named.items()]
        name = self.variable(result)
        self._lines.append(f"{name} = {function.__name__}({', '.join(parts)})")
        return name

    def literal(self, value: Any) -> str:
        """A Python expression for a plain value; a Variable gives its name. Raises NotExportable for other values."""
        match value:
            case Variable():
                return value.name
            case ColumnName():
                return repr(str(value))
            case float() if value != value:
                return "float('nan')"
            case float() if value in (float("inf"), float("-inf")):
                return f"float('{value}')"
            case bool() | int() | float() | str() | None:
                return repr(value)
            case list():
                return f"[{', '.join(map(self.literal, value))}]"
            case tuple():
                inside = ", ".join(map(self.literal, value))
                return f"({inside},)" if len(value) == 1 else f"({inside})"
            case Mapping():
                return "{" + ", ".join(f"{self.literal(k)}: {self.literal(v)}" for k, v in value.items()) + "}"
            case _ if hasattr(value, "get_params"):
                return self.estimator(value)
            case _:
                raise NotExportable(f"{with_article(type(value).__name__)} cannot be written into a script")

    def estimator(self, estimator: Any) -> str:
        """A Python expression that constructs an unfitted estimator with its non-default parameters."""
        kind = type(estimator)
        if _is_included(kind):
            self.include(kind)
        else:
            self.require(f"from {kind.__module__.split('._')[0]} import {kind.__name__}")
        defaults = {n: p.default for n, p in inspect.signature(kind).parameters.items()}
        settings = {
            name: value
            for name, value in estimator.get_params(deep=False).items()
            if name not in defaults or repr(defaults[name]) != repr(value)
        }
        inside = ", ".join(f"{name}={self._setting(value)}" for name, value in settings.items())
        return f"{kind.__name__}({inside})"

    def _setting(self, value: Any) -> str:
        return self.estimator(value) if hasattr(value, "get_params") else self.literal(value)

    def include(self, function: Callable[..., Any]) -> None:
        """Include the source of a function or class of a module's package, and of all of those that it uses.

        Raises NotExportable if two functions have the same name.
        """
        if function.__name__ in self._definitions:
            if self._sources.get(function.__name__, function) is not function:
                raise NotExportable(f"two functions are named '{function.__name__}'", "Rename one of them.")
            return
        package = package_of(function.__module__)
        self._needs |= dict.fromkeys(package.requires if package else ())
        self._sources[function.__name__] = function
        self._definitions[function.__name__] = ""  # placeholder, to terminate recursion
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
        scope = vars(inspect.getmodule(function))
        for name in sorted({node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}):
            if name in scope:
                self._bring(name, scope[name])
        del self._definitions[function.__name__]
        self._definitions[function.__name__] = ast.unparse(_plain(tree))

    def _bring(self, name: str, value: Any) -> None:
        if isinstance(value, ModuleType):
            plain = value.__name__ == name
            self.require(f"import {name}" if plain else f"import {value.__name__} as {name}")
        elif inspect.isfunction(value) or inspect.isclass(value):
            if _is_included(value):
                self.include(value)
            elif value.__module__ not in ("builtins", "typing"):
                self.require(f"from {value.__module__.split('._')[0]} import {value.__name__}")
        elif isinstance(value, bool | int | float | str | tuple | list | dict) or value is None:
            line = f"{name} = {self.literal(value)}"
            if self._definitions.setdefault(name, line) != line:
                raise NotExportable(f"two things are named '{name}'", "Rename one of them.")

    @property
    def head(self) -> str:
        """The imports and the included functions."""
        imports = sorted(self._imports, key=lambda s: (s.startswith("from"), s))
        parts = ["from __future__ import annotations", "\n".join(imports), *self._definitions.values()]
        return "\n\n\n".join(part for part in parts if part)

    @property
    def needs(self) -> tuple[str, ...]:
        """The distributions that the script needs besides Designer's own libraries, in order."""
        return tuple(self._needs)

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of the body so far."""
        return tuple(self._lines)

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the files next to the script, in order."""
        return tuple(self._files)

    def __str__(self) -> str:
        return "\n\n\n".join(part for part in (self.head, "\n".join(self._lines).strip()) if part) + "\n"


def _is_included(value: Any) -> bool:
    """Whether a script gets the source of a function or class, since it may not import where it stands."""
    return value.__module__.startswith(_WORKSPACE) or brings_modules(value.__module__)


def _plain(tree: ast.Module) -> ast.Module:
    """Strip annotations, which name types that the script does not import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
            every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            for argument in every + [a for a in (node.args.vararg, node.args.kwarg) if a]:
                argument.annotation = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(value=None) if node.value is None else ast.Name(id="object")
    return tree
