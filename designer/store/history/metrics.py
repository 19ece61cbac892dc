"""Metrics that steps log while they run, by run, step and name."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Text, cast, delete, insert, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from designer.store.database import Database
from designer.store.records import Metric, NodeRun

POINTS = 10_000
"""The most values kept of one metric of a step; then every second one is dropped, and so on."""

_FIELDS = ("sequence", "step", "value", "text", "at")

_NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
"""The numbers that are kept by their name, as JSON has none for them."""

Place = tuple[str, str]
"""A node of a run: the two ids."""


@dataclass(frozen=True)
class Point:
    """One logged value, a number or a text; `sequence` counts from 0, `step` is what the program gave."""

    sequence: int
    step: int | None
    value: float | None
    text: str | None
    at: float

    @property
    def number(self) -> float | None:
        """The value as a number, which may be NaN or infinite; None for a text."""
        return self.value if self.text is None else _NOT_FINITE.get(self.text)


@dataclass(frozen=True)
class Series:
    """The values of one metric of one node, in the order in which they were logged."""

    node: str
    name: str
    points: tuple[Point, ...]

    @property
    def last(self) -> float | str | None:
        """The newest value."""
        return self.points[-1].value if self.points[-1].text is None else self.points[-1].text

    @property
    def is_curve(self) -> bool:
        """Whether there is more than one value, and all are numbers."""
        return len(self.points) > 1 and all(point.number is not None for point in self.points)

    def values(self) -> list[float]:
        """The number of each point, which may be NaN or infinite; of a curve."""
        return [point.number for point in self.points if point.number is not None]

    @property
    def count(self) -> int:
        """How many values were logged; more than there are points if every second one was dropped."""
        return self.points[-1].sequence + 1

    @property
    def every(self) -> int:
        """1 if all values are kept, 2 if every second one, and so on."""
        return self.points[1].sequence - self.points[0].sequence if len(self.points) > 2 else 1

    def steps(self) -> list[int]:
        """The step of each point; its sequence where the program gave none."""
        return [point.sequence if point.step is None else point.step for point in self.points]


@dataclass(frozen=True)
class _Source:
    """A node of a run that logged metrics, with their newest values."""

    run_id: str
    node: str
    logged: Mapping[str, float | str]


class Metrics:
    """The logged metrics of a workspace.

    A reused node has the metrics of the run that computed its result.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_run(self, run_id: str, node: str | None = None) -> list[Series]:
        """All series of a run, or of one node, by node and name."""
        with self._database.read() as session:
            series = [
                Series(target, name, points)
                for (_, target), source in _logged_at(session, [run_id]).items()
                if node in (None, target)
                for name, points in _series(session, source)
            ]
        return sorted(series, key=lambda each: (each.node, each.name))

    def latest(self, run_ids: Collection[str]) -> dict[str, dict[str, dict[str, float | str]]]:
        """The newest value of each metric, by run, node and name."""
        values: dict[str, dict[str, dict[str, float | str]]] = {id: {} for id in run_ids}
        with self._database.read() as session:
            for place, source in _logged_at(session, run_ids).items():
                values[place[0]][place[1]] = dict(source.logged)
        return values


def insert_in(session: Session, run_id: str, points: Mapping[tuple[str, str], Iterable[Point]]) -> None:
    """Insert points by (node, metric)."""
    rows = [
        {"run_id": run_id, "node": node, "name": name, **vars(point)}
        for (node, name), each in points.items()
        for point in each
    ]
    if rows:
        session.connection().execute(insert(Metric), rows)


def thin_in(session: Session, run_id: str, node: str, name: str, every: int) -> None:
    """Keep only every n-th point of a series."""
    its = (col(Metric.run_id) == run_id) & (col(Metric.node) == node) & (col(Metric.name) == name)
    session.exec(delete(Metric).where(its, col(Metric.sequence) % every != 0))


def forget_in(session: Session, run_id: str, node: str) -> None:
    """Delete all points of a node, which starts again."""
    session.exec(delete(Metric).where(col(Metric.run_id) == run_id, col(Metric.node) == node))


def _logged_at(session: Session, run_ids: Collection[str]) -> dict[Place, _Source]:
    """For each node of these runs that has metrics, where they were logged: by itself, or where a reused one ran."""
    row, made = aliased(NodeRun), aliased(NodeRun)
    columns = (col(row.run_id), col(row.node))
    own = select(*columns, *columns, col(row.logged)).where(cast(row.logged, Text) != "{}")
    reused = (
        select(*columns, col(made.run_id), col(made.node), col(made.logged))
        .join(made, (col(made.key) == col(row.key)) & (col(made.state) == "finished"))
        .where(col(row.state) == "reused", cast(made.logged, Text) != "{}")
        .order_by(col(made.ended))
    )
    connection = session.connection()
    rows = [each for query in (own, reused) for each in connection.execute(query.where(col(row.run_id).in_(run_ids)))]
    return {(run, node): _Source(*source) for run, node, *source in rows}


def _series(session: Session, source: _Source) -> Iterator[tuple[str, tuple[Point, ...]]]:
    its = (col(Metric.run_id) == source.run_id) & (col(Metric.node) == source.node)
    query = select(*[col(getattr(Metric, name)) for name in ("name", *_FIELDS)]).where(its)
    rows = session.connection().execute(query.order_by(col(Metric.name), col(Metric.sequence)))
    for name, each in groupby(rows, key=lambda row: str(row[0])):
        yield name, tuple(Point(**dict(zip(_FIELDS, row[1:], strict=True))) for row in each)
