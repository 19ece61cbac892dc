"""The strings under annotated fields: the help of parameters.

Pydantic can read them too, but it looks for the source of each class anew, while the class is made; that took most of
the time of loading the modules. Here a file is parsed once, when somebody asks.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path


def field_docstrings(cls: type, root: type) -> dict[str, str]:
    """The string below each annotated field of a class and of its parents below `root`, where there is a source."""
    found: dict[str, str] = {}
    for owner in reversed(cls.__mro__[: cls.__mro__.index(root)]):
        found |= _of_module(owner.__module__).get(owner.__qualname__, {})
    return found


@cache
def _of_module(name: str) -> Mapping[str, Mapping[str, str]]:
    file = getattr(sys.modules.get(name), "__file__", None)
    if not file or not file.endswith(".py"):
        return {}
    return dict(_classes(ast.parse(Path(file).read_bytes()), ""))


def _classes(tree: ast.AST, prefix: str) -> Iterator[tuple[str, dict[str, str]]]:
    statements = (node for node in ast.iter_child_nodes(tree) if isinstance(node, ast.stmt))
    for node in statements:
        match node:
            case ast.ClassDef():
                yield f"{prefix}{node.name}", dict(_fields(node))
                yield from _classes(node, f"{prefix}{node.name}.")
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from _classes(node, f"{prefix}{node.name}.<locals>.")
            case _:
                yield from _classes(node, prefix)


def _fields(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for above, below in zip(node.body, node.body[1:], strict=False):
        match above, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                yield name, inspect.cleandoc(text)
            case _:
                pass
