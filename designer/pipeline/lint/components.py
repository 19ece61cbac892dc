"""Lint the versions of components."""

from __future__ import annotations

from collections.abc import Iterator

from designer.contract.catalogue.library import Library
from designer.pipeline.graph import Pipeline
from designer.pipeline.lint.warning import Warning
from designer.pipeline.newer import newer


def newer_versions(pipeline: Pipeline, library: Library) -> Iterator[Warning]:
    """A component is offered in another version than a node has.

    Takes the pipeline as it is written: the fix keeps references to parameters.
    """
    for each in newer(pipeline, library):
        changed = " ".join(each.changes) or "Its inputs, outputs and settings are the same."
        yield Warning(
            "newer-version",
            each.node,
            f"Version {each.version} is there",
            f"The palette offers version {each.version} of this component. {changed}",
            fix_title=f"Use {each.version}",
            fix=each.operations,
        )
