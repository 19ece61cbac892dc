"""Schedules queue exactly one run for each due time: with a stopped clock, killed at each write, and as two at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from sqlalchemy import event

from designer.contract.errors import DesignerError
from designer.engine.schedules.firing import fire_by_hand, fire_due
from designer.engine.schedules.watching import MOST_FILES, TooManyFiles, first_look, look, place_of
from designer.pipeline.document import parameter_document, to_document
from designer.pipeline.graph import Node, Pipeline, PipelineParameter
from designer.store.database import Database
from designer.store.history.runs import MostRuns
from designer.store.history.submission import Submission
from designer.store.records import Schedule, ScheduleFire
from designer.store.workspace import Workspace, open_workspace

START = 1_800_000_000.0
HOUR = 3600.0
PATH = PipelineParameter("input", "string", "none")


def publish(workspace: Workspace, input: PipelineParameter = PATH) -> None:
    """A published pipeline with a parameter for a path and one for a number."""
    parameters = {
        "input": input,
        "share": PipelineParameter("share", "number", 0.5, minimum=0, maximum=1),
    }
    pipeline = Pipeline("Nightly", nodes={"a": Node("a", "nothing")}, parameters=parameters)
    workspace.endpoints.create("nightly", kind="pipeline", title="Nightly")
    documents = {name: parameter_document(each) for name, each in parameters.items()}
    workspace.endpoints.add_version("nightly", to_document(pipeline), parameters=documents)


def schedule(workspace: Workspace, name: str = "hourly", **values: Any) -> Schedule:
    """A schedule that is due every hour from START on."""
    settings = {"every": HOUR, "created": START, "changed": START, "checked": START, "next_due": START + HOUR, **values}
    return workspace.schedules.add(Schedule(name=name, endpoint="nightly", **settings))


def fires(workspace: Workspace, name: str = "hourly") -> list[tuple[str, float]]:
    """Outcome and time after START, in hours, oldest first."""
    return [(fire.outcome, (fire.due - START) / HOUR) for fire in reversed(workspace.schedules.fires(name))]


def end_runs(workspace: Workspace, state: str = "finished") -> None:
    for id in workspace.runs.queued():
        attempt = workspace.runs.claim(id, [])
        assert attempt is not None
        workspace.runs.finish(id, attempt, state)


@pytest.fixture
def incoming(tmp_path: Path) -> Path:
    (tmp_path / "incoming").mkdir()
    return tmp_path / "incoming"


@pytest.fixture
def published(workspace: Workspace) -> Workspace:
    publish(workspace)
    return workspace


def test_it_runs_at_its_times_and_not_before(published: Workspace) -> None:
    schedule(published, parameters={"share": 0.25})
    assert fire_due(published, START + 10) == 0
    assert fire_due(published, START + HOUR - 0.01) == 0
    assert fire_due(published, START + HOUR) == 1
    assert fire_due(published, START + HOUR + 1) == 0
    run = published.runs.get(published.runs.queued()[0])
    assert (run.assignments, run.published) == ({"share": 0.25}, "nightly")
    assert run.trigger == {
        "kind": "schedule", "schedule": "hourly", "due": START + HOUR, "endpoint": "nightly", "version": 1,
    }  # fmt: skip
    end_runs(published)
    assert fire_due(published, START + 2 * HOUR + 30) == 1
    assert fires(published) == [("fired", 1), ("fired", 2)]


def test_times_that_were_missed_are_caught_up_with_by_one_run(published: Workspace) -> None:
    schedule(published)
    assert fire_due(published, START + 3.5 * HOUR) == 1
    assert fires(published) == [("missed", 2), ("fired", 3)]
    assert published.schedules.fires("hourly")[0].reason == "catches up with 3 missed times"
    assert fire_due(published, START + 3.6 * HOUR) == 0


def test_or_by_none_and_what_is_older_than_a_day_is_left(published: Workspace) -> None:
    schedule(published, catch_up="skip")
    assert fire_due(published, START + 3.5 * HOUR) == 0
    assert fires(published) == [("missed", 3)]
    assert fire_due(published, START + 4 * HOUR) == 1
    end_runs(published)
    published.schedules.delete("hourly")
    schedule(published, "weekly", every=168 * HOUR, next_due=START + 168 * HOUR)
    assert fire_due(published, START + 200 * HOUR) == 0
    assert fires(published, "weekly") == [("missed", 168)]
    assert fire_due(published, START + 336 * HOUR) == 1


def test_while_its_run_goes_on_a_time_is_skipped_or_queued(published: Workspace) -> None:
    schedule(published)
    schedule(published, "queued", overlap="queue")
    for hour in (1, 2):
        fire_due(published, START + hour * HOUR)
    assert fires(published) == [("fired", 1), ("skipped", 2)]
    assert "has not ended" in published.schedules.fires("hourly")[0].reason
    assert fires(published, "queued") == [("fired", 1), ("fired", 2)]
    end_runs(published)
    fire_due(published, START + 3 * HOUR)
    assert fires(published)[-1] == ("fired", 3)


def archived(workspace: Workspace) -> None:
    workspace.runs.create({"name": "x"}, submission=Submission("old"))
    workspace.experiments.archive("old")
    workspace.schedules.change("hourly", experiment="old")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda w: w.endpoints.change("nightly", state="paused"), "'Nightly' is disabled"),
        (lambda w: w.endpoints.delete("nightly"), "there is no published pipeline 'nightly'"),
        (lambda w: w.schedules.change("hourly", parameters={"share": 7}), "share: 7 is above 1"),
        (lambda w: w.schedules.change("hourly", parameters={"shore": 1}), "Did you mean 'share'?"),
        (lambda w: setattr(w.runs, "most", MostRuns(0, 0)), "are queued"),
        (archived, "'old' is archived"),
    ],
)
def test_what_cannot_run_is_recorded_with_the_reason(
    published: Workspace, spoil: Callable[[Workspace], Any], words: str
) -> None:
    schedule(published)
    spoil(published)
    before = len(published.runs.queued())
    assert fire_due(published, START + HOUR) == 0
    (fire,) = published.schedules.fires("hourly")
    assert (fire.outcome, fire.run_id) == ("failed", None)
    assert words in fire.reason
    assert len(published.runs.queued()) == before
    assert fire_due(published, START + HOUR + 1) == 0


def test_disabled_or_ended_it_rests_and_by_hand_it_runs(published: Workspace) -> None:
    schedule(published, enabled=False)
    schedule(published, "ended", ends=START + 1.5 * HOUR)
    assert fire_due(published, START + HOUR) == 1
    assert published.schedules.get("ended").next_due is None
    assert fires(published) == []
    run = fire_by_hand(published, published.schedules.get("hourly"), START + 100)
    assert run.trigger["kind"] == "schedule"
    published.endpoints.change("nightly", state="paused")
    with pytest.raises(DesignerError, match="is disabled"):
        fire_by_hand(published, published.schedules.get("hourly"), START + 200)
    assert [fire.outcome for fire in published.schedules.fires("hourly")] == ["failed", "fired"]


def test_two_that_look_at_once_queue_one_run(published: Workspace) -> None:
    schedule(published, overlap="queue")
    with ThreadPoolExecutor(8) as pool:
        for hour in range(1, 6):
            queued = list(pool.map(lambda n, now=START + hour * HOUR: fire_due(published, now), range(8)))
            assert sum(queued) == 1
    assert fires(published) == [("fired", hour) for hour in range(1, 6)]


@pytest.mark.parametrize(("first", "changes"), [("2026-03-27", "29"), ("2026-10-23", "25")])
def test_a_clock_that_goes_through_a_change_of_summer_time_runs_once_a_day(
    published: Workspace, first: str, changes: str
) -> None:
    zone = ZoneInfo("Europe/Berlin")
    now = datetime.fromisoformat(f"{first}T12:00").replace(tzinfo=zone).timestamp()
    schedule(
        published, "nightly", every=None, cron="30 2 * * *", timezone="Europe/Berlin", created=now, checked=now,
        next_due=now,
    )  # fmt: skip
    for minute in range(0, 4 * 24 * 60, 10):
        if fire_due(published, now + 60 * minute):
            end_runs(published)
    days = [datetime.fromtimestamp(fire.due, zone).day for fire in published.schedules.fires("nightly")]
    assert len(days) == len(set(days)) == 4
    assert int(changes) in days


def watch_files(workspace: Workspace, place: str, now: float, **values: Any) -> Schedule:
    folder, pattern = place_of(place)
    watch = {"kind": "files", "folder": folder, "pattern": pattern, "poll": 60.0, "into": values.pop("into", "")}
    seen = first_look(workspace, watch)
    return schedule(
        workspace, "watch", every=None, watch=watch, seen=seen, created=now, checked=now, next_due=now + 60, **values
    )


def grown(file: Path, text: str, at: float) -> None:
    file.write_text(text)
    os.utime(file, (at, at))


def test_changed_files_run_one_by_one_with_their_path(published: Workspace, incoming: Path) -> None:
    grown(incoming / "old.csv", "a", START)
    watch_files(published, f"{incoming}/*.csv", START, into="input")
    assert fire_due(published, START + 60) == 0
    for name in ("b.csv", "c.csv", "d.txt", ".e.csv"):
        grown(incoming / name, "a", START + 61)
    assert fire_due(published, START + 120) == 1
    assert fire_due(published, START + 180) == 0  # its run goes on; the other file waits
    end_runs(published)
    assert fire_due(published, START + 240) == 1
    end_runs(published)
    assert fire_due(published, START + 300) == 0
    grown(incoming / "old.csv", "ab", START + 301)
    assert fire_due(published, START + 360) == 1
    paths = [run.assignments["input"] for run in reversed(published.runs.all()) if run.published]
    assert [Path(path).name for path in paths] == ["b.csv", "c.csv", "old.csv"]
    assert published.schedules.fires("watch")[0].reason == "old.csv changed"


def test_a_changed_file_is_named_by_its_datastore_where_the_parameter_asks_for_one(
    workspace: Workspace, incoming: Path
) -> None:
    publish(workspace, PipelineParameter("input", "datapath", "workspace/none.csv"))
    workspace.datastores.register("outer", str(incoming.parent))
    workspace.datastores.register("inner", str(incoming))
    watch_files(workspace, f"{incoming}/**/*.csv", START, into="input")
    (incoming / "below").mkdir()
    grown(incoming / "below" / "a.csv", "a", START + 1)
    assert fire_due(workspace, START + 60) == 1
    assert workspace.runs.get(workspace.runs.queued()[0]).assignments == {"input": "inner/below/a.csv"}
    end_runs(workspace)
    for name in ("inner", "outer"):
        workspace.datastores.remove(name)
    grown(incoming / "b.csv", "a", START + 61)
    assert fire_due(workspace, START + 120) == 0
    (failed, *_) = workspace.schedules.fires("watch")
    assert (failed.outcome, failed.run_id) == ("failed", None)
    assert "'b.csv' lies in no datastore. Register a folder around it" in failed.reason


def test_a_file_that_is_still_written_waits(published: Workspace, incoming: Path) -> None:
    watch_files(published, str(incoming), START)
    grown(incoming / "big.csv", "a", START + 59)
    assert fire_due(published, START + 60) == 0
    grown(incoming / "big.csv", "ab", START + 100)
    assert fire_due(published, START + 120) == 1


def test_all_changes_make_one_run_where_none_is_a_value(published: Workspace, incoming: Path) -> None:
    watch_files(published, str(incoming), START)
    (incoming / "below").mkdir()
    for name in ("a.csv", "below/b.csv"):
        grown(incoming / name, "a", START + 1)
    assert fire_due(published, START + 60) == 1
    assert "and 1 more changed" in published.schedules.fires("watch")[0].reason


def test_a_folder_that_is_gone_is_said_and_its_files_are_no_news_when_it_is_back(
    published: Workspace, incoming: Path
) -> None:
    folder, away = incoming, incoming.with_name("away")
    grown(folder / "a.csv", "a", START)
    watch_files(published, str(folder), START)
    folder.rename(away)
    assert fire_due(published, START + 60) == 0
    assert f"there is no folder '{folder}'" in published.schedules.get("watch").problem
    away.rename(folder)
    assert fire_due(published, START + 120) == 0
    assert published.schedules.get("watch").problem == ""


def test_a_new_version_of_a_dataset_runs_once_with_its_name(published: Workspace) -> None:
    published.datasets.register("sales", pd.DataFrame({"x": [1]}))
    watch = {"kind": "dataset", "name": "sales", "poll": 60.0, "into": "input"}
    schedule(published, "sales", every=None, watch=watch, seen=first_look(published, watch), next_due=START + 60)
    assert fire_due(published, START + 60) == 0
    published.datasets.register("sales", pd.DataFrame({"x": [1, 2]}))
    assert [fire_due(published, START + second) for second in (120, 180, 240)] == [1, 0, 0]
    assert published.runs.get(published.runs.queued()[0]).assignments == {"input": "sales:2"}
    published.datasets.delete("sales")
    assert fire_due(published, START + 300) == 0
    assert published.schedules.get("sales").problem.startswith("the dataset 'sales' is in the trash. Restore it")


def test_too_many_files_are_refused_by_number(
    workspace: Workspace, incoming: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("designer.engine.schedules.watching.MOST_FILES", 3)
    for number in range(5):
        (incoming / f"{number}.csv").touch()
    with pytest.raises(TooManyFiles, match="more than 3 files"):
        look(workspace, {"kind": "files", "folder": str(incoming), "pattern": "**"}, {}, time.time() + 60)
    assert MOST_FILES == 10_000


class Killer:
    """Ends this process by SIGKILL at the n-th statement or commit."""

    def __init__(self, database: Database, at: int) -> None:
        self.count, self.at = 0, at
        engine = database._engine
        event.listen(engine, "before_cursor_execute", self)
        event.listen(engine, "commit", self)

    def __call__(self, *given: Any) -> None:
        self.count += 1
        if self.count == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


def fire_and_die(folder: Path, now: float, at: int) -> bool:
    """Fire in a child process that kills itself at a point; returns whether it lived beyond the last one."""
    child = os.fork()
    if child == 0:
        try:
            with open_workspace(folder) as workspace:
                Killer(workspace.database, at)
                fire_due(workspace, now)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_killed_at_each_statement_there_is_one_run_for_each_time(published: Workspace) -> None:
    """What a killed engine left is taken up by the next one, at the same look or the next."""
    schedule(published, overlap="queue")
    hour, at, has_lived = 0, 0, False
    while not has_lived:
        at, hour = at + 1, hour + 1
        has_lived = fire_and_die(published.path, START + hour * HOUR, at)
        fire_due(published, START + hour * HOUR + 2)
    assert at > 10
    assert fires(published) == [("fired", each) for each in range(1, hour + 1)]
    runs = [run for run in published.runs.all(limit=500) if run.published]
    assert sorted(run.trigger["due"] for run in runs) == [START + each * HOUR for each in range(1, hour + 1)]
    assert sorted(run.id for run in runs) == sorted(
        str(fire.run_id) for fire in published.schedules.fires("hourly", 500)
    )


@pytest.mark.slow
def test_an_engine_that_is_killed_again_and_again_loses_and_doubles_nothing(published: Workspace) -> None:
    now = time.time()
    published.schedules.add(
        Schedule(
            name="second", endpoint="nightly", every=1.0, overlap="queue", created=now, changed=now, checked=now,
            next_due=now + 1,
        )
    )  # fmt: skip
    command = [sys.executable, "-m", "designer.engine.service.daemon", "--workspace", str(published.path)]
    for lives in (1.5, 2.3, 1.9):
        process = subprocess.Popen([*command, "--slots", "1"], stderr=subprocess.DEVNULL)
        until = time.monotonic() + 60
        before = len(published.schedules.fires("second", 1000))
        while len(published.schedules.fires("second", 1000)) == before:
            assert time.monotonic() < until
            time.sleep(0.02)
        time.sleep(lives - 1.2)
        process.kill()
        process.wait()
    rows: list[ScheduleFire] = published.schedules.fires("second", 1000)
    fired = [row for row in rows if row.outcome == "fired"]
    runs = [run for run in published.runs.all(limit=1000) if run.published]
    assert len(fired) >= 3
    assert sorted(str(row.run_id) for row in fired) == sorted(run.id for run in runs)
    assert len({run.trigger["due"] for run in runs}) == len(runs)
