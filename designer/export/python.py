"""Export a training pipeline as one plain pandas and scikit-learn script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError, FileMissing, NotExportable
from designer.contract.files.sources import Sources, using
from designer.contract.schema import Schema
from designer.contract.script import Script, Variable
from designer.contract.values import Known
from designer.contract.written_text import missing_mark, write_delimited
from designer.pipeline.graph import Pipeline
from designer.pipeline.parameters import bound
from designer.pipeline.propagate import Propagation, propagate
from designer.pipeline.walk import Outlet, Visit, visits, walk


@dataclass(frozen=True)
class Part:
    """The code that one node wrote. `table` is the variable of its first output, if that is a table."""

    title: str
    comment: str
    code: str
    table: str | None = None


@dataclass(frozen=True)
class PythonExport:
    """A script, and the tables that it reads: CSV files in the same folder, by name.

    `head` is its imports and functions, `parts` the code of each node, in order.
    """

    script: str
    data: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    head: str = ""
    parts: tuple[Part, ...] = ()
    needs: str = ""
    """The libraries that it needs, in a sentence."""

    def write(self, target: Path, text: str | None = None) -> list[Path]:
        """Write the script, or another text made of its parts, and its data into the same folder; returns the files.

        Raises FileMissing where they cannot be written.
        """
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(self.script if text is None else text, encoding="utf-8")
            places = [target.parent / name for name in self.data]
            for place, table in zip(places, self.data.values(), strict=True):
                write_delimited(table, place, missing=missing_mark(table))
        except OSError as error:
            raise FileMissing(f"'{target}' cannot be written ({error.strerror})", "Choose another path.") from error
        return [target, *places]


def export_python(
    pipeline: Pipeline, library: Library, sources: Sources, observed: Mapping[Outlet, Known] | None = None
) -> PythonExport:
    """Export a pipeline as a script that needs only pandas, scikit-learn and what the packages of its modules
    require, and prints the same metrics.

    `observed` are the schemas from a run, for columns that only a run can determine. Raises NotExportable naming the
    node that cannot be written.
    """
    if pipeline.kind != "training":
        raise NotExportable("this is an inference pipeline, whose models have no source",
                            "Export its training pipeline, or export this one to ONNX.")  # fmt: skip
    pipeline, script = bound(pipeline), Script()
    data: dict[str, pd.DataFrame] = {}
    parts: list[Part] = []
    with using(sources):
        propagation = propagate(pipeline, library, observed)

        def read(visit: Visit, inputs: Mapping[str, Variable]) -> dict[str, Variable]:
            before, files = len(script.lines), len(script.files)
            written = _written(visit, inputs, propagation, script)
            if len(script.lines) > before:
                parts.append(_part(visit, script.lines[before:], written))
            data.update({name: visit.instance().run() for name in script.files[files:]})
            return written

        walk(visits(pipeline, library), read)
    *libraries, last = ("pandas", "scikit-learn", *script.needs)
    needs = f"Needs only {', '.join(libraries)} and {last}."
    return PythonExport(_headed(pipeline, str(script), needs, bool(data)), data, script.head, tuple(parts), needs)


def _written(
    visit: Visit, inputs: Mapping[str, Variable], propagation: Propagation, script: Script
) -> dict[str, Variable]:
    if "to_python" in visit.spec.readings:  # report a missing plain form before missing wires
        visit.require_wiring()
    script.comment(_heading(visit))
    try:
        answer = visit.instance().to_python(script, **inputs)
    except DesignerError as error:
        raise visit.located(error) from None
    names = zip(visit.spec.outputs, answer or (), strict=False)
    return {port.name: Variable(str(name), propagation.outlets.get((visit.id, port.name))) for port, name in names}


def _part(visit: Visit, lines: Sequence[str], written: Mapping[str, Variable]) -> Part:
    """The code of a node, without the comment above it that gives its title."""
    above = 1 + len(_heading(visit).splitlines())  # an empty line and the comment
    code = "\n".join(lines[above:]).strip()
    table = next((v.name for v in list(written.values())[:1] if isinstance(v.known, Schema)), None)
    return Part(visit.title, visit.node.comment, code, table)


def _heading(visit: Visit) -> str:
    return f"{visit.title}: {visit.node.comment}" if visit.node.comment else visit.title


def _headed(pipeline: Pipeline, script: str, needs: str, reads_files: bool) -> str:
    """Add a docstring to the script, and change to the folder of its data."""
    name = pipeline.name.replace("\\", " ").replace('"""', "'''")
    head = f'"""{name}\n\n{needs} Written by Designer.\n"""\n\n'
    if not reads_files:
        return head + script
    first, _, rest = script.partition("\n")
    folder = "os.chdir(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__)))"
    imports = f"import os\nimport sys\n\n{folder}  # where the data lies\n"
    return f"{head}{first}\n\n{imports}{rest}" if first.startswith("from __future__") else f"{head}{imports}\n{script}"
