"""Schedules by code."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from designer.contract.errors import FileMissing, InvalidParameter
from designer.sdk import Parameter, Workspace, modules
from designer.store.schedules import NameTaken


@pytest.fixture(scope="module")
def published(workspace: Workspace) -> str:
    step = modules.enter_data_manually(data="x\n1\n2\n", has_header=True)
    half, _ = modules.split_data(step, fraction=Parameter("share", 0.5))
    return workspace.publish(half, "Halves").address


def test_a_schedule_is_made_found_fired_and_deleted(workspace: Workspace, published: str) -> None:
    ends = datetime.now().astimezone() + timedelta(days=3)
    nightly = workspace.schedules.create(
        "nightly", workspace.published["Halves"], cron="@daily", timezone="Europe/Berlin", parameters={"share": 0.25},
        ends=ends,
    )  # fmt: skip
    assert (nightly.when, nightly.published) == ("At 00:00 every day, Europe/Berlin", "halves")
    assert 2 <= len(nightly.next_times) <= 3
    assert nightly.next_times[0].astimezone().tzinfo is not None
    assert nightly.fires == []
    with pytest.raises(NameTaken):
        workspace.schedules.create("nightly", "Halves", every="1h")
    run = nightly.fire().wait(show=False)
    assert run.status == "finished"
    (fire,) = nightly.fires
    assert (fire.outcome, fire.reason, fire.run.id if fire.run else "") == ("fired", "by hand", run.id)
    assert not nightly.is_failing
    nightly.disable()
    assert (nightly.is_enabled, nightly.next_times) == (False, [])
    nightly.enable()
    assert [each.name for each in workspace.schedules] == ["nightly"]
    nightly.delete()
    assert len(workspace.schedules) == 0
    with pytest.raises(FileMissing, match="no schedule 'nightly'"):
        workspace.schedules["nightly"]


def test_a_dataset_and_files_are_watched(workspace: Workspace, published: str, tmp_path: Path) -> None:
    import pandas as pd

    sales = workspace.datasets.register("sales", pd.DataFrame({"x": [1]}))
    schedule = workspace.schedules.create("sales", published, on_change=sales)
    assert schedule.when == "On a new version of sales"
    schedule = workspace.schedules.create("files", published, on_change=tmp_path / "*.csv", poll="10s")
    assert schedule.when == f"On a change of {tmp_path}/*.csv"
    (tmp_path / "a.csv").write_text("x")
    workspace.datastore.upload(tmp_path / "a.csv", "in", overwrite=True)
    schedule = workspace.schedules.create("store", published, on_change=workspace.datastore.path("in/*.csv"))
    assert schedule.when == f"On a change of {workspace.datastore.address}/in/*.csv"
    with pytest.raises(InvalidParameter, match="cannot be watched"):
        workspace.schedules.create("bad", published, on_change=3)  # type: ignore[arg-type]
    for each in workspace.schedules:
        each.delete()
