"""What a deployed version takes and gives: the names of a request's input and output, and the columns of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from designer.contract.errors import FileMissing
from designer.contract.schema import Schema
from designer.inference.scorer import Loaded


@dataclass(frozen=True)
class Signature:
    """Kept with the version, so that answering a request needs no module library."""

    input_name: str
    output_name: str
    schema: Schema

    @classmethod
    def of(cls, loaded: Loaded) -> Self:
        """The signature of an inference pipeline."""
        return cls(loaded.doors.input_name, loaded.doors.output_name, loaded.schema)

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> Self:
        """The signature among the facts of a version; raises FileMissing where there is none."""
        kept = facts.get("signature")
        if not kept:
            raise FileMissing("nothing says what a request of this version holds", "Deploy the pipeline again.")
        return cls(kept["input"], kept["output"], Schema.from_json({"columns": kept["columns"]}))

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        columns = [column.to_json() for column in self.schema]
        return {"input": self.input_name, "output": self.output_name, "columns": columns}
