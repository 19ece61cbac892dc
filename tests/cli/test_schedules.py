"""`designer schedule` and `designer service`: every action of the page of schedules, and refusals in one sentence."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cli.terminal import designer


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a published pipeline that has a parameter."""
    workspace = tmp_path_factory.mktemp("schedules") / "workspace"
    made(workspace, "pipeline", "new", "--template", "car-prices")
    designer("parameter", "promote", "Car prices", "split.fraction", "--name", "share", workspace=workspace)
    designer("published", "add", "Prices", "--pipeline", "Car prices", "--version", "1.0", workspace=workspace)
    return workspace


def made(workspace: Path, *words: str) -> Any:
    return json.loads(designer(*words, "--json", workspace=workspace).stdout)


def test_a_schedule_is_added_shown_changed_fired_and_deleted(workspace: Path) -> None:
    row = made(
        workspace, "schedule", "add", "nightly", "Prices", "--cron", "30 2 * * *", "--timezone",
        "W. Europe Standard Time", "--param", "share=0.6", "--experiment", "night", "--catch-up", "skip",
    )  # fmt: skip
    assert (row["when"], row["timezone"]) == ("At 02:30 every day, Europe/Berlin", "Europe/Berlin")
    assert (row["parameters"], row["enabled"], row["version"]) == ({"share": 0.6}, True, None)
    assert len(row["times"]) == 5
    assert row["fires"] == []
    assert made(workspace, "run", "list") == []

    run = made(workspace, "schedule", "fire", "nightly")
    assert (run["experiment"], run["assignments"], run["trigger"]["schedule"]) == ("night", {"share": 0.6}, "nightly")
    (fire,) = made(workspace, "schedule", "fires", "nightly")
    assert (fire["outcome"], fire["run"], fire["reason"]) == ("fired", run["id"], "by hand")

    shown = designer("schedule", "show", "nightly", workspace=workspace)
    assert "At 02:30 every day" in shown.stdout
    assert "no engine is running" in shown.stderr
    assert "At 02:30 every day" in designer("schedule", "list", workspace=workspace).stdout

    assert made(workspace, "schedule", "disable", "nightly")["next_due"] is None
    assert made(workspace, "schedule", "enable", "nightly")["next_due"]
    changed = made(workspace, "schedule", "add", "nightly", "Prices", "--every", "15m", "--replace", "--version", "1.0")
    assert (changed["when"], changed["parameters"], changed["version"]) == ("Every 15m", {}, 1)
    assert len(changed["fires"]) == 1
    refused = designer("published", "delete", "Prices", "--yes", workspace=workspace, code=2)
    assert "is run by 1 schedule ('nightly')" in refused.stderr
    designer("schedule", "delete", "nightly", "--yes", workspace=workspace)
    answer = designer("schedule", "list", workspace=workspace)
    assert (answer.stdout, answer.stderr) == ("", "There are no schedules.\n")
    made(workspace, "run", "cancel", run["id"])


