"""Versions of components: immutable, numbered, one of them the default."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from designer.contract.component import Command, ComponentSpec, InvalidComponent
from designer.contract.errors import FileMissing
from designer.store.components import VersionTaken
from designer.store.workspace import Workspace, open_workspace

SPEC = ComponentSpec("fit", "", Command("python", "fit.py"))


def changed(number: int) -> ComponentSpec:
    return replace(SPEC, command=Command("python", f"fit{number}.py"))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path)


def test_without_a_version_the_next_number_is_taken_and_equal_content_keeps_its_own(workspace: Workspace) -> None:
    components = workspace.components
    assert [components.register(changed(n), "script").version for n in (1, 2, 1, 2, 3)] == ["1", "2", "1", "2", "3"]
    assert [row.version for row in components.versions("fit")] == ["3", "2", "1"]


def test_other_content_under_a_version_is_refused(workspace: Workspace) -> None:
    workspace.components.register(replace(SPEC, version="1.3"), "yaml")
    workspace.components.register(replace(SPEC, version="1.3", title="Renamed"), "yaml")  # texts are no content
    with pytest.raises(VersionTaken, match=r"version 1\.3 of 'fit' exists with other content"):
        workspace.components.register(replace(changed(2), version="1.3"), "yaml")


def test_the_newest_is_the_default_until_another_is_chosen(workspace: Workspace) -> None:
    for number in (1, 2):
        workspace.components.register(changed(number), "script")
    assert workspace.components.offered() == ["fit@2"]
    workspace.components.set_default("fit", "1")
    assert workspace.components.offered() == ["fit@1"]
    assert workspace.components.get("fit").version == "1"


def test_an_archived_component_is_offered_no_more_and_pipelines_keep_it(workspace: Workspace) -> None:
    workspace.components.register(SPEC, "script")
    workspace.components.archive("fit")
    assert workspace.components.offered() == []
    assert [row.name for row in workspace.components.all(archived=True)] == ["fit"]
    assert "fit@1" in workspace.library()
    workspace.components.archive("fit", archived=False)
    assert workspace.components.offered() == ["fit@1"]


def test_a_component_kept_for_one_pipeline_is_offered_nowhere(workspace: Workspace) -> None:
    spec = workspace.components.keep(SPEC, "script")
    assert workspace.components.keep(SPEC, "script") == spec
    assert spec.version == SPEC.digest[:12]
    assert workspace.components.offered() == []
    assert spec.id in workspace.library()
    with pytest.raises(FileMissing):
        workspace.components.get("fit")


def test_an_unknown_name_or_version_is_named_with_those_there_are(workspace: Workspace) -> None:
    workspace.components.register(SPEC, "script")
    with pytest.raises(FileMissing, match="no component 'fat'"):
        workspace.components.get("fat")
    with pytest.raises(FileMissing, match=r"with version 7\. Its versions: 1"):
        workspace.components.set_default("fit", "7")


@pytest.mark.parametrize("name", ["a/b", "..", "x" * 300])
def test_a_bad_name_is_refused(workspace: Workspace, name: str) -> None:
    with pytest.raises(InvalidComponent):
        workspace.components.register(replace(SPEC, name=name), "script")


def test_a_change_is_seen_by_its_stamp(workspace: Workspace) -> None:
    stamps = [workspace.components.stamp()]
    workspace.components.register(changed(1), "script")
    stamps.append(workspace.components.stamp())
    workspace.components.archive("fit")
    stamps.append(workspace.components.stamp())
    assert len(set(stamps)) == 3
