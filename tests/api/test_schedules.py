"""Schedules over HTTP: added, shown with their times, fired, disabled, replaced, removed."""

from __future__ import annotations

from pathlib import Path

from tests.api.conftest import Client
from tests.api.test_published import with_share


def test_a_schedule_is_added_fired_replaced_and_removed(client: Client) -> None:
    client.post("/published", json={"document": with_share(), "name": "Nightly"})
    order = {"published": "Nightly", "when": {"cron": "30 2 * * *", "timezone": "Europe/Oslo"},
             "parameters": {"share": 0.25}}  # fmt: skip
    made = client.put("/schedules/at%20night", json=order)
    assert (made.status_code, made.json()["name"], made.json()["endpoint"]) == (201, "at night", "nightly"), made.text
    path = "/schedules/at%20night"
    assert client.put(path, json={**order, "when": {"every": "1h"}}).status_code == 200
    assert client.get(path).json()["every"] == 3600
    assert client.refusal("PUT", path, 409, json={**order, "replaces": False})["code"] == "schedule.taken"
    first, second, *_ = client.get(f"{path}/times").json()
    assert second - first == 3600
    run = client.post(f"{path}/fire")
    assert (run.status_code, run.json()["assignments"]) == (202, {"share": 0.25})
    client.post(f"/runs/{run.json()['id']}/cancel")
    standing = client.get(f"{path}/fires").json()
    assert [fire["run_id"] for fire in standing["fires"]] == [run.json()["id"]]
    assert client.patch(path, json={"enabled": False}).json()["enabled"] is False
    assert client.get(f"{path}/times").json() == []
    assert [row["name"] for row in client.get("/schedules").json()] == ["at night"]
    assert client.delete(path).status_code == 204
    client.refusal("GET", path, 404)


def test_a_time_that_cannot_be_is_refused_with_its_field(client: Client, tmp_path: Path) -> None:
    client.post("/published", json={"document": with_share(), "name": "Nightly"})
    for when, where in (
        ({"cron": "61 * * * *"}, "cron"),
        ({"cron": "0 0 30 2 *"}, "cron"),
        ({"cron": "0 0 * * *", "timezone": "Mars/Olympus"}, "timezone"),
        ({"every": "soon"}, "every"),
        ({}, "cron"),
    ):
        error = client.refusal("PUT", "/schedules/never", 422, json={"published": "Nightly", "when": when})
        assert error["where"]["parameter"] == where, error
    client.refusal("PUT", "/schedules/never", 422, json={"published": "nobody", "when": {"every": "1h"}})
    assert client.get("/schedules").json() == []