def test_a_schedule_watches_files_and_a_dataset(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text("x\n1\n")
    made(workspace, "dataset", "add", str(tmp_path / "sales.csv"))
    row = made(workspace, "schedule", "add", "files", "Prices", "--on-files", f"{tmp_path}/*.csv", "--poll", "30s")
    assert row["when"] == f"On a change of {tmp_path}/*.csv"
    assert row["watch"]["poll"] == 30
    refused = designer(
        "schedule", "add", "dataset", "Prices", "--on-dataset", "sales", "--into", "share", workspace=workspace, code=2
    )
    assert "'share' does not take the name of a dataset" in refused.stderr
    row = made(workspace, "schedule", "add", "dataset", "Prices", "--on-dataset", "sales")
    assert row["when"] == "On a new version of sales"
    assert [each["name"] for each in made(workspace, "schedule", "list", "--published", "prices")] == [
        "dataset",
        "files",
    ]
    for name in ("files", "dataset"):
        designer("schedule", "delete", name, "--yes", workspace=workspace)


def test_times_are_said_before_they_are_kept(workspace: Path) -> None:
    answer = made(workspace, "schedule", "times", "--cron", "@weekly", "--timezone", "Asia/Tokyo")
    assert answer["words"] == "At 00:00 on Sunday, Asia/Tokyo"
    assert [time[11:] for time in answer["times"]] == ["00:00:00 JST"] * 5


def test_every_time_of_a_schedule_is_printed_in_its_zone(workspace: Path) -> None:
    row = made(
        workspace, "schedule", "add", "tokyo", "Prices", "--cron", "30 2 * * *", "--timezone", "Asia/Tokyo",
        "--starts", "2026-01-01T06:00", "--ends", "2099-01-01",
    )  # fmt: skip
    assert (row["starts"], row["ends"]) == ("2026-01-01 06:00:00 JST", "2099-01-01 00:00:00 JST")
    run = made(workspace, "schedule", "fire", "tokyo")
    assert made(workspace, "schedule", "fires", "tokyo")[0]["due"].endswith(" JST")
    for words in (["times", "--cron", "30 2 * * *", "--timezone", "Asia/Tokyo"], ["list"], ["show", "tokyo"]):
        assert "02:30:00 JST" in designer("schedule", *words, workspace=workspace).stdout
    designer("schedule", "delete", "tokyo", "--yes", workspace=workspace)
    made(workspace, "run", "cancel", run["id"])


def test_the_zone_that_was_chosen_is_shown_by_its_name(workspace: Path) -> None:
    assert made(workspace, "schedule", "times", "--cron", "@daily", "--timezone", "utc")["timezone"] == "UTC"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--cron", "61 * * * *"], "cron: the minute '61' does not fit"),
        (["--cron", "0 0 30 2 *"], "day 30 of month 2 never happens"),
        (["--cron", "0 0 0 * * *"], "has 6 fields"),
        (["--cron", "@daily", "--timezone", "Mars/Base"], "there is no time zone 'Mars/Base'"),
        (["--every", "1s"], "'1s' is too short"),
        (["--every", "15m", "--cron", "@daily"], "cron and every are both given"),
        (["--cron", "@daily", "--timezone", "CEST"], "Write it as a place, such as Europe/Berlin."),
        (["--cron", "@daily", "--timezone", "Mars/X"], "Write it as a place, such as Europe/Berlin."),
        (["--cron", "@daily", "--timezone", "berlin"], "Did you mean 'Europe/Berlin'?"),
        ([], "no time is given"),
        (["--every", "15m", "--into", "share"], "into: nothing is watched whose change is a value"),
        (["--on-files", "/tmp", "--poll", "often"], "poll: 'often' is no length of time"),
        (["--every", "15m", "--param", "share=7"], "share: 7 is above 1"),
        (["--every", "15m", "--param", "shore=7"], "Did you mean 'share'?"),
        (["--every", "15m", "--catch-up", "twice"], "'twice' is not one of the choices. Choose once or skip."),
        (["--every", "15m", "--overlap", "kill"], "Choose skip or queue."),
        (["--every", "15m", "--version", "9.0"], "has no version '9.0'"),
        (["--every", "15m", "--ends", "2020-01-01"], "there is no time left before it ends"),
        (["--every", "15m", "--starts", "2030-01-02", "--ends", "2030-01-01"], "it ends before it starts"),
        (["--every", "15m", "--starts", "soon"], "'soon' is no time"),
        (["--on-files", "/nowhere/at/all/*.csv"], "there is no folder '/nowhere/at/all' to watch"),
        (["--on-dataset", "nothing"], "nothing"),
        (["--on-files", "/tmp", "--into", "path"], "has no parameter 'path'"),
        (
            ["--on-files", "/tmp", "--into", "share"],
            "into: 'share' does not take the path of a file: its type is number",
        ),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(workspace: Path, words: list[str], message: str) -> None:
    answer = designer("schedule", "add", "bad", "Prices", *words, workspace=workspace, code=2)
    assert message in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1
    assert made(workspace, "schedule", "list") == []


@pytest.mark.parametrize("verb", ["show", "enable", "disable", "fire", "fires"])
def test_a_schedule_that_is_not_there_is_said(workspace: Path, verb: str) -> None:
    answer = designer("schedule", verb, "nothing", workspace=workspace, code=2)
    assert "there is no schedule 'nothing'" in answer.stderr


def test_the_service_of_a_workspace_is_written_read_by_systemd_and_removed(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("DESIGNER_RUNS_AT_ONCE", "2")
    place = workspace.parent / "50% of $HOME"
    place.mkdir()
    unit = Path(made(place, "service", "install", "--no-start", "--port", "9000")["unit"])
    assert unit.parent == tmp_path / "config" / "systemd" / "user"
    text = unit.read_text()
    assert '"' + str(place).replace("%", "%%").replace("$", "$$") + '" --port 9000 --no-open' in text
    assert "Environment=DESIGNER_RUNS_AT_ONCE=2" in text
    assert designer("service", "show", workspace=place).stdout == text
    designer("service", "remove", "--no-start", workspace=place)
    assert not unit.exists()
    assert "no service is installed" in designer("service", "remove", workspace=place, code=2).stderr


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    from designer.cli.starting.service import unit_of

    file = tmp_path / "designer-test.service"
    file.write_text(unit_of(tmp_path, 8321))
    try:
        ended = subprocess.run(["systemd-analyze", "--user", "verify", str(file)], capture_output=True, text=True)
    except FileNotFoundError:
        assert "ExecStart=" in file.read_text()  # no systemd here: the text is compared above
    else:
        assert "designer-test" not in ended.stderr
