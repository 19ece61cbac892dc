"""The operations on the outputs of steps."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from designer.api.operation import ARROW, Answer, Call, Operation
from designer.api.tables import VALUE_TYPES, value_answer
from designer.contract.errors import FileMissing
from designer.contract.ports import PortType
from designer.contract.wording.closeness import closest
from designer.store.artifacts.tables import write_table
from designer.store.artifacts.values import Stored
from designer.store.records import NodeRun
from designer.workbench.workbench import Workbench


class OutputQuery(BaseModel):
    """Of a table: only its first rows, as Arrow."""

    model_config = ConfigDict(extra="forbid")
    rows: int | None = Field(None, ge=0, le=100_000)


def step_of(bench: Workbench, run: str, step: str) -> NodeRun:
    """A step of a run. Raises FileMissing with the close one."""
    found = bench.runs.find(run)
    row = bench.runs.node(found.id, step)
    if row is None:
        raise FileMissing(f"the run has no step '{step}'", closest(step, bench.runs.nodes(found.id), "Steps are"))
    return row


def output_of(bench: Workbench, run: str, step: str, port: str) -> tuple[NodeRun, Stored]:
    """An output of a step of a run. Raises FileMissing with the close one."""
    row = step_of(bench, run, step)
    if port not in row.outputs:
        problem = f"{row.title} ({row.state}) has no output '{port}'"
        raise FileMissing(problem, closest(port, row.outputs, "Outputs are"))
    return row, Stored.from_json(row.outputs[port])


def output(call: Call) -> Answer:
    """An output as a file."""
    query: OutputQuery = call.query
    row, stored = output_of(call.bench, call.path["run"], call.path["step"], call.path["port"])
    name = f"{row.node}-{call.path['port']}"
    if query.rows is not None and stored.kind is PortType.TABLE:
        return _first_rows(call.bench, stored, query.rows, name)
    return value_answer(call.bench.workspace, stored, call.headers.get("accept", ""), name)


def _first_rows(bench: Workbench, stored: Stored, rows: int, name: str) -> Answer:
    workspace = bench.workspace
    place = workspace.new_folder(workspace.uploads) / f"{name}.arrow"
    write_table(bench.runs.rows(stored, 0, rows), place)
    return Answer(place, media=ARROW, is_temporary=True)


OPERATIONS = (
    Operation("GET", "/runs/{run}/steps/{step}/outputs/{port}", "Download an output of a step", output,
              query=OutputQuery, answers={200: VALUE_TYPES}, refusals=(406, 409, 410)),
)  # fmt: skip
