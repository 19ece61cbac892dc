"""The signature of a deployed version: names of input and output, the columns of a row, the positive class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from designer.contract.errors import FileMissing
from designer.contract.files.read_options import ReadOptions
from designer.contract.schema import Schema
from designer.contract.values import SCORED_LABELS, SCORED_PROBABILITIES
from designer.inference.scorer import Loaded


@dataclass(frozen=True)
class Signature:
    """Stored with the version, so that answering a request needs no module library."""

    input_name: str
    output_name: str
    schema: Schema
    positive: str = ""
    """The class whose probability Scored Probabilities holds, in binary classification."""

    @classmethod
    def of(cls, loaded: Loaded) -> Self:
        """The signature of an inference pipeline."""
        return cls(loaded.doors.input_name, loaded.doors.output_name, loaded.schema, _positive(loaded.output))

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> Self:
        """Read the signature from the facts of a version; raises FileMissing where there is none."""
        document = facts.get("signature")
        if not document:
            raise FileMissing("nothing says what a request of this version holds", "Deploy the pipeline again.")
        schema = Schema.from_json({"columns": document["columns"]})
        return cls(document["input"], document["output"], schema, document.get("positive", ""))

    def to_json(self) -> dict[str, Any]:
        """The signature as stored."""
        columns = [column.to_json() for column in self.schema]
        return {"input": self.input_name, "output": self.output_name, "columns": columns, "positive": self.positive}


def reading_of(facts: Mapping[str, Any]) -> ReadOptions | None:
    """The read options of the training file, from the facts of a version."""
    return ReadOptions.from_json(facts["reading"]) if facts.get("reading") else None


def _positive(answer: Schema) -> str:
    """The positive class, the last of the two classes of Scored Labels; empty unless there are two."""
    if SCORED_LABELS not in answer or SCORED_PROBABILITIES not in answer:
        return ""
    classes = answer[SCORED_LABELS].classes or ()
    return str(classes[-1]) if len(classes) == 2 else ""
