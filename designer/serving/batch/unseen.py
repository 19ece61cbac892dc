"""Count the values of a file that training did not have: they are scored as none of the known ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from designer.contract.schema import Schema
from designer.contract.wording.counting import counted
from designer.serving.batch.columns import is_text

_LONGEST = 40


@dataclass(frozen=True)
class Unseen:
    """How many rows of a column hold a value that training did not have, and the first one."""

    rows: int
    example: str

    def __add__(self, other: Unseen) -> Unseen:
        return Unseen(self.rows + other.rows, self.example)

    def note(self, column: str) -> str:
        """The note about a column."""
        example = self.example if len(self.example) <= _LONGEST else f"{self.example[: _LONGEST - 1]}…"
        return f"{counted(self.rows, 'row')} with a '{column}' that training did not have, first '{example}'"


def unseen(schema: Schema, columns: Mapping[str, pa.Array]) -> dict[str, Unseen]:
    """The unseen values of columns whose categories are known; columns without any are left out."""
    counts: dict[str, Unseen] = {}
    for column in schema:
        array = columns[column.name]
        if not column.categories or not is_text(array.type):
            continue
        known = pa.array(column.categories, array.type)
        others = array.filter(pc.and_(pc.is_valid(array), pc.invert(pc.is_in(array, value_set=known))))
        if len(others):
            counts[column.name] = Unseen(len(others), others[0].as_py())
    return counts


def merged(counts: Mapping[str, Unseen], more: Mapping[str, Unseen]) -> dict[str, Unseen]:
    """The counts of two batches together."""
    both = {name: counts[name] + more[name] for name in counts if name in more}
    return {**counts, **more, **both}
