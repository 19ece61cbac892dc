"""Scoring rows by running the modules of an inference pipeline in order, in this process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import pandas as pd

from designer.contract.errors import DesignerError
from designer.contract.library import Library
from designer.contract.module import Module
from designer.contract.ports import PortType
from designer.contract.schema import Role, Schema
from designer.contract.sources import Sources, using
from designer.contract.values import Known
from designer.contract.values import outline as outline_of
from designer.inference.outline import Outlet, by_port, module_of, outline, title_of
from designer.inference.path import INPUT, OUTPUT, NotRewritable, entry_of, scoring_steps
from designer.inference.rows import RowReader, rows_of
from designer.pipeline.graph import Pipeline


@dataclass(frozen=True)
class Doors:
    """Where rows enter an inference pipeline and answers leave it, with the names that requests use."""

    entry: Outlet
    exit: Outlet
    input_name: str = "WebServiceInput0"
    output_name: str = "WebServiceOutput0"


@dataclass(frozen=True)
class Loaded:
    """An inference pipeline with everything that does not depend on a request computed."""

    pipeline: Pipeline
    doors: Doors
    steps: Mapping[str, Module]
    """The steps that each request runs, in order."""
    values: Mapping[Outlet, Any]
    known: Mapping[Outlet, Known]
    schema: Schema

    @property
    def output(self) -> Schema:
        """What is known of the answer's columns."""
        known = self.known.get(self.doors.exit)
        return known if isinstance(known, Schema) else Schema.unknown()


def doors_of(pipeline: Pipeline, library: Library) -> Doors:
    """The doors: the web service nodes, or in a batch pipeline the dataset and the scoring step."""
    inputs = [node for node in pipeline.nodes.values() if node.module == INPUT and not node.disabled]
    outputs = [node for node in pipeline.nodes.values() if node.module == OUTPUT and not node.disabled]
    if len(inputs) > 1 or len(outputs) > 1:
        extra = (inputs if len(inputs) > 1 else outputs)[1]
        raise NotRewritable("one input and one output are served", "Remove the other.").at(
            node=extra.id, module=title_of(extra, library)
        )
    steps = scoring_steps(pipeline, library)
    if not (inputs and outputs) and not steps:
        raise NotRewritable("this pipeline does not score rows", "Create an inference pipeline first.")
    entry = (inputs[0].id, _only_output(pipeline, inputs[0].id, library)) if inputs else entry_of(
        pipeline, steps[0], library
    )  # fmt: skip
    leaving = pipeline.incoming(outputs[0].id) if outputs else []
    if outputs and not leaving:
        raise NotRewritable("nothing is wired to it", "Wire the scored rows to it.").at(node=outputs[0].id)
    exit = (leaving[0].source, leaving[0].output) if leaving else (steps[0].id, steps[0].output)
    names = [node[0].parameters.get("name") if node else None for node in (inputs, outputs)]
    return Doors(entry, exit, names[0] or "WebServiceInput0", names[1] or "WebServiceOutput0")


def load(pipeline: Pipeline, library: Library, sources: Sources, schema: Schema | None = None) -> Loaded:
    """Read the steps of an inference pipeline and compute what no request changes.

    Raises the error of the first node that cannot be read or computed. `schema` overrides the columns of the entry.
    """
    doors = doors_of(pipeline, library)
    needed = pipeline.ancestors(doors.exit[0]) | {doors.exit[0]}
    graph = pipeline.subgraph(needed)
    if doors.entry[0] not in needed:
        raise NotRewritable("no request reaches the answer", "Wire Web Service Input to the scoring step.")
    moving = graph.descendants(doors.entry[0])
    values: dict[Outlet, Any] = {}
    with using(sources):
        for id in (id for id in graph.order() if id not in moving and id != doors.entry[0]):
            values |= _computed(graph, id, values, library)
        known: dict[Outlet, Known] = {outlet: outline_of(value) for outlet, value in values.items()}
        if schema is not None:
            known[doors.entry] = schema
        known = outline(graph, library, known)
    entry = known[doors.entry]
    if not isinstance(entry, Schema) or not entry.complete:
        raise NotRewritable("its columns are not known", "Create the inference pipeline from a finished run.").at(
            node=doors.entry[0]
        )
    steps = {id: _step(graph, id, library) for id in graph.order() if id in moving}
    return Loaded(graph, doors, steps, values, known, entry)


class Scorer:
    """Scores rows with scikit-learn, module by module."""

    engine = "scikit-learn"

    def __init__(self, loaded: Loaded, sources: Sources) -> None:
        self.loaded = loaded
        self.schema = loaded.schema
        self._sources = sources
        self._reader = RowReader(loaded.schema, limit=None)

    @classmethod
    def load(cls, pipeline: Pipeline, library: Library, sources: Sources, schema: Schema | None = None) -> Self:
        """A scorer of an inference pipeline; raises the error of the first node that cannot be loaded."""
        return cls(load(pipeline, library, sources, schema), sources)

    @property
    def score_names(self) -> list[str]:
        """The columns that scoring adds."""
        return self.loaded.output.with_role(Role.SCORE)

    def score(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Score rows of JSON values; raises RefusedRequest for bad rows, and the error of a step that fails."""
        return rows_of(self.score_rows(rows))

    def score_rows(self, rows: list[dict[str, Any]]) -> pd.DataFrame:
        """Score rows of JSON values into a table."""
        return self.score_frame(self._reader.frame(self._reader.read(rows)))

    def score_frame(self, table: pd.DataFrame) -> pd.DataFrame:
        """Score a table with the columns of the entry."""
        loaded = self.loaded
        values: dict[Outlet, Any] = {**loaded.values, loaded.doors.entry: self.schema.attach(table.copy(deep=False))}
        with using(self._sources):
            for id, step in loaded.steps.items():
                inputs = {e.input: values[e.source, e.output] for e in loaded.pipeline.incoming(id)}
                values |= self._run(id, step, inputs)
        answer: pd.DataFrame = values[loaded.doors.exit]
        return answer

    def _run(self, id: str, step: Module, inputs: Mapping[str, Any]) -> dict[Outlet, Any]:
        try:
            outputs = by_port(type(step), step.run(**inputs))
        except DesignerError as error:
            raise error.at(node=id, module=step.spec().title) from None
        for name, value in outputs.items():
            known = self.loaded.known.get((id, name))
            if isinstance(value, pd.DataFrame) and isinstance(known, Schema):
                known.attach(value)
        return {(id, name): value for name, value in outputs.items()}


def _computed(graph: Pipeline, id: str, values: Mapping[Outlet, Any], library: Library) -> dict[Outlet, Any]:
    inputs = {e.input: values[e.source, e.output] for e in graph.incoming(id)}
    try:
        step = _step(graph, id, library)
        outputs = by_port(type(step), step.run(**inputs))
    except DesignerError as error:
        raise error.at(node=id, module=title_of(graph.nodes[id], library)) from None
    return {(id, name): value for name, value in outputs.items()}


def _step(graph: Pipeline, id: str, library: Library) -> Module:
    node = graph.nodes[id]
    try:
        return library.read(node.module, node.version, node.parameters)
    except DesignerError as error:
        raise error.at(node=id, module=title_of(node, library)) from None


def _only_output(pipeline: Pipeline, id: str, library: Library) -> str:
    ports = module_of(pipeline.nodes[id], library).spec().outputs
    return next(port.name for port in ports if port.type is PortType.TABLE)
