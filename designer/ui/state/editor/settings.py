"""The settings of the selected node: fields from its declaration, columns in and out, its code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import reflex as rx

from designer.charts.metric_title import metric_title
from designer.contract.errors import DesignerError
from designer.contract.module import Spec
from designer.contract.ports import Port, PortType
from designer.contract.schema import Schema
from designer.contract.values import Known, LearnerOutline, ModelOutline
from designer.contract.wording.counting import counted, table_size
from designer.pipeline.graph import Node
from designer.pipeline.parameters import previewed
from designer.pipeline.walk import title_of
from designer.store.artifacts.values import Stored
from designer.store.computes import LOCAL
from designer.store.records import NodeRun
from designer.ui.library import library
from designer.ui.state.editor.code import code_of
from designer.ui.state.editor.fields import Field, fields_of
from designer.ui.state.editor.grid import number_text
from designer.ui.state.editor.pipeline import EditorState, ask, tell
from designer.ui.state.editor.typed import COMMENT, PARAMETER, edit_of
from designer.ui.views.prose import plain, sentence
from designer.ui.workbench import workbench
from designer.workbench.parameters import parameter_of

TABS = ("Settings", "Columns", "Outputs", "Code")


@dataclass(frozen=True)
class ColumnLine:
    """A column known before the run."""

    name: str
    kind: str
    role: str


@dataclass(frozen=True)
class PortColumns:
    """What is known about one port before a run."""

    node: str
    name: str
    title: str
    type: str
    side: str
    note: str
    columns: list[ColumnLine] = field(default_factory=list)


@dataclass(frozen=True)
class Metric:
    """One metric of an evaluation."""

    name: str
    value: str


@dataclass(frozen=True)
class PortResult:
    """The output of one port in the last run."""

    title: str
    type: str
    text: str
    address: str = ""
    metrics: list[Metric] = field(default_factory=list)


class SettingsState(EditorState):
    """What the settings panel shows."""

    tab: str = TABS[0]
    node: str = ""
    """The node that the panel shows; fields write to it even if another was selected meanwhile."""
    module: str = ""
    title: str = ""
    category: str = ""
    icon: str = ""
    description: str = ""
    comment: str = ""
    disabled: bool = False
    compute: str = ""
    """The compute that the node names."""
    pipeline_compute: str = ""
    """The compute that the pipeline names."""
    computes: rx.Field[list[str]] = rx.field(default_factory=list)
    """The computes of the workspace, and those that are named but not there."""
    default_compute: str = ""
    is_unnamed: bool = False
    """Whether the module is a program that only this pipeline knows."""
    fields: rx.Field[list[Field]] = rx.field(default_factory=list)
    problem: str = ""
    ports: rx.Field[list[PortColumns]] = rx.field(default_factory=list)
    results: rx.Field[list[PortResult]] = rx.field(default_factory=list)
    explain: str = ""
    failure: str = ""
    code: str = ""
    code_note: str = ""

    @rx.event
    def show_tab(self, tab: str) -> None:
        """Show one of the four tabs."""
        self.tab = tab if tab in TABS else TABS[0]
        self.refresh()

    @rx.event
    def write(self, node: str, name: str, typed: Any) -> Any:
        """Take what was typed into a field; the canvas turns it into an edit that can be undone."""
        return self._take_typed(f"{node}{PARAMETER}{name}", typed)

    def _take_typed(self, field: str, typed: Any) -> list[Any]:
        """Turn typed text into an edit; the canvas keeps the text until it is told that it was written."""
        operation = edit_of(self._pipeline.value, library(), field, typed)
        written = tell("written", field, str(typed))
        if operation is None:
            return [written]
        for name in operation.get("parameters", ()):
            self._show_at_once(operation["id"], name, typed)
        return [ask("edit", [operation], {"merge": f"set {field}"}), written]

    def _show_at_once(self, node: str, name: str, typed: Any) -> None:
        """Show the new value of a list or switch before the edit is confirmed."""
        fields = [
            replace(item, checked=typed) if item.editor == "switch" else replace(item, text=str(typed))
            for item in self.fields
            if (item.node, item.name) == (node, name)
        ]
        if fields:
            self.fields = [fields[0] if (f.node, f.name) == (node, name) else f for f in self.fields]

    @rx.event
    def promote(self, node: str, name: str, parameter: str = "") -> Any:
        """Make a field a pipeline parameter, a new one or an existing one."""
        return self._edited(
            lambda: workbench().parameters.promote(self._pipeline.value, str(node), str(name), str(parameter))
        )

    @rx.event
    def demote(self, node: str, name: str) -> Any:
        """Detach a field from its pipeline parameter."""
        return self._edited(lambda: workbench().parameters.demote(self._pipeline.value, str(node), str(name)))

    def _edited(self, operations: Callable[[], list[dict[str, Any]]]) -> Any:
        try:
            return ask("edit", operations())
        except DesignerError as error:
            return tell("notify", sentence(str(error)))

    @rx.event
    def write_comment(self, node: str, text: str) -> Any:
        """Take what was typed into the comment field."""
        return self._take_typed(f"{node}{COMMENT}", text)

    @rx.event
    def place(self, node: str, compute: str) -> Any:
        """Choose where the node runs, or with an empty id where the pipeline does; an empty name chooses nothing."""
        ids = {"ids": [str(node)]} if node else {}
        return ask("edit", [{"op": "compute", **ids, "compute": str(compute)[:200]}])

    @rx.event
    def rename(self, text: str) -> Any:
        """Rename the pipeline; an empty name restores the old one."""
        wanted = " ".join(str(text).split())[:500]
        if not wanted:
            return rx.set_value("pipeline-name", self.name)
        return ask("edit", [{"op": "rename", "name": wanted}]) if wanted != self.name else None

    def _take_run(self, run: str, node: NodeRun | None) -> None:
        """Show the selected node's result in the last run: explanation, failure and outputs."""
        spec = self._spec()
        outputs = node.outputs if node else {}
        ports = spec.outputs if spec else ()
        failed = node is not None and node.state in ("failed", "crashed")
        self._put(
            explain=node.explain if node and node.state in ("finished", "reused") else "",
            failure=str((node.error or {}).get("message", "")) if node and failed else "",
            results=[_result(port, outputs.get(port.name), run, self.selected) for port in ports],
        )

    def refresh(self) -> None:
        """Update the panel from the pipeline and the selection."""
        node, spec = self._node(), self._spec()
        self._put(**self._places(node))
        if node is None:
            self._put(module="", fields=[], ports=[])
            return
        self._put(node=node.id, module=node.module, comment=node.comment, disabled=node.disabled)
        self._put(is_unnamed="@" in node.module and workbench().editing.is_anonymous(node.module))
        self._put(title=title_of(node, library()))
        if spec is None:
            missing = f"The module '{node.module}' is not installed. Its settings and wires are kept."
            self._put(category="Not installed", icon="", description="", fields=[], ports=[], problem=missing)
            return
        self._put(category=spec.category, icon=spec.icon, description=plain(spec.description))
        self._put(fields=self._fields(node, spec))
        shown = {item.name for item in self.fields}
        problems = (str(p) for p in self._problems if p.node == node.id and p.parameter not in shown and not p.port)
        self._put(problem=next(problems, ""), ports=self._ports() if self.tab == "Columns" else [])
        if self.tab == "Code":
            code, note = code_of(self._pipeline.value, library(), self._known.value, node.id)
            self._put(code=code, code_note=note)

    def _places(self, node: Node | None) -> dict[str, Any]:
        """What the lists of computes show."""
        named, of_pipeline = node.compute if node else "", self._pipeline.value.compute
        known = [row.name for row in workbench().computes.all()]
        missing = [name for name in (named, of_pipeline) if name not in ("", LOCAL, *known)]
        return {
            "compute": named, "pipeline_compute": of_pipeline, "computes": list(dict.fromkeys([*known, *missing])),
            "default_compute": _place_in_words(workbench().computes.default()),
        }  # fmt: skip

    def _fields(self, node: Node, spec: Spec) -> list[Field]:
        schemas = {port.name: self._schema_into(port.name) for port in spec.inputs}
        editors = {parameter.editor for parameter in spec.parameters}
        names = workbench().datasets.names() if "dataset" in editors else []
        stores = workbench().datastores.holdings() if "datastore" in editors else {}
        bound = previewed(self._pipeline.value).nodes[node.id]
        return [self._with_parameter(each) for each in fields_of(bound, spec, schemas, self._problems, names, stores)]

    def _with_parameter(self, item: Field) -> Field:
        """The field with its pipeline parameter, or those that could fill it."""
        name = parameter_of(self._pipeline.value, item.node, item.name)
        if name:
            return replace(item, parameter=name)
        shareable = workbench().parameters.shareable(self._pipeline.value, item.node, item.name)
        return replace(item, can_promote=shareable is not None, shareable=shareable or [])

    def _schema_into(self, input: str) -> Schema | None:
        known = self._known.value.into(self._pipeline.value, self.selected, input)
        return known if isinstance(known, Schema) else None

    def _ports(self) -> list[PortColumns]:
        spec = self._spec()
        if spec is None:
            return []
        into = [
            _port(self.selected, p.name, p.title, str(p.type), "in",
                  self._known.value.into(self._pipeline.value, self.selected, p.name),
                  self._pipeline.value.into(self.selected, p.name) is not None)
            for p in spec.inputs
        ]  # fmt: skip
        known = self._known.value.outlets
        out = [
            _port(self.selected, p.name, p.title, str(p.type), "out", known.get((self.selected, p.name)))
            for p in spec.outputs
        ]
        return [*into, *out]


