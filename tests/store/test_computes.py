"""Computes: names, addresses that are not open to others, numbers of workers, and what a run uses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from designer.contract.errors import DesignerError
from designer.store.computes import ComputeInUse, ComputeMissing, ComputeOrder, ComputeTaken
from designer.store.history.submission import Submission
from designer.store.workspace import Workspace

LAB = ComputeOrder(address="tcp://127.0.0.1:8786")
DOCUMENT: dict[str, Any] = {"format": 2, "name": "p", "nodes": {"a": {"module": "m"}, "b": {"module": "m"}}}


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:8786", "tcp://localhost:1", "tcp://[::1]:8786", " tcp://127.9.9.9:5/ "]
)
def test_loopback_needs_no_encryption(address: str) -> None:
    assert ComputeOrder(address=address).row("lab").kind == "cluster"


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (ComputeOrder(address="127.0.0.1:8786"), "'127.0.0.1:8786' is not the address of a scheduler"),
        (ComputeOrder(address="tcp://127.0.0.1"), "is not the address of a scheduler. Write tcp://127.0.0.1:8786"),
        (ComputeOrder(address="tcp://127.0.0.1:99999"), "is not the address of a scheduler"),
        (ComputeOrder(address="http://127.0.0.1:80"), "is not the address of a scheduler"),
        (ComputeOrder(address="tcp://10.0.0.5:8786"), "whoever reaches the port of a scheduler or a worker can run"),
        (ComputeOrder(address="tcp://0.0.0.0:8786"), "whoever reaches the port"),
        (ComputeOrder(address="tcp://127.0.0.1.example.org:1"), "whoever reaches the port"),
        (ComputeOrder(address="tls://10.0.0.5:8786"), "the address needs the files of TLS"),
        (ComputeOrder(address="tls://h:1", tls={"ca": "/x"}), "the file 'certificate' of TLS is not given"),
        (ComputeOrder(minimum=3, maximum=2), "the number of workers cannot be 3 to 2"),
        (ComputeOrder(maximum=0), "the number of workers cannot be 0 to 0"),
        (ComputeOrder(minimum=-1), "the number of workers cannot be -1 to 1"),
        (ComputeOrder(maximum=1001), "at most 1,000"),
        (ComputeOrder(threads=0), "threads, memory or idle seconds are too few"),
        (ComputeOrder(idle_seconds=float("nan")), "threads, memory or idle seconds are too few"),
    ],
)
def test_what_cannot_be_is_refused_in_words(order: ComputeOrder, words: str) -> None:
    with pytest.raises(DesignerError) as refused:
        order.row("lab")
    assert words in str(refused.value)


@pytest.mark.parametrize("name", ["", "local", "<b>", "a b", "x" * 65, "../x"])
def test_names_that_cannot_be(workspace: Workspace, name: str) -> None:
    with pytest.raises(DesignerError, match="cannot name a compute"):
        workspace.computes.add(name, LAB)


def test_another_computer_needs_all_files_of_tls(workspace: Workspace, tmp_path: Path) -> None:
    files = {name: str(tmp_path / name) for name in ("ca", "certificate", "key")}
    order = ComputeOrder(address="tls://farm.example:8786", tls=files)
    with pytest.raises(DesignerError, match="there is no file 'ca' for 'ca'"):
        workspace.computes.add("farm", order)
    for path in files.values():
        Path(path).write_text("")
    assert workspace.computes.add("farm", order).tls == files


def test_one_default_and_changes_by_name(workspace: Workspace) -> None:
    assert workspace.computes.default == ""
    workspace.computes.add("lab", LAB)
    workspace.computes.add("small", ComputeOrder(maximum=4))
    assert workspace.computes.set_default("small") == "small"
    with pytest.raises(ComputeTaken):
        workspace.computes.add("small", LAB)
    workspace.computes.add("small", LAB, replace=True)
    assert workspace.computes.default == "small"
    assert workspace.computes.set_default("local") == "local"
    assert workspace.computes.default == ""
    with pytest.raises(ComputeMissing, match=r"there is no compute 'smal'\. Did you mean 'small'"):
        workspace.computes.get("smal")


def test_a_compute_in_use_is_not_removed(workspace: Workspace) -> None:
    workspace.computes.add("lab", LAB)
    run = workspace.runs.create(DOCUMENT, submission=Submission(compute="lab"))
    with pytest.raises(ComputeInUse, match="'p' runs on 'lab'"):
        workspace.computes.remove("lab")
    workspace.runs.request_cancel(run.id)
    nodes = {**DOCUMENT["nodes"], "b": {"module": "m", "compute": "lab"}}
    run = workspace.runs.create({**DOCUMENT, "nodes": nodes})
    assert [each.id for each in workspace.computes.runs_using("lab")] == [run.id]
    workspace.runs.request_cancel(run.id)
    assert workspace.computes.remove("lab").name == "lab"
    assert workspace.computes.all() == []
