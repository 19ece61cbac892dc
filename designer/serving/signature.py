"""What a deployed version takes and gives: names of input and output, the columns of rows, the positive class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from designer.contract.errors import FileMissing
from designer.contract.read_options import ReadOptions
from designer.contract.schema import Schema
from designer.contract.values import SCORED_LABELS, SCORED_PROBABILITIES
from designer.inference.scorer import Loaded


@dataclass(frozen=True)
class Signature:
    """Kept with the version, so that answering a request needs no module library."""

    input_name: str
    output_name: str
    schema: Schema
    positive: str = ""
    """The class that Scored Probabilities are of, where there are two."""

    @classmethod
    def of(cls, loaded: Loaded) -> Self:
        """The signature of an inference pipeline."""
        return cls(loaded.doors.input_name, loaded.doors.output_name, loaded.schema, _positive(loaded.output))

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> Self:
        """The signature among the facts of a version; raises FileMissing where there is none."""
        kept = facts.get("signature")
        if not kept:
            raise FileMissing("nothing says what a request of this version holds", "Deploy the pipeline again.")
        schema = Schema.from_json({"columns": kept["columns"]})
        return cls(kept["input"], kept["output"], schema, kept.get("positive", ""))

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        columns = [column.to_json() for column in self.schema]
        return {"input": self.input_name, "output": self.output_name, "columns": columns, "positive": self.positive}


def reading_of(facts: Mapping[str, Any]) -> ReadOptions | None:
    """How the file of training was read, among the facts of a version."""
    return ReadOptions.from_json(facts["reading"]) if facts.get("reading") else None


def _positive(answer: Schema) -> str:
    """The positive class, as the scored labels of an answer know it."""
    if SCORED_LABELS not in answer or SCORED_PROBABILITIES not in answer:
        return ""
    classes = answer[SCORED_LABELS].classes or ()
    return str(classes[-1]) if len(classes) == 2 else ""
