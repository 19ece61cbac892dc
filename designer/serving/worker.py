"""A process that scores with scikit-learn for the scoring process, one endpoint version each.

`python -m designer.serving.worker WORKSPACE` reads the inference pipeline's document and then requests from its
standard input, and writes answers to its standard output; messages are JSON behind their length. What a user's script
prints goes to the standard error stream.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from designer.contract.errors import DesignerError
from designer.inference.rows import RefusedRequest, cells_of
from designer.inference.scorer import Scorer
from designer.pipeline.document import from_document
from designer.store.workspace import open_workspace

LENGTH = 4


def main() -> None:
    """Load the pipeline, say so, and answer until the input ends."""
    requests, answers = _private_streams()
    with open_workspace(Path(sys.argv[1])) as workspace:
        try:
            library = workspace.library()
            pipeline = from_document(orjson.loads(_read(requests) or b"null"))
            scorer = Scorer.load(pipeline, library, workspace.sources(library))
        except DesignerError as error:
            _write(answers, {"failed": str(error)})
            return
        _write(answers, {"ready": True})
        while message := _read(requests):
            _write(answers, answer(scorer, orjson.loads(message)))


def answer(scorer: Scorer, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The cells by output column, or what went wrong."""
    try:
        table = scorer.score_rows(rows)
        if len(table) != len(rows):
            raise RefusedRequest(
                "score.rows_removed",
                f"the pipeline answered {len(table):,} of {len(rows):,} rows, since a step removes rows",
                "Send rows without missing values, or fill them in the pipeline.",
            )
    except RefusedRequest as error:
        return {"refused": error.code, "found": error.found, "remedy": error.remedy, "row": error.place.row}
    except DesignerError as error:
        return {"error": error.found, "remedy": error.remedy, "module": error.place.module}
    except Exception as error:  # a model may raise anything; the caller learns the kind and not the traceback
        return {"error": f"the model failed ({type(error).__name__})", "remedy": "", "module": None}
    names = [str(name) for name in table.columns]
    return {"names": names, "cells": [cells_of(table.iloc[:, i]) for i in range(len(names))]}


def _private_streams() -> tuple[BinaryIO, BinaryIO]:
    """The streams of the protocol, out of reach of whatever prints."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    return requests, answers


def _read(stream: BinaryIO) -> bytes:
    length = stream.read(LENGTH)
    return stream.read(int.from_bytes(length, "big")) if len(length) == LENGTH else b""


def _write(stream: BinaryIO, document: dict[str, Any]) -> None:
    body = orjson.dumps(document, default=str)
    stream.write(len(body).to_bytes(LENGTH, "big") + body)
    stream.flush()


if __name__ == "__main__":
    main()
