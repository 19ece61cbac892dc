"""Which runs a list shows, and in which order. Queries are saved by name."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlmodel import col

from designer.store.records import Run

_KEYS: Mapping[str, Any] = {
    "created": Run.created, "name": Run.name, "state": Run.state, "experiment": Run.experiment, "number": Run.number,
}  # fmt: skip
SORT_KEYS = (*_KEYS, "seconds")
"""What runs can be sorted by beside the metrics; `-` before it sorts descending."""


@dataclass(frozen=True)
class RunQuery:
    """A filter on runs; empty fields match all of them.

    `pipeline` is an id. `tags` must all be there with these values, the value "" matches any. `text` is part of the
    name, description, experiment, id, or a tag. `sort` is one of `SORT_KEYS` or a metric, `-` before it sorts
    descending. `columns` are the metrics that a list shows. Imports of files are runs too, listed with `with_imports`.
    `published` is the address of a published pipeline.
    """

    pipeline: str = ""
    experiment: str = ""
    state: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    sort: str = "-created"
    columns: tuple[str, ...] = ()
    with_imports: bool = False
    published: str = ""

    @property
    def sort_key(self) -> str:
        """What runs are sorted by, without the direction."""
        return self.sort.removeprefix("-")

    @property
    def is_descending(self) -> bool:
        """Whether larger values come first."""
        return self.sort.startswith("-")

    @property
    def is_narrow(self) -> bool:
        """Whether it leaves out any runs but imports."""
        return replace(self, sort="", columns=(), with_imports=False) != RunQuery(sort="")

    def to_json(self) -> dict[str, Any]:
        """Serialize to a JSON document."""
        return {**vars(self), "tags": dict(self.tags), "columns": list(self.columns)}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> RunQuery:
        """Read back what `to_json` wrote; unknown fields are ignored."""
        known = {name: value for name, value in document.items() if name in cls.__dataclass_fields__}
        return cls(**{**known, "columns": tuple(known.get("columns", ()))})

    def conditions(self) -> list[ColumnElement[bool]]:
        """The conditions of a SELECT on `run`."""
        exact = {Run.pipeline_id: self.pipeline, Run.experiment: self.experiment, Run.state: self.state}
        conditions = [col(column) == value for column, value in exact.items() if value]
        if self.published:
            conditions.append(col(Run.published) == self.published)
        if not self.with_imports:
            conditions.append(col(Run.experiment) != "")
        conditions += [_has_tag(name, value) for name, value in self.tags.items()]
        if self.text:
            conditions.append(_contains(self.text))
        return conditions

    def order(self) -> ColumnElement[Any]:
        """The ORDER BY on `run`; by time for a metric, which is not a column."""
        if self.sort_key == "seconds":
            key: Any = func.coalesce(Run.ended, time.time()) - col(Run.started)
        elif self.sort_key in _KEYS:
            key = col(_KEYS[self.sort_key])
        else:
            return col(Run.created).desc()
        return (key.desc() if self.is_descending else key.asc()).nulls_last()  # type: ignore[no-any-return]


def _has_tag(name: str, value: str) -> ColumnElement[bool]:
    tag = func.json_each(Run.tags).table_valued("key", "value")
    its = [tag.c.key == name, *([tag.c.value == value] if value else [])]
    return select(1).select_from(tag).where(*its).exists()


def _contains(text: str) -> ColumnElement[bool]:
    tag = func.json_each(Run.tags).table_valued("key", "value")
    in_tag = or_(*[column.icontains(text, autoescape=True) for column in (tag.c.key, tag.c.value)])
    texts = [col(column).icontains(text, autoescape=True) for column in (Run.name, Run.description, Run.experiment)]
    is_id = col(Run.id).startswith(text, autoescape=True)
    return or_(*texts, is_id, select(1).select_from(tag).where(in_tag).exists())
