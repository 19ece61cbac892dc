"""Datastores in code: files go up, feed steps, and a change of them runs the steps again."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from designer.contract.errors import DesignerError
from designer.sdk import Parameter, Pipeline, Step, Workspace, modules, script
from designer.store.datastores.filesystem import FileTaken
from tests.servers import KEYS, new_bucket, s3_server

COUNT = """
import pathlib, sys
from designer import step
place = pathlib.Path(sys.argv[2])
files = [place] if place.is_file() else sorted(each for each in place.rglob("*") if each.is_file())
step.log("files", len(files)); step.log("letters", sum(len(each.read_text()) for each in files))
"""


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with s3_server() as address:
        yield address


@pytest.fixture
def shop(workspace: Workspace, tmp_path: Path) -> str:
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("CREATE TABLE orders (id INTEGER, price REAL, city TEXT)")
        connection.execute("INSERT INTO orders VALUES (1, 2.5, 'Oslo'), (2, 4.0, 'Bergen'), (3, 9.5, 'Oslo')")
    connection.close()
    workspace.datastores.register("shop", f"sqlite:///{tmp_path / 'shop.db'}", replace=True)
    return "shop"


def steps_of(workspace: Workspace, step: Step) -> list[Any]:
    """The steps of a run of this one and of what it needs."""
    run = workspace.submit(step).wait()
    return [run[name] for name in run.steps]


@pytest.mark.parametrize("kind", ["own", "s3"])
def test_a_file_of_a_datastore_feeds_a_script_and_its_change_is_noticed(
    workspace: Workspace, tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    store = workspace.datastore
    if kind == "s3":
        server = request.getfixturevalue("endpoint")
        bucket = f"lake-{uuid.uuid4().hex[:8]}"
        new_bucket(server, bucket)
        store = workspace.datastores.register(bucket, f"s3://{bucket}/in?region=us-east-1&endpoint={server}", **KEYS)
    (tmp_path / "count.py").write_text(COUNT)
    (tmp_path / "posts.txt").write_text("twelve words")
    store.upload(tmp_path / "posts.txt", "news")
    with pytest.raises(FileTaken):
        store.upload(tmp_path / "posts.txt", "news")
    step = script(tmp_path / "count.py", "--input", store.path("news/posts.txt"), name="count")
    first = workspace.submit(step).wait()
    assert first["count"].metrics == {"files": 1, "letters": 12}
    assert {each.status for each in steps_of(workspace, step)} == {"reused"}
    (tmp_path / "posts.txt").write_text("more than twelve letters")
    store.upload(tmp_path / "posts.txt", "news", overwrite=True)
    assert workspace.submit(step).wait()["count"].metrics["letters"] == 24
    (tmp_path / "more.txt").write_text("1")
    store.upload_files([tmp_path / "more.txt"], "news")
    folder = script(tmp_path / "count.py", "--input", store.path("news/"), name="count")
    assert workspace.submit(folder).wait()["count"].metrics["files"] == 2
    assert store.files("news") == ["news/more.txt", "news/posts.txt"]
    assert [each.read_text() for each in store.download("news/more.txt", tmp_path / "back")] == ["1"]


def test_each_run_may_name_a_file_of_another_datastore(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "count.py").write_text(COUNT)
    (tmp_path / "lake").mkdir()
    (tmp_path / "lake" / "five.txt").write_text("fives")
    (tmp_path / "three.txt").write_text("abc")
    workspace.datastore.upload(tmp_path / "three.txt", "in", overwrite=True)
    workspace.datastores.register("lake", str(tmp_path / "lake"), replace=True)
    given = workspace.datastore.path(Parameter("input", "in/three.txt"))
    step = script(tmp_path / "count.py", "--input", given, name="count")
    letters = [
        workspace.submit(step, parameters=values).wait(show=False)["count"].metrics["letters"]
        for values in ({}, {"input": "lake/five.txt"}, {"input": "workspace/in/three.txt"})
    ]
    assert letters == [3, 5, 3]
    pipeline = Pipeline(step, name="Count")
    assert pipeline.parameters["input"].default == "workspace/in/three.txt"
    names: dict[str, Any] = {}
    exec(pipeline.to_code(), names)
    assert names["pipeline"] == pipeline
    for path, words in (
        ("none/a.txt", "input: there is no datastore 'none'"),
        ("lake/../a.txt", "input: 'lake/../a.txt' leads out of the datastore. Use the name of a datastore"),
        ("/etc/hosts", "input: '/etc/hosts' names no datastore"),
        (3, "input: 3 is not text"),
    ):
        with pytest.raises(DesignerError) as refused:
            workspace.submit(step, parameters={"input": path})
        assert str(refused.value).startswith(words)
    published = workspace.publish(pipeline, "Count files")
    schedule = workspace.schedules.create(
        "arrivals", published, on_change=workspace.datastore.path("in/*.txt"), into="input"
    )
    assert schedule.fire().wait(show=False)["count"].metrics["letters"] == 3
    (tmp_path / "elsewhere").mkdir()
    with pytest.raises(DesignerError, match="'elsewhere' lies in no datastore"):
        workspace.schedules.create("outside", published, on_change=tmp_path / "elsewhere", into="input")
    schedule.delete()
    bucket = workspace.datastores.register("bucket", "s3://bucket", replace=True)
    with pytest.raises(DesignerError, match="is not a folder of a computer"):
        workspace.schedules.create("bucket", published, on_change=bucket.path("in/*.txt"), into="input")


def test_a_query_feeds_a_step_and_makes_a_dataset(workspace: Workspace, shop: str) -> None:
    store = workspace.datastores[shop]
    assert store.tables() == ["orders"]
    query = store.query("SELECT * FROM orders WHERE price > :least AND city = :city", least=3, city="Oslo")
    assert query.to_pandas().to_dict("list") == {"id": [3], "price": [9.5], "city": ["Oslo"]}
    best = modules.sort(query, columns=["price"])
    run = workspace.submit(best).wait()
    assert run[best.id or "sort"].outputs["results_dataset"].to_pandas()["id"].tolist() == [3]
    assert workspace.datasets.register("oslo", query).to_pandas()["id"].tolist() == [3]


def test_a_changed_database_is_read_again(workspace: Workspace, shop: str, tmp_path: Path) -> None:
    step = workspace.datastores[shop].query("SELECT count(*) AS n FROM orders").as_step()
    workspace.submit(step).wait()
    assert [each.status for each in steps_of(workspace, step)] == ["reused"]
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("DELETE FROM orders WHERE id = 1")
    connection.close()
    assert steps_of(workspace, step)[0].outputs["output_data"].to_pandas()["n"].tolist() == [2]


def test_a_dataset_is_made_of_a_file_of_a_datastore(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "prices.csv").write_text("a;b\n1;2,5\n")
    workspace.datastore.upload(tmp_path / "prices.csv", "in", overwrite=True)
    dataset = workspace.datasets.register("prices", workspace.datastore.path("in/prices.csv"), decimal_mark="Comma")
    assert dataset.to_pandas().to_dict("list") == {"a": [1], "b": [2.5]}
    table = modules.import_data(
        path="in/prices.csv", datastore="workspace", separator="Semicolon", decimal_mark="Comma"
    )
    assert steps_of(workspace, table)[0].outputs["output_data"].to_pandas().to_dict("list") == {"a": [1], "b": [2.5]}


def test_what_is_not_there_is_said(workspace: Workspace) -> None:
    with pytest.raises(DesignerError, match="there is no datastore 'nowhere'"):
        workspace.datastores["nowhere"]
    with pytest.raises(DesignerError, match="'workspace' has no 'nothing'"):
        workspace.submit(workspace.datastore.path("nothing/").as_step()).wait()


def test_a_table_that_is_dropped_before_it_is_read_fails_the_step_with_the_words_of_the_database(
    workspace: Workspace, shop: str, tmp_path: Path
) -> None:
    step = workspace.datastores[shop].query("SELECT id\nFROM orders").as_step()
    assert list(workspace.check(step)) == []
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("DROP TABLE orders")
    connection.close()
    with pytest.raises(DesignerError, match="no such table: orders"):
        workspace.submit(step, regenerate_outputs=True).wait(show=False)
