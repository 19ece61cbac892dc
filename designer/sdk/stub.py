"""Types of the functions of `designer.sdk.modules`, for editors and type checkers: `python -m designer.sdk.stub`."""

from __future__ import annotations

import keyword
import sys
from collections.abc import Iterable, Iterator

from designer.contract.catalogue.library import Library
from designer.contract.module import Spec
from designer.contract.parameters import Parameter as Setting
from designer.export.literals import literal
from designer.export.sdk import RESERVED
from designer.pipeline.assembly import function_name
from designer.sdk.calls import documentation
from designer.sdk.steps import plain

_HEAD = '''"""One function for each module. Generated from the library: `make docs`."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from designer.contract.selection import Columns
from designer.sdk.parameters import Parameter
from designer.sdk.steps import Output, Step, Wire
'''
_WIDE = 88


def stub(library: Library) -> str:
    """The stub file of a library's modules."""
    specs = sorted((module.spec() for module in library), key=lambda spec: function_name(spec.id))
    return "\n".join([_HEAD, *(line for spec in specs for line in _lines(spec))])


def _lines(spec: Spec) -> Iterator[str]:
    result = f"_{''.join(part.capitalize() for part in spec.id.split('-'))}"
    yield f"class {result}(Step):"
    outputs = [port.name for port in spec.outputs if _is_attribute(port.name)]
    yield from (f"    {name}: Output" for name in outputs)
    yield from [] if outputs else ["    ..."]
    yield ""
    yield f"def {function_name(spec.id)}("
    yield from (f"    {argument}," for argument in _arguments(spec))
    yield f") -> {result}:"
    yield from _docstring(documentation(spec))
    yield ""


def _arguments(spec: Spec) -> Iterator[str]:
    both = {port.name for port in spec.inputs if spec.parameter(port.name) is not None}
    is_open = False
    for port in spec.inputs:
        is_open = is_open or port.optional or port.name in both
        value = spec.parameter(port.name)
        also = f" | {_type(value)}" if value is not None else ""
        yield f"{port.name}: Wire{' | None' if is_open else ''}{also}{' = ...' if is_open else ''}"
    parameters = [each for each in spec.parameters if each.name not in both and not keyword.iskeyword(each.name)]
    if parameters:
        yield "*"
    for parameter in parameters:
        default = plain(parameter.default, parameter.name)
        shown = literal(default) if isinstance(default, bool | int | float | str | None) else "..."
        short = shown if len(shown) <= _WIDE and "\n" not in shown else "..."
        yield f"{parameter.name}: {_type(parameter)} = {short}"


def _type(parameter: Setting) -> str:
    match parameter.editor:
        case "number":
            kind = "int" if parameter.integer else "float"
        case "switch":
            kind = "bool"
        case "choice":
            kind = (
                f"Literal[{', '.join(literal(choice) for choice in parameter.choices)}]" if parameter.choices else "Any"
            )
        case "columns":
            kind = "Columns | Sequence[str] | Mapping[str, Any]"
        case "column" | "text" | "lines" | "code" | "dataset" | "datastore" | "file":
            kind = "str" if isinstance(parameter.default, str | None) else "Any"
        case "table":
            kind = "Any"
    return f"{kind} | None | Parameter" if parameter.optional or parameter.default is None else f"{kind} | Parameter"


def _docstring(text: str) -> Iterable[str]:
    first, *rest = text.replace("\\", "\\\\").replace('"""', "'''").split("\n")
    lines = [f"    {line}".rstrip() for line in rest]
    return [f'    """{first}', *lines, '    """'] if lines else [f'    """{first}"""']


def _is_attribute(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name) and name not in RESERVED


if __name__ == "__main__":
    sys.stdout.write(stub(Library.scan()))
