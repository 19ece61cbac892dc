"""Servers to compare the scoring process with: `python -m tests.benchmarks.http_apps KIND PORT WORKSPACE`.

empty     reads the body and answers at once, on the same server
inline    the scoring process without batching, one request after the other
pandas    Starlette with pandas and scikit-learn in a thread, the usual way
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from functools import partial
from pathlib import Path
from typing import Any

import joblib
import orjson
import pandas as pd
import uvloop
from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from designer.serving.live import stored_onnx
from designer.serving.realtime import Application
from designer.serving.replies import JSON, reply
from designer.serving.watch import Watch
from designer.serving.workers.batching import Rows, ScoresRows
from designer.serving.workers.session import OnnxScorer
from designer.store.workspace import open_workspace

NAME = "income"


def empty(workspace: Path) -> Any:
    """A minimal handler: reads the body and answers at once."""
    body = orjson.dumps({"Results": {"WebServiceOutput0": [{"Scored Labels": ">50K", "Scored Probabilities": 0.5}]}})

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await reply(send, 200, body, JSON)

    return application


class OneByOne:
    """Replaces the batcher: each request is read and scored alone, at once."""

    def __init__(self, score: ScoresRows) -> None:
        self._score = score

    async def score(self, rows: Rows) -> Rows:
        """The answers."""
        return self._score(rows)


def inline(workspace: Path) -> Any:
    """The scoring process without batching."""
    opened = open_workspace(workspace)
    application = Application()
    asyncio.run(Watch(opened, application, counts=False).step())
    live = application.routes[NAME].live
    assert live is not None
    scorer = OnnxScorer(stored_onnx(opened, opened.endpoints.version(NAME)))
    live.batcher = OneByOne(partial(live.score_at_once, scorer))  # type: ignore[assignment]
    return application


def pandas(workspace: Path) -> Any:
    """A data frame per request, imputed and scored by a scikit-learn pipeline."""
    model, dtypes = joblib.load(workspace / "plain.joblib")

    def scored(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        frame = pd.DataFrame(rows).astype(dtypes)
        labels, probabilities = model.predict(frame), model.predict_proba(frame)[:, 1]
        return frame.assign(label=labels, probability=probabilities).to_dict("records")

    async def score(request: Request) -> JSONResponse:
        document = await request.json()
        rows = await run_in_threadpool(scored, document["Inputs"]["WebServiceInput0"])
        return JSONResponse({"Results": {"WebServiceOutput0": rows}})

    return Starlette(routes=[Route("/score", score, methods=["POST"])])


async def serve(application: Any, port: int) -> None:
    """Serve until SIGTERM, as the scoring process does."""
    server = Server(application, "127.0.0.1", port, interface=Interfaces.ASGINL, http=HTTPModes.http1,
                    websockets=False, backlog=1024, log_enabled=False)  # fmt: skip
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, server.stop)
    await server.serve()


if __name__ == "__main__":
    uvloop.run(serve({"empty": empty, "inline": inline, "pandas": pandas}[sys.argv[1]](Path(sys.argv[3])),
                     int(sys.argv[2])))  # fmt: skip
    os._exit(0)  # the server's threads may abort at interpreter shutdown
