"""Scoring: a row in process and over HTTP compared with plain scikit-learn, and a file compared with reading it."""

from __future__ import annotations

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import psutil
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline as Steps
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder

from designer.contract.catalogue.library import Library
from designer.inference.convert import read_converted
from designer.inference.create import create
from designer.pipeline.graph import Pipeline
from designer.serving.address import answers, free_port
from designer.serving.endpoints import deploy
from designer.serving.live import MODEL_FILE
from designer.serving.workers.session import OnnxScorer
from designer.store.workspace import Workspace, open_workspace
from tests.benchmarks.http_apps import NAME
from tests.trained import pipeline_of, recorded

CENSUS, LABEL = "Census income (generated)", "income"
SECONDS, ROUNDS = 1.0, 4
BATCH_ROWS, FILE_ROUNDS = 1_000_000, 2
KINDS = ("designer", "empty", "inline", "pandas")
Measured = tuple[str, str, str]


def measure() -> list[Measured]:
    """Name, value and target of every figure."""
    with tempfile.TemporaryDirectory(prefix="designer-bench-") as folder, open_workspace(folder) as workspace:
        library = Library.scan()
        key, row = _deployed(workspace, library)
        _plain_model(workspace)
        return [
            *_in_process(workspace, row),
            *_over_http(workspace.path, key, row),
            *_of_a_file(workspace),
        ]


def _training() -> Pipeline:
    return pipeline_of(
        {
            "data": ("dataset", {"name": CENSUS}),
            "clean": ("clean-missing-data", {"mode": "Replace with mode"}),
            "split": ("split-data", {"fraction": 0.7}),
            "learner": ("two-class-logistic-regression", {}),
            "train": ("train-model", {"label_column": LABEL}),
            "score": ("score-model", {}),
        },
        [
            "data.dataset > clean.dataset",
            "clean.cleaned_dataset > split.dataset",
            "learner.untrained_model > train.untrained_model",
            "split.results_dataset1 > train.dataset",
            "train.trained_model > score.trained_model",
            "split.results_dataset2 > score.dataset",
        ],
    )


def _deployed(workspace: Workspace, library: Library) -> tuple[str, dict[str, Any]]:
    """Deploy a census endpoint; return its key and a row."""
    answer = create(workspace, recorded(_training(), workspace, library), "realtime", library)
    made = deploy(workspace, library, answer.pipeline, NAME)
    assert made.engine == "onnxruntime", made.reason
    return made.keys["primary"], workspace.endpoints.version(NAME).example["rows"][0]


def _plain_model(workspace: Workspace) -> None:
    """A handwritten model for the same task, with the types of its columns."""
    table = workspace.sources().dataset(CENSUS)
    features = [name for name in table.columns if name != LABEL]
    texts = [name for name in features if not pd.api.types.is_numeric_dtype(table[name])]
    numbers = [name for name in features if name not in texts]
    dtypes = {name: "float64" if name in numbers else "object" for name in features}
    gaps = SimpleImputer(strategy="most_frequent")
    steps = ColumnTransformer(
        [
            ("texts", make_pipeline(gaps, OneHotEncoder(handle_unknown="ignore")), texts),
            ("numbers", make_pipeline(gaps, MinMaxScaler()), numbers),
        ]
    )
    model = Steps([("prepare", steps), ("learn", LogisticRegression(max_iter=200))])
    joblib.dump((model.fit(table[features].astype(dtypes), table[LABEL]), dtypes), workspace.path / "plain.joblib")


def _in_process(workspace: Workspace, row: dict[str, Any]) -> list[Measured]:
    archive = workspace.value(workspace.endpoints.version(NAME).artifacts["onnx"])
    scorer = OnnxScorer(read_converted(archive.files[MODEL_FILE]))
    model, dtypes = joblib.load(workspace.path / "plain.joblib")
    ours = _seconds(lambda: scorer.score([row]), 2000)
    theirs = _seconds(lambda: model.predict_proba(pd.DataFrame([row]).astype(dtypes)), 30)
    return [
        ("one row in process, onnxruntime", f"{ours * 1e6:.0f} us", ""),
        ("one row in process, scikit-learn on a DataFrame", f"{theirs * 1e3:.2f} ms", ""),
        ("one row in process: times faster than scikit-learn", f"{theirs / ours:.0f}", ">= 50"),
    ]


