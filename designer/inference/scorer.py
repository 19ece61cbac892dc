"""Score rows by running the modules of an inference pipeline in order, in this process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError, InvalidValues
from designer.contract.files.sources import Sources, using
from designer.contract.module import Module
from designer.contract.schema import Role, Schema, bare
from designer.contract.values import Known
from designer.contract.values import outline as outline_of
from designer.inference.doors import Doors, doors_of
from designer.inference.outline import outline
from designer.inference.path import NotRewritable, scoring_steps
from designer.inference.rows import RowReader, rows_of
from designer.pipeline.graph import Pipeline
from designer.pipeline.walk import Outlet, Visit, by_output, visits, walk
from designer.pipeline.wires import misfit

MOST_REFUSED = 64
"""If more consecutive rows than this are all refused, the pipeline is considered to have failed."""


@dataclass(frozen=True)
class Loaded:
    """An inference pipeline with everything computed that does not depend on a request."""

    pipeline: Pipeline
    doors: Doors
    visits: tuple[Visit, ...]
    """The nodes that each request goes through, in order."""
    steps: Mapping[str, Module]
    """The modules of the nodes in `visits` that are enabled."""
    values: Mapping[Outlet, Any]
    outlines: Mapping[Outlet, Known]
    schema: Schema
    echoes: bool = False
    """Whether an answer is the request row with its scores added: if the exit is the scoring step and that keeps the
    columns of its table. Otherwise an answer is the output of the exit step."""

    @property
    def output(self) -> Schema:
        """The schema of the answer, as far as it is known."""
        schema = self.outlines.get(self.doors.exit)
        return schema if isinstance(schema, Schema) else Schema.unknown()

    @property
    def score_names(self) -> list[str]:
        """The names of the score columns."""
        return self.output.with_role(Role.SCORE)

    def scores_among(self, names: Iterable[str]) -> list[str]:
        """The score columns of an answer: those known from the schema, else those not in the exit step's input."""
        if self.score_names:
            return self.score_names
        inputs = [self.outlines.get((e.source, e.output)) for e in self.pipeline.incoming(self.doors.exit[0])]
        before = {name for schema in inputs if isinstance(schema, Schema) for name in schema.names}
        columns = list(names)
        return [name for name in columns if name not in before] or columns


def load(pipeline: Pipeline, library: Library, sources: Sources, schema: Schema | None = None) -> Loaded:
    """Instantiate the steps of an inference pipeline and compute everything that does not depend on a request.

    `schema` overrides the columns of the entry. Raises the error of the first node that cannot be read or computed, and
    NotRewritable if requests do not reach the answer or their columns are not known.
    """
    doors = doors_of(pipeline, library)
    needed = pipeline.ancestors(doors.exit[0]) | {doors.exit[0]}
    graph = pipeline.subgraph(needed)
    # A module that was replaced since the pipeline was made may have other ports.
    for edge in pipeline.edges:
        if unfit := misfit(pipeline, edge, library):
            raise unfit.error
    if doors.entry[0] not in needed:
        raise NotRewritable("no request reaches the answer", "Wire Web Service Input to the scoring step.")
    moving = graph.descendants(doors.entry[0])
    still = [visit for visit in visits(graph, library) if visit.id not in moving and visit.id != doors.entry[0]]
    with using(sources):
        values = walk(still, lambda visit, inputs: _run(visit, visit.instance(), inputs))
        outlines: dict[Outlet, Known] = {outlet: outline_of(value) for outlet, value in values.items()}
        if schema is not None:
            outlines[doors.entry] = schema
        outlines = outline(graph, library, outlines)
    entry = outlines[doors.entry]
    if not isinstance(entry, Schema) or not entry.complete:
        raise NotRewritable("its columns are not known", "Create the inference pipeline from a finished run.").at(
            node=doors.entry[0]
        )
    requested = tuple(visit for visit in visits(graph, library) if visit.id in moving)
    steps = {visit.id: visit.instance() for visit in requested if not visit.node.disabled}
    # A user's code may reorder rows, so that scores joined to the request rows could belong to others.
    is_plain = not any(step.spec().abilities.runs_code for step in steps.values())
    echoes = is_plain and _keeps_its_table(graph, doors, outlines, library)
    return Loaded(graph, doors, requested, steps, values, outlines, entry, echoes)


