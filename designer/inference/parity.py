"""Parity check: compare all ways to score a row with the training run, and certify the result."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from designer.contract.errors import DesignerError
from designer.contract.schema import Kind, Schema
from designer.contract.wording.counting import counted

TOLERANCE = 1e-9
EXAMPLES = 5
Row = Mapping[str, Any]
Rows = Sequence[dict[str, Any]]
Scores = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]
"""A function that scores rows; raises DesignerError for rows that it refuses."""

UNSCORED: Row = {}
"""Placeholder for a row that was refused or has no score."""


@dataclass(frozen=True)
class Compared:
    """One way to score, compared row by row; `largest` is the largest difference of numbers, relative above 1."""

    path: str
    against: str
    rows: int
    differences: int = 0
    largest: float = 0.0
    examples: list[dict[str, Any]] = field(default_factory=list)
    """Up to `EXAMPLES` rows that differ: row (from 1), column, expected, found."""

    @property
    def holds(self) -> bool:
        """Whether all rows agree."""
        return self.differences == 0


@dataclass(frozen=True)
class Certificate:
    """The result of the parity check of a version before it went live."""

    engine: str
    held_out: int
    edge: int
    paths: tuple[Compared, ...]
    reason: str = ""
    """Why the training run could not be compared; empty if it was."""
    checked: float = field(default_factory=time.time)
    tolerance: float = TOLERANCE
    available: int = 0
    """How many rows were held out, if not all of them were compared."""
    sent: int | None = None
    """How many of the compared rows have a score and were sent over HTTP; None if that was not counted."""

    @property
    def passed(self) -> bool:
        """Whether rows were compared and no path differs."""
        return bool(self.held_out) and all(path.holds for path in self.paths)

    @property
    def largest(self) -> float:
        """The largest difference found on any path."""
        return max((path.largest for path in self.paths), default=0.0)

    @property
    def identical(self) -> int:
        """The rows sent over HTTP less the most differences of any path from the training run; never negative."""
        differences = max((path.differences for path in self.paths if path.against == "training run"), default=0)
        return max(0, (self.held_out if self.sent is None else self.sent) - differences)

    @property
    def sentence(self) -> str:
        """The result in words."""
        if not self.held_out:
            return f"No rows could be compared: {self.reason or 'there are none'}."
        part = f"{self.held_out:,} of {self.available:,}" if self.available > self.held_out else f"{self.held_out:,}"
        rows = f"{part} held-out and {counted(self.edge, 'edge row')}"
        if self.passed:
            return f"{rows} compared, no label differs, largest difference {self.largest:.1e}."
        worst = max(self.paths, key=lambda path: path.differences)
        return (
            f"Different in {worst.differences:,} of {counted(worst.rows, 'row')}: {worst.path} against {worst.against}."
        )

    def to_json(self) -> dict[str, Any]:
        """Serialize to a JSON document."""
        words = ("passed", "largest", "identical", "sentence")
        return {**asdict(self), **{word: getattr(self, word) for word in words}}


def compare(
    path: str,
    against: str,
    expected: Rows,
    answers: Rows,
    names: Sequence[str],
    places: Sequence[int] | None = None,
) -> Compared:
    """Compare scores row by row: labels equal, numbers within the tolerance (relative for numbers above 1).

    `places` are the positions of the rows to compare; all of them by default.
    """
    pairs = list(enumerate(zip(expected, answers, strict=True)))
    compared = pairs if places is None else [pairs[place] for place in places]
    differences, largest = 0, 0.0
    examples: list[dict[str, Any]] = []
    for place, (score, answer) in compared:
        distances = [(name, *_distance(score.get(name), answer.get(name))) for name in names]
        largest = max([largest, *(distance for _, distance, _ in distances)])
        column = next((name for name, _, same in distances if not same), None)
        if column is not None:
            differences += 1
            if len(examples) < EXAMPLES:
                cells = {"expected": score.get(column), "found": answer.get(column)}
                examples.append({"row": place + 1, "column": column, **cells})
    return Compared(path, against, len(compared), differences, largest, examples)


def edge_rows(schema: Schema, rows: Rows) -> list[dict[str, Any]]:
    """Rows likely to show a difference: missing cells, unseen categories, extremes, another field order."""
    if not rows:
        return []
    first = {name: rows[0][name] for name in schema.names}
    edges = [dict(reversed(first.items())), dict.fromkeys(schema.names)]
    for column in schema:
        values = [row[column.name] for row in rows if row[column.name] is not None]
        edges += [{**first, column.name: value} for value in (None, *_extremes(column.kind, values))]
    return edges


def one_by_one(score: Scores, rows: Rows, names: Sequence[str]) -> list[dict[str, Any]]:
    """Score rows one at a time; a refused row counts as one without a score."""
    answers: list[dict[str, Any]] = []
    for row in rows:
        try:
            answer = score([dict(row)])
        except DesignerError:
            answer = []
        answers.append({name: answer[0].get(name) for name in names} if answer else dict(UNSCORED))
    return answers


def _extremes(kind: Kind, values: Sequence[Any]) -> list[Any]:
    match kind:
        case Kind.INTEGER | Kind.DECIMAL:
            low, high = (min(values), max(values)) if values else (0, 1)
            span = abs(high) + abs(low) + 1
            far = [low - 10 * span, high + 10 * span]
            return [low, high, 0, *(far if kind is Kind.DECIMAL else map(int, far))]
        case Kind.STRING | Kind.CATEGORICAL:
            return ["never seen before", "", "x" * 1000, *([values[0].upper()] if values else [])]
        case Kind.BOOLEAN:
            return [True, False]
        case Kind.DATETIME:
            return [min(values), max(values), "1970-01-01T00:00:00"] if values else ["1970-01-01T00:00:00"]


def is_answer(cell: Any) -> bool:
    """Whether a cell is a score: neither missing, nor NaN or infinite."""
    return cell is not None and not (isinstance(cell, float) and not math.isfinite(cell))


def _distance(one: Any, other: Any) -> tuple[float, bool]:
    """The distance of two cells (relative above 1), and whether they count as equal."""
    if not is_answer(one) or not is_answer(other):
        return 0.0, is_answer(one) == is_answer(other)
    if isinstance(one, float) and isinstance(other, int | float) and not isinstance(other, bool):
        distance = abs(one - other) / max(1.0, abs(one))
        return distance, distance <= TOLERANCE
    return 0.0, bool(one == other) and isinstance(one, bool) == isinstance(other, bool)
