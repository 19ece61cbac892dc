"""The pipeline that a run executes: its document, with the values that the run was given."""

from __future__ import annotations

from dataclasses import replace

from designer.pipeline.document import from_document
from designer.pipeline.graph import Pipeline
from designer.pipeline.parameters import previewed
from designer.store.records import Run


def executed_pipeline(run: Run) -> Pipeline:
    """The pipeline of a run, with values in the place of references and without parameters.

    Does not raise for values that do not fit, so that a run that failed by them can be shown.
    """
    return replace(previewed(from_document(run.document), run.assignments), parameters={})
