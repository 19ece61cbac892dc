"""An endpoint's statistics of the last hour count requests that reached no version, and survive a restart."""

import json
import time
from pathlib import Path

import pytest

from designer.serving.realtime import Application
from designer.serving.statistics import KEPT_SAMPLES, MINUTES, SAMPLES, Statistics
from designer.serving.watch import KEPT, Watch
from designer.store.workspace import Workspace, open_workspace


@pytest.fixture
def busy() -> Statistics:
    """A thousand answers with latencies of 1 to 1,000 milliseconds."""
    statistics = Statistics()
    for number in range(1000):
        statistics.add("income", 2, (number + 1) / 1000, 1, number % 10 == 0)
    return statistics


def test_a_refusal_before_a_version_is_an_error_that_was_not_timed(busy: Statistics) -> None:
    for _ in range(500):
        busy.refuse("income")
    hour = busy.hour("income")
    assert sum(minute["requests"] or 0 for minute in hour) == 1500
    assert sum(minute["errors"] or 0 for minute in hour) == 600
    assert hour[-1]["p50"] == pytest.approx(501, abs=1)


def test_where_no_version_was_reached_there_is_no_latency() -> None:
    statistics = Statistics()
    statistics.refuse("income")
    (minute,) = statistics.hour("income")
    assert (minute["requests"], minute["errors"], minute["p50"], minute["p95"]) == (1, 1, None, None)
    (pending,) = statistics.take_pending().values()
    assert (pending.requests, pending.errors, pending.seconds) == (1, 1, 0)


def test_the_last_hour_survives_and_is_not_counted_twice(busy: Statistics) -> None:
    busy.take_pending()
    after = Statistics()
    after.restore(json.loads(json.dumps(busy.to_json())))
    (kept,), (was,) = after.hour("income"), busy.hour("income")
    assert [kept[name] for name in ("minute", "requests", "errors", "rows")] == [
        was[name] for name in ("minute", "requests", "errors", "rows")
    ]
    assert kept["p50"] == pytest.approx(was["p50"], rel=0.02)
    assert kept["p95"] == pytest.approx(was["p95"], rel=0.02)
    assert after.take_pending() == {}
    after.add("income", 2, 0.5, 1, False)
    assert sum(minute.requests for minute in after.take_pending().values()) == 1


def test_statistics_are_kept_within_bounds() -> None:
    statistics = Statistics()
    for _ in range(SAMPLES * 3):
        statistics.add("income", 1, 0.001, 1, False)
    (kept,) = statistics.to_json()
    assert kept["requests"] == SAMPLES * 3
    assert len(kept["seconds_of"]) == KEPT_SAMPLES


def test_what_is_older_than_an_hour_is_not_restored(busy: Statistics) -> None:
    document = busy.to_json()
    document[0]["minute"] = int(time.time() // 60) - MINUTES - 1
    after = Statistics()
    after.restore(document)
    assert after.names() == []


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    with open_workspace(tmp_path) as opened:
        return opened


async def test_a_process_goes_on_from_where_the_one_before_left_off(workspace: Workspace, busy: Statistics) -> None:
    before = Watch(workspace, Application())
    before.application.statistics = busy
    await before.close()
    after = Watch(workspace, Application())
    after.restore()
    assert after.application.statistics.hour("income")[-1]["requests"] == 1000
    assert sum(counted.requests for counted in workspace.endpoints.request_counts("income")) == 1000
    await after.close()
    assert sum(counted.requests for counted in workspace.endpoints.request_counts("income")) == 1000


@pytest.mark.parametrize(
    "left", ["", "{", "[1]", '[{"endpoint": "a"}]', '[{"endpoint": "a", "version": 1, "minute": 99999999, "x": 1}]']
)
def test_figures_that_cannot_be_read_begin_anew(
    workspace: Workspace, left: str, caplog: pytest.LogCaptureFixture
) -> None:
    (workspace.path / KEPT).write_text(left)
    watch = Watch(workspace, Application())
    watch.restore()
    assert watch.application.statistics.names() == []
    assert "begin anew" in caplog.text
