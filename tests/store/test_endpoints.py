"""Endpoints: versions, keys stored as digests only, and request counts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from designer.contract.errors import FileMissing, InvalidParameter
from designer.store.workspace import Workspace


def test_versions_count_up_and_the_default_one_answers(workspace: Workspace) -> None:
    workspace.endpoints.create("income")
    first = workspace.endpoints.add_version("income", {"v": 1}, engine="onnx", artifacts={"model": "d"})
    second = workspace.endpoints.add_version("income", {"v": 2}, make_default=False)
    assert (first.version, second.version) == (1, 2)
    assert workspace.endpoints.version("income").document == {"v": 1}
    workspace.endpoints.change("income", default_version=2)
    assert workspace.endpoints.version("income").document == {"v": 2}
    assert [row.version for row in workspace.endpoints.versions("income")] == [2, 1]


@pytest.mark.parametrize("name", ["", "Income", "a b", "-a", "a/../b", "x" * 64])
def test_name_that_is_no_address_is_refused(workspace: Workspace, name: str) -> None:
    with pytest.raises(InvalidParameter, match="cannot be an address"):
        workspace.endpoints.create(name)


def test_key_opens_its_slot_until_it_is_replaced(workspace: Workspace) -> None:
    workspace.endpoints.create("income")
    old, other = workspace.endpoints.new_key("income"), workspace.endpoints.new_key("income", "secondary")
    assert workspace.endpoints.key_slot("income", old) == "primary"
    new = workspace.endpoints.new_key("income", "primary")
    slots = [workspace.endpoints.key_slot("income", key) for key in (old, new, other, "", new.upper())]
    assert slots == [None, "primary", "secondary", None, None]
    workspace.endpoints.revoke_key("income", "secondary")
    assert workspace.endpoints.key_slot("income", other) is None


def test_no_key_is_in_the_database(workspace: Workspace) -> None:
    workspace.endpoints.create("income")
    key = workspace.endpoints.new_key("income")
    workspace.close()
    files = [file.read_bytes() for file in workspace.path.glob("designer.db*")]
    assert not any(key.encode() in content for content in files)
    assert any(key[:8].encode() in content for content in files)


def test_stamp_changes_with_every_change_a_scoring_process_must_know(workspace: Workspace) -> None:
    stamps = {workspace.endpoints.stamp()}
    workspace.endpoints.create("income")
    stamps.add(workspace.endpoints.stamp())
    workspace.endpoints.add_version("income", {})
    stamps.add(workspace.endpoints.stamp())
    workspace.endpoints.new_key("income")
    stamps.add(workspace.endpoints.stamp())
    workspace.endpoints.delete("income")
    stamps.add(workspace.endpoints.stamp())
    assert len(stamps) == 4  # no endpoint and a deleted one give the same stamp
    assert workspace.endpoints.stamp() in stamps


def test_counts_of_several_threads_add_up(workspace: Workspace) -> None:
    workspace.endpoints.create("income")

    def count(number: int) -> None:
        workspace.endpoints.count_requests(
            "income", 1, 100, requests=2, rows=5, errors=1, seconds=0.5, slowest=float(number)
        )

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count, range(20)))
    (row,) = workspace.endpoints.request_counts("income")
    assert (row.requests, row.rows, row.errors, row.seconds, row.slowest) == (40, 100, 20, 10.0, 19.0)


def test_deleted_endpoint_takes_everything_with_it(workspace: Workspace) -> None:
    workspace.endpoints.create("income")
    workspace.endpoints.add_version("income", {})
    key = workspace.endpoints.new_key("income")
    workspace.endpoints.delete("income")
    workspace.endpoints.create("income")
    assert workspace.endpoints.versions("income") == []
    assert workspace.endpoints.key_slot("income", key) is None
    with pytest.raises(FileMissing, match="no version"):
        workspace.endpoints.version("income")
