"""Pipelines by code, over REST and on schedules: from a request to the first step, to a row, to the end of a cancel."""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pandas as pd
import psutil

from designer.registry.scripts import script_source
from designer.sdk import Pipeline, RunCancelled, Workspace, script
from designer.sdk import modules as m
from designer.sdk.connections.folder import Folder
from designer.serving.address import free_port
from designer.store.workspace import open_workspace
from designer.workbench.components import Components
from tests.sdk.conftest import end_engine
from tests.serving.conftest import ended, started

Row = tuple[str, str, str]

SUBMISSIONS, TRIALS, COMPONENTS = 90, 9, 500
R_ROWS, R_COLUMNS = 200_000, 13
SLEEPERS = "import subprocess, time\nsubprocess.Popen(['sleep', '4711'])\nprint('begun', flush=True)\ntime.sleep(600)\n"
SAME = "azureml_main <- function(a, b) list(dataset1 = a)\n"
BY_CSV = "write.csv(read.csv('in.csv'), 'out.csv', row.names = FALSE)\n"


def measure() -> list[Row]:
    """Each figure with the engine warm."""
    with tempfile.TemporaryDirectory() as folder, _workspace(Path(folder)) as ws:
        numbers = m.enter_data_manually(data="a\n1\n2\n")
        ws.submit(numbers).wait(show=False)
        return [
            *_first_step(ws),
            *_rest(ws, Path(folder), Pipeline(numbers)),
            *_due(ws, Pipeline(numbers)),
            *_cancel(ws, Path(folder)),
            *_library(Path(folder)),
            *_r(ws, Path(folder)),
        ]


@contextmanager
def _workspace(folder: Path) -> Iterator[Workspace]:
    with Workspace(connection=Folder(folder / "workspace", 600)) as workspace:
        yield workspace
    end_engine(folder / "workspace")


def _first_step(ws: Workspace) -> list[Row]:
    waits = []
    for number in range(TRIALS):
        step = m.enter_data_manually(data=f"a\n{number}\n{time.time()}\n")
        begun = time.time()
        run = ws.submit(step).wait(show=False)
        (row,) = ws.connection.nodes(run.id).values()
        waits.append((row.started or time.time()) - begun)
    return [("submit to first step running", _ms(statistics.median(waits)), "<= 150 ms")]


def _rest(ws: Workspace, folder: Path, pipeline: Pipeline) -> list[Row]:
    published = ws.publish(pipeline, "Numbers")
    process = started(folder / "workspace", free_port())
    try:
        url = urlsplit(published.endpoint)
        headers = {"Authorization": f"Bearer {published.key}", "Content-Type": "application/json"}
        connection = HTTPConnection(str(url.hostname), url.port, timeout=60)
        seconds = []
        for _ in range(SUBMISSIONS):
            start = time.perf_counter()
            connection.request("POST", url.path, "{}", headers)
            answer = connection.getresponse()
            document = json.loads(answer.read())
            assert answer.status == 200, document
            seconds.append(time.perf_counter() - start)
        connection.close()
    finally:
        ended(process)
    cuts = statistics.quantiles(seconds, n=100)
    return [
        ("REST submit, half within", _ms(statistics.median(seconds)), "<= 15 ms"),
        ("REST submit, 99 of 100 within", _ms(cuts[98]), "<= 60 ms"),
    ]


def _due(ws: Workspace, pipeline: Pipeline) -> list[Row]:
    schedule = ws.schedules.create("each minute", ws.publish(pipeline, "Each minute"), cron="* * * * *")
    until = time.monotonic() + 130
    while not schedule.fires and time.monotonic() < until:
        time.sleep(0.2)
    fire = ws.connection.schedule("each minute").fires[0]
    return [("due time to row", _ms(fire.at - fire.due), "<= 1000 ms")]


def _cancel(ws: Workspace, folder: Path) -> list[Row]:
    (folder / "sleeps").mkdir()
    (folder / "sleeps" / "main.py").write_text(SLEEPERS)
    run = ws.submit(script(folder / "sleeps" / "main.py"))
    while "begun" not in run.logs():
        time.sleep(0.05)
    start = time.perf_counter()
    run.cancel()
    while _sleepers():
        time.sleep(0.005)
    seconds = time.perf_counter() - start
    with suppress(RunCancelled):
        run.wait(show=False)
    return [("cancel, a grandchild included", _ms(seconds), "<= 250 ms")]


def _sleepers() -> bool:
    return any(process.info["cmdline"] == ["sleep", "4711"] for process in psutil.process_iter(["cmdline"]))


def _library(folder: Path) -> list[Row]:
    place = folder / "code"
    place.mkdir()
    (place / "main.py").write_text("print(1)\n")
    with open_workspace(folder / "components") as workspace:
        components = Components(workspace)
        source = script_source(place / "main.py")
        for number in range(COMPONENTS):
            components.register(replace(source, spec=replace(source.spec, name=f"component_{number}", version="1")))
        workspace.library()
        seconds = min(_seconds(workspace.library) for _ in range(TRIALS))
    return [(f"a library with {COMPONENTS} components", _ms(seconds), "<= 30 ms")]


def _r(ws: Workspace, folder: Path) -> list[Row]:
    if shutil.which("Rscript") is None:
        return [("a table to R and back / CSV", "no Rscript", "")]
    rng = np.random.default_rng(0)
    table = pd.DataFrame({f"c{n}": rng.normal(size=R_ROWS) for n in range(R_COLUMNS)})
    data = ws.datasets.register("for R", table)
    step = m.execute_r_script(data, script=SAME)
    run = ws.submit(step).wait(show=False)
    table.to_csv(folder / "in.csv", index=False)
    by_csv = _seconds(lambda: subprocess.run(["Rscript", "-e", BY_CSV], cwd=folder, check=True))
    ratio = (run["execute-r-script"].seconds or 0) / by_csv
    return [(f"{R_ROWS:,} rows to R and back / read.csv and write.csv", f"{ratio:.2f}", "<= 0.1")]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
