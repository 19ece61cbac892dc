"""The metrics and tags that the steps of a run log, collected between two writes to the database."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, field

from sqlmodel import Session

from designer.contract.wording.counting import counted
from designer.engine.backend import Logged, Tagged, Unusable
from designer.store.history.metrics import POINTS, Point, forget_in, insert_in, thin_in
from designer.store.history.runs import Runs

NAMES = 500
"""The most metrics of one step, by name."""


@dataclass
class _Curve:
    """One metric of one step: numbers its values, keeps every one, later every second one, and so on."""

    count: int = 0
    every: int = 1
    points: list[Point] = field(default_factory=list)
    """The points that are not written yet."""

    written: int = 0
    last: Point | None = None
    is_thinned: bool = False
    """Whether written points must be thinned."""

    def add(self, value: float | str, step: int | None) -> None:
        number, text = (None, value) if isinstance(value, str) else (value, None)
        self.last = Point(self.count, step, number, text, time.time())
        self.count += 1
        if self.last.sequence % self.every == 0:
            self.points.append(self.last)
        if self.written + len(self.points) > POINTS:
            self._thin()

    def take(self) -> list[Point]:
        """The points to write."""
        points, self.points = self.points, []
        self.written += len(points)
        return points

    def end(self) -> None:
        """Keep the last point too."""
        if self.last is not None and self.last.sequence % self.every:
            self.points.append(self.last)

    def _thin(self) -> None:
        self.every *= 2
        self.points = [point for point in self.points if point.sequence % self.every == 0]
        self.written = -(-self.count // self.every) - len(self.points)
        self.is_thinned = True


@dataclass
class Curves:
    """What the steps of one run logged. At most `POINTS` values of a metric are kept, evenly spread."""

    run_id: str
    _curves: dict[str, dict[str, _Curve]] = field(default_factory=lambda: defaultdict(dict))
    _changed: set[tuple[str, str]] = field(default_factory=set)
    _tags: dict[str, str] = field(default_factory=dict)
    _restarted: set[str] = field(default_factory=set)
    _unusable: dict[str, str] = field(default_factory=dict)
    """The first problem of each node."""

    _unusable_count: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def has_news(self) -> bool:
        """Whether there is something to write."""
        return bool(self._changed or self._tags or self._restarted)

    @property
    def changed_nodes(self) -> set[str]:
        """The nodes that have logged metrics since the last write."""
        return {node for node, _ in self._changed}

    def add(self, node: str, event: Logged | Tagged | Unusable) -> None:
        """Collect what a node logged."""
        match event:
            case Logged(name, value, step):
                curves = self._curves[node]
                if name not in curves and len(curves) >= NAMES:
                    self.add(node, Unusable(f"metric '{name}': a step can log {NAMES} metrics"))
                    return
                curves.setdefault(name, _Curve()).add(value, step)
                self._changed.add((node, name))
            case Tagged(name, value):
                self._tags[name] = value
            case Unusable(problem):
                self._unusable_count[node] += 1
                self._unusable.setdefault(node, problem)

    def restart(self, node: str) -> None:
        """Forget what a node logged: another process starts it again."""
        if self._curves.pop(node, None):
            self._restarted.add(node)
            self._changed = {(each, name) for each, name in self._changed if each != node}

    def end(self, node: str) -> str:
        """Note the end of a node; returns what to say in its log, "" if everything was recorded."""
        for name, curve in self._curves[node].items():
            curve.end()
            self._changed.add((node, name))
        lines = [
            f"Metric '{name}': {curve.count:,} values were logged, every {_ordinal(curve.every)} one is kept."
            for name, curve in self._curves[node].items()
            if curve.every > 1
        ]
        count = self._unusable_count[node]
        if count:
            lines.append(f"{counted(count, 'logged value')} could not be recorded. The first: {self._unusable[node]}.")
        return "".join(f"{line}\n" for line in lines)

    def summary(self, node: str) -> dict[str, object]:
        """The columns of the node's row: the newest value of each metric, and how many could not be recorded."""
        newest = {name: curve.last for name, curve in self._curves[node].items() if curve.last is not None}
        logged = {name: point.value if point.text is None else point.text for name, point in newest.items()}
        return {"logged": logged, "unrecorded": self._unusable_count[node]}

    def write_in(self, session: Session, runs: Runs, attempt: int) -> None:
        """Write what was collected. Raises StaleAttempt if another process took the run over."""
        runs.tag_in(session, self.run_id, attempt, self._tags)
        for node in self._restarted:
            forget_in(session, self.run_id, node)
        changed = {place: self._curves[place[0]][place[1]] for place in self._changed}
        for (node, name), curve in changed.items():
            if curve.is_thinned:
                thin_in(session, self.run_id, node, name, curve.every)
                curve.is_thinned = False
        insert_in(session, self.run_id, {place: curve.take() for place, curve in changed.items()})
        self._changed, self._tags, self._restarted = set(), {}, set()


def _ordinal(number: int) -> str:
    if number == 2:
        return "second"
    return f"{number}{'nd' if number % 10 == 2 and number % 100 != 12 else 'th'}"