def _place_in_words(compute: str) -> str:
    return "this computer" if compute == LOCAL else compute


def _result(port: Port, document: dict[str, Any] | None, run: str, node: str) -> PortResult:
    if document is None:
        return PortResult(port.title, str(port.type), "Run the pipeline to see what comes out here.")
    stored = Stored.from_json(document)
    address = f"/runs/{run}/evaluate/{node}" if stored.kind is PortType.EVALUATION else ""
    models = stored.summary.get("models") or []
    first = models[0]["metrics"] if models else {}
    metrics = [
        Metric(metric_title(name), number_text(float(value))) for name, value in first.items() if value is not None
    ]
    return PortResult(port.title, str(port.type), in_words(stored), address, metrics)


def in_words(stored: Stored) -> str:
    """A stored value in one line."""
    if stored.rows is not None:
        return table_size(stored.rows, stored.columns or 0)
    parts = [str(stored.summary[name]) for name in ("name", "task") if stored.summary.get(name)]
    return ", ".join(parts) or f"This port carries: {stored.kind}."


def _port(node: str, name: str, title: str, type: str, side: str, known: Known, wired: bool = True) -> PortColumns:
    columns = [ColumnLine(c.name, str(c.kind), str(c.role)) for c in known] if isinstance(known, Schema) else []
    return PortColumns(node, name, title, type, side, known_in_words(known) if wired else "Not wired", columns)


def known_in_words(known: Known) -> str:
    """What is known about a port before a run, in one line."""
    match known:
        case Schema() if known.complete:
            return counted(len(known), "column")
        case Schema():
            return f"{counted(len(known), 'column')}, more after a run" if len(known) else "Known after a run"
        case LearnerOutline():
            return f"{known.name}, {str(known.task).lower()}"
        case ModelOutline():
            label = f", predicts {known.label.name}" if known.label else ""
            return f"{known.name}{label}"
        case _:
            return "Known after a run"
