"""Taking a training pipeline away as one plain script of pandas and scikit-learn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from designer.contract.errors import DesignerError, FileMissing, NotExportable
from designer.contract.library import Library
from designer.contract.schema import Schema
from designer.contract.script import Script, Variable
from designer.contract.sources import Sources, using
from designer.contract.values import Known
from designer.pipeline.graph import Node, Pipeline
from designer.pipeline.propagate import Outlet, Propagation, propagate


@dataclass(frozen=True)
class Part:
    """The lines that one node wrote. `table` is the variable that holds its first output, where that is a table."""

    title: str
    comment: str
    code: str
    table: str | None = None


@dataclass(frozen=True)
class PythonExport:
    """A script, and the tables it reads: CSV files that lie beside it, by name.

    `head` are its imports and functions, `parts` what each node wrote, in order.
    """

    script: str
    data: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    head: str = ""
    parts: tuple[Part, ...] = ()

    def write(self, target: Path, text: str | None = None) -> list[Path]:
        """Write the script, or another text made of its parts, and its data beside it; returns the files."""
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(self.script if text is None else text, encoding="utf-8")
            places = [target.parent / name for name in self.data]
            for place, table in zip(places, self.data.values(), strict=True):
                table.to_csv(place, index=False)
        except OSError as error:
            raise FileMissing(f"'{target}' cannot be written ({error.strerror})", "Choose another path.") from error
        return [target, *places]


def export_python(
    pipeline: Pipeline, library: Library, sources: Sources, observed: Mapping[Outlet, Known] | None = None
) -> PythonExport:
    """Write a pipeline as a script that needs only pandas and scikit-learn and prints the same metrics.

    `observed` are the schemas that a run left, for columns that only a run can tell. Raises NotExportable naming the
    node that cannot be written.
    """
    if pipeline.kind != "training":
        raise NotExportable("this is an inference pipeline, whose models have no source",
                            "Export its training pipeline, or export this one to ONNX.")  # fmt: skip
    script = _Recorder()
    variables: dict[Outlet, Variable] = {}
    data: dict[str, pd.DataFrame] = {}
    parts: list[Part] = []
    with using(sources):
        known = propagate(pipeline, library, observed)
        for id in pipeline.order():
            node = pipeline.nodes[id]
            calls, before = len(script.strings), len(script.lines)
            written = _written(pipeline, node, library, known, variables, script)
            variables |= written
            if len(script.lines) > before:
                parts.append(_part(node, library, script.lines[before:], written))
            if not pipeline.incoming(id):
                data |= _data(node, library, script.strings[calls:])
    return PythonExport(_headed(pipeline, str(script), bool(data)), data, script.head, tuple(parts))


class _Recorder(Script):
    """A script that remembers the texts that were handed to functions, so that its data files are known."""

    def __init__(self) -> None:
        super().__init__()
        self.strings: list[str] = []

    def call(self, function: Callable[..., Any], *arguments: Any, result: str = "result", **named: Any) -> str:
        """Remember the first argument where it is text."""
        self.strings += [argument for argument in arguments[:1] if isinstance(argument, str)]
        return super().call(function, *arguments, result=result, **named)


def _written(
    pipeline: Pipeline,
    node: Node,
    library: Library,
    known: Propagation,
    variables: Mapping[Outlet, Variable],
    script: Script,
) -> dict[Outlet, Variable]:
    module = library[node.module]
    spec = module.spec()
    if node.disabled:
        return _passed_through(pipeline, node, library, variables)
    inputs = {e.input: variables[e.source, e.output] for e in pipeline.incoming(node.id)}
    title = node.title or spec.title
    script.comment(_said(node, title))
    try:
        answer = library.read(node.module, node.version, node.parameters).to_python(script, **inputs)
    except DesignerError as error:
        raise error.at(node=node.id, module=title) from None
    names = zip(spec.outputs, answer or (), strict=False)
    return {(node.id, port.name): Variable(str(name), known.outlets.get((node.id, port.name))) for port, name in names}


def _part(node: Node, library: Library, lines: Sequence[str], written: Mapping[Outlet, Variable]) -> Part:
    """What a node wrote, without the comment above it that says its title."""
    title = node.title or library[node.module].spec().title
    above = 1 + len(_said(node, title).splitlines())  # an empty line and the comment
    code = "\n".join(lines[above:]).strip()
    table = next((v.name for v in list(written.values())[:1] if isinstance(v.known, Schema)), None)
    return Part(title, node.comment, code, table)


def _said(node: Node, title: str) -> str:
    return f"{title}: {node.comment}" if node.comment else title


def _passed_through(
    pipeline: Pipeline, node: Node, library: Library, variables: Mapping[Outlet, Variable]
) -> dict[Outlet, Variable]:
    """A node that is switched off hands its first input of the same type on."""
    spec = library[node.module].spec()
    passed: dict[Outlet, Variable] = {}
    for output in spec.outputs:
        wires = (pipeline.into(node.id, port.name) for port in spec.inputs if port.type is output.type)
        wire = next((wire for wire in wires if wire is not None), None)
        if wire is not None:
            passed[node.id, output.name] = variables[wire.source, wire.output]
    return passed


def _data(node: Node, library: Library, strings: list[str]) -> dict[str, pd.DataFrame]:
    """The table that a node without inputs reads, where its part of the script reads a file."""
    name = next((text for text in strings if text.endswith(".csv") and "\n" not in text), None)
    if name is None:
        return {}
    table = library.read(node.module, node.version, node.parameters).run()
    return {name: table}


def _headed(pipeline: Pipeline, script: str, reads_files: bool) -> str:
    """The script with a docstring, and run from where its data lies."""
    name = pipeline.name.replace("\\", " ").replace('"""', "'''")
    head = f'"""{name}\n\nNeeds only pandas and scikit-learn. Written by Designer.\n"""\n\n'
    if not reads_files:
        return head + script
    first, _, rest = script.partition("\n")
    folder = "os.chdir(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__)))"
    imports = f"import os\nimport sys\n\n{folder}  # where the data lies\n"
    return f"{head}{first}\n\n{imports}{rest}" if first.startswith("from __future__") else f"{head}{imports}\n{script}"
