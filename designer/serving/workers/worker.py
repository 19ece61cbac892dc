"""A process that scores with scikit-learn for the scoring process, one per endpoint version.

`python -m designer.serving.workers.worker WORKSPACE` receives the inference pipeline's document first, then rows.
Output of a user's script goes to standard error.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from designer.contract.errors import DesignerError
from designer.contract.wording.counting import counted
from designer.engine.children.child import Report, serve
from designer.inference.rows import RefusedRequest, cells_of
from designer.inference.scorer import Scorer
from designer.pipeline.document import from_document
from designer.serving.workers.wire import ModelFailed
from designer.store.workspace import open_workspace


class Worker:
    """Load the pipeline of the first request; score the rows of later ones."""

    def __init__(self, workspace: Path) -> None:
        self._workspace = open_workspace(workspace)
        self._scorer: Scorer | None = None

    def __call__(self, request: Any, report: Report) -> dict[str, Any]:
        """Answer a request."""
        if self._scorer is not None:
            return answer(self._scorer, request)
        library = self._workspace.library()
        self._scorer = Scorer.load(from_document(request), library, self._workspace.sources(library))
        return {}


def answer(scorer: Scorer, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The cells by output column.

    Raises ModelFailed where a step raises, RefusedRequest where a step removes rows.
    """
    try:
        table = scorer.score_rows(rows)
    except DesignerError:
        raise
    except Exception as error:  # a model may raise anything; report the exception type, not the traceback
        raise ModelFailed(f"the model failed ({type(error).__name__})") from error
    if len(table) != len(rows):
        raise RefusedRequest(
            "score.rows_removed",
            f"the pipeline answered {len(table):,} of {counted(len(rows), 'row')}, since a step removes rows",
            "Send rows without missing values, or fill them in the pipeline.",
        )
    names = [str(name) for name in table.columns]
    return {"names": names, "cells": [cells_of(table.iloc[:, i]) for i in range(len(names))]}


if __name__ == "__main__":
    serve(Worker(Path(sys.argv[1])))