def _over_http(folder: Path, key: str, row: dict[str, Any]) -> list[Measured]:
    body = json.dumps({"Inputs": {"WebServiceInput0": [row]}, "GlobalParameters": {}}).encode()
    rounds_by_case: dict[tuple[str, int], list[dict[str, float]]] = {}
    with ExitStack() as stack:
        servers = {kind: stack.enter_context(_server(kind, folder)) for kind in KINDS}
        for connections in (1, 16):
            for round in range(ROUNDS + 1):  # interleaved, so that a busy moment affects all alike
                for kind, server in servers.items():
                    path = f"/endpoints/{NAME}/score" if kind in ("designer", "inline") else "/score"
                    figures = _loaded(server, connections, _request(path, key, body))
                    if round:
                        rounds_by_case.setdefault((kind, connections), []).append(figures)
    best = {case: max(rounds, key=lambda figures: figures["per_second"]) for case, rounds in rounds_by_case.items()}
    cost = {case: min(figures["processor"] for figures in rounds) for case, rounds in rounds_by_case.items()}

    def ratio(one: str, other: str, connections: int) -> float:
        return best[one, connections]["per_second"] / best[other, connections]["per_second"]

    return [
        *(
            (f"HTTP, {kind}, {n} connections", _shown(figures, cost[kind, n]), "")
            for (kind, n), figures in best.items()
        ),
        ("HTTP, 1 connection: times pandas and scikit-learn", f"{ratio('designer', 'pandas', 1):.1f}", ">= 12"),
        ("HTTP, 16 connections: times pandas and scikit-learn", f"{ratio('designer', 'pandas', 16):.1f}", ">= 50"),
        ("HTTP, 16 connections: share of an empty handler", f"{ratio('designer', 'empty', 16):.2f}", ">= 0.40"),
        ("HTTP, 16 connections: batching over one by one", f"{ratio('designer', 'inline', 16):.2f}", ">= 1.8"),
        ("the same by processor time", f"{cost['inline', 16] / cost['designer', 16]:.2f}", ""),
        ("an empty handler by processor time", f"{cost['empty', 16] / cost['designer', 16]:.2f}", ""),
    ]


def _shown(figures: dict[str, float], cost: float) -> str:
    times = f"p50 {figures['p50']:.2f} ms, p99 {figures['p99']:.2f} ms"
    generator = f"generator {figures['generator']:.0%} of a core"
    return f"{figures['per_second']:,.0f}/s, {times}, {cost:.0f} us of processor time each, {generator}"


def _of_a_file(workspace: Workspace) -> list[Measured]:
    """A Parquet file of numbers and texts, scored in chunks; each way runs in a process of its own."""
    source = workspace.path / "batch.parquet"
    table = workspace.sources().dataset(CENSUS)
    draw = np.random.default_rng(1)
    rows = table.iloc[draw.integers(0, len(table), BATCH_ROWS)].drop(columns=[LABEL])
    rows.attrs = {}
    rows.to_parquet(source, index=False)
    rounds_by_way: dict[str, list[dict[str, float]]] = {"stream": [], "designer": [], "plain": []}
    for _ in range(FILE_ROUNDS):
        for way, rounds in rounds_by_way.items():
            rounds.append(_in_child(way, workspace.path, source))

    def best(way: str, what: str) -> float:
        return min(figures[what] for figures in rounds_by_way[way])

    def ratio(one: str, other: str, what: str) -> str:
        return f"{best(one, what) / best(other, what):.1f}"

    return [
        (f"file of {BATCH_ROWS:,} rows, designer", f"{best('designer', 'seconds'):.1f} s", ""),
        ("file: times as long as streaming it through", ratio("designer", "stream", "seconds"), "<= 4"),
        ("file: times faster than scikit-learn in chunks", ratio("plain", "designer", "seconds"), ">= 3.5"),
        ("file: the same by processor time", ratio("plain", "designer", "processor"), ""),
        ("file: peak memory", f"{best('designer', 'megabytes'):.0f} MB", "<= 1024"),
    ]


def _in_child(way: str, workspace: Path, source: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.files", way, str(workspace), str(source)]
    figures: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return figures


@contextmanager
def _server(kind: str, folder: Path) -> Iterator[tuple[int, psutil.Process]]:
    port = free_port()
    if kind == "designer":
        command = ["-m", "designer.serving.server", "--workspace", str(folder), "--port", str(port)]
    else:
        command = ["-m", "tests.benchmarks.http_apps", kind, str(port), str(folder)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen([sys.executable, *command], stderr=subprocess.DEVNULL, env=environment)
    try:
        _wait(kind, port, process)
        yield port, psutil.Process(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _wait(kind: str, port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"the server '{kind}' ended with {process.returncode}")
        if kind == "designer" and answers(port, f"/endpoints/{NAME}/ready"):
            return
        if kind != "designer":
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
        time.sleep(0.1)
    raise RuntimeError(f"the server '{kind}' did not start")


def _request(path: str, key: str, body: bytes) -> bytes:
    head = (f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {key}\r\nContent-Length: {len(body)}\r\n\r\n")  # fmt: skip
    return head.encode() + body


def _loaded(server: tuple[int, psutil.Process], connections: int, request: bytes) -> dict[str, float]:
    """One round of load, with the server's processor time per answer in microseconds."""
    port, process = server
    command = [sys.executable, "-m", "tests.benchmarks.load", str(port), str(connections), str(SECONDS)]
    before = process.cpu_times()
    done = subprocess.run(command, input=request, capture_output=True, check=True)
    after = process.cpu_times()
    figures: dict[str, float] = json.loads(done.stdout)
    if figures["failed"]:
        raise RuntimeError("not every answer was 200")
    used = after.user + after.system - before.user - before.system
    return {**figures, "processor": used / (figures["per_second"] * SECONDS) * 1e6}


def _seconds(call: Callable[[], Any], times: int) -> float:
    call()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        call()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)
