"""Read attribute docstrings, the strings below annotated fields: the help of parameters.

Pydantic's `use_attribute_docstrings` locates the source of every class while the class is built, which dominated the
time to load the modules. Here each file is parsed once, on demand.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path


def field_docstrings(cls: type, root: type) -> dict[str, str]:
    """The attribute docstrings of a class and its bases up to `root` (exclusive); empty if there is no source."""
    docstrings: dict[str, str] = {}
    for owner in reversed(cls.__mro__[: cls.__mro__.index(root)]):
        docstrings |= _of_module(owner.__module__).get(owner.__qualname__, {})
    return docstrings


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