def _keeps_its_table(graph: Pipeline, doors: Doors, outlines: Mapping[Outlet, Known], library: Library) -> bool:
    """Whether the exit is a scoring step whose output includes the columns of its input table."""
    step = next((s for s in scoring_steps(graph, library) if (s.id, s.output) == doors.exit), None)
    edge = graph.into(step.id, step.table) if step else None
    before, after = outlines.get((edge.source, edge.output)) if edge else None, outlines.get(doors.exit)
    return isinstance(before, Schema) and isinstance(after, Schema) and set(before.names) <= set(after.names)


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
        """Load an inference pipeline. Raises the error of the first node that cannot be loaded."""
        return cls(load(pipeline, library, sources, schema), sources)

    def score(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Score rows of JSON values. Raises RefusedRequest for invalid rows, and the error of a step that fails."""
        return rows_of(self.score_rows(rows))

    def score_rows(self, rows: list[dict[str, Any]]) -> pd.DataFrame:
        """Score rows of JSON values into a table."""
        return self.score_frame(self._reader.frame(self._reader.read(rows)))

    def score_frame(self, table: pd.DataFrame) -> pd.DataFrame:
        """Score a table with the columns of the entry. A row that a step refuses (InvalidValues) gets missing cells."""
        try:
            return self._walked(table)
        except InvalidValues as error:
            return self._without_refused(table, error)

    def _without_refused(self, table: pd.DataFrame, error: InvalidValues) -> pd.DataFrame:
        """The answers, missing for the rows that cause the error; raises it if it is not caused by single rows."""
        is_bad = np.zeros(len(table), dtype=bool)
        is_bad[self._refused(table, error)] = True
        stand_in = table.iloc[[int(np.argmin(is_bad))]] if not is_bad.all() else self._plain_row(table)
        places = np.where(is_bad, len(table), np.arange(len(table)))
        try:
            answer = self._walked(pd.concat([table, stand_in]).iloc[places].reset_index(drop=True))
        except InvalidValues:
            raise error from None
        if len(answer) != len(table):  # answers cannot be matched to rows
            raise error
        return answer.assign(**{str(name): without(answer[name], is_bad) for name in answer})

    def _refused(self, table: pd.DataFrame, error: InvalidValues) -> list[int]:
        """The positions of the rows that cannot be scored, found by bisection."""
        if len(table) == 1:
            return [0]
        half, positions = len(table) // 2, list[int]()
        for start, part in ((0, table.iloc[:half]), (half, table.iloc[half:])):
            try:
                self._walked(part)
            except InvalidValues as refusal:
                refused = self._refused(part, refusal)
                if len(refused) == len(part) > MOST_REFUSED:
                    raise error from None
                positions += [start + row for row in refused]
        return positions

    def _plain_row(self, table: pd.DataFrame) -> pd.DataFrame:
        """The first row with its numbers set to zero."""
        first = table.iloc[[0]]
        names = [column.name for column in self.schema if column.kind.is_numeric]
        return first.assign(**{name: pd.Series([0], first.index, dtype=first[name].dtype) for name in names})

    def _walked(self, table: pd.DataFrame) -> pd.DataFrame:
        loaded = self.loaded
        inputs = {**loaded.values, loaded.doors.entry: self.schema.attach(table.copy(deep=False))}
        with using(self._sources):
            values = walk(loaded.visits, self._read, inputs)
        answer: pd.DataFrame = values[loaded.doors.exit]
        return self._joined(table, answer) if loaded.echoes and len(answer) == len(table) else answer

    def _joined(self, table: pd.DataFrame, answer: pd.DataFrame) -> pd.DataFrame:
        """The request rows joined with their scores."""
        scores = bare(answer)[self.loaded.scores_among(map(str, answer.columns))].set_axis(table.index)
        return pd.concat([bare(table).drop(columns=[name for name in scores if name in table]), scores], axis=1)

    def _read(self, visit: Visit, inputs: Mapping[str, Any]) -> dict[str, Any]:
        outputs = _run(visit, self.loaded.steps[visit.id], inputs)
        for name, value in outputs.items():
            schema = self.loaded.outlines.get((visit.id, name))
            if isinstance(value, pd.DataFrame) and isinstance(schema, Schema):
                schema.attach(value)
        return outputs


def without(answer: pd.Series[Any], is_missing: np.ndarray[Any, Any]) -> pd.Series[Any]:
    """A column with some cells set to missing; integers and booleans are cast to nullable types."""
    match str(answer.dtype):
        case "int64":
            answer = answer.astype("Int64")
        case "bool":
            answer = answer.astype("boolean")
        case _:
            pass
    return answer.mask(is_missing)


def _run(visit: Visit, step: Module, inputs: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return by_output(type(step), step.run(**inputs))
    except DesignerError as error:
        raise visit.located(error) from None
