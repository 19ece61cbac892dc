"""Parameters of a saved pipeline are made, changed and removed by commands, as on its page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from designer.store.workspace import open_workspace
from tests.cli.terminal import designer

NAME = "Car prices"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    designer("pipeline", "new", "--template", "car-prices", workspace=folder)
    return folder


def made(workspace: Path, *words: str) -> Any:
    return json.loads(designer("parameter", *words, "--json", workspace=workspace).stdout)


def test_a_field_is_promoted_changed_and_detached_again(workspace: Path) -> None:
    (share,) = made(workspace, "promote", NAME, "split.fraction", "--name", "share")
    assert (share["type"], share["minimum"], share["maximum"]) == ("number", 0, 1)
    assert share["fills"] == [{"node": "split", "parameter": "fraction"}]
    words = ("--default", "0.8", "--minimum", "0.5", "--maximum", "", "--title", "Share", "--rename", "part")
    (part,) = made(workspace, "set", NAME, "share", *words)
    assert (part["name"], part["default"], part["minimum"], part["maximum"]) == ("part", 0.8, 0.5, None)
    listed = designer("parameter", "list", NAME, workspace=workspace).stdout
    assert listed.split() == ["part", "number", "=", "0.8", "at", "least", "0.5", "split.fraction"]
    assert made(workspace, "demote", NAME, "split.fraction") == []
    with open_workspace(workspace) as opened:
        (draft,) = opened.drafts.all()
        assert draft.document["nodes"]["split"]["parameters"]["fraction"] == 0.8
        assert "parameters" not in draft.document


def test_a_removed_parameter_leaves_its_default(workspace: Path) -> None:
    made(workspace, "promote", NAME, "split.seed")
    assert made(workspace, "set", NAME, "seed", "--default", "7")[0]["default"] == 7
    assert made(workspace, "remove", NAME, "seed") == []
    with open_workspace(workspace) as opened:
        assert opened.drafts.all()[0].document["nodes"]["split"]["parameters"]["seed"] == 7


def test_a_submitted_run_has_the_values_and_is_refused_without_them(workspace: Path) -> None:
    made(workspace, "promote", NAME, "split.fraction", "--name", "share")
    made(workspace, "set", NAME, "share", "--default", "")
    refused = designer("run", "submit", NAME, workspace=workspace, code=2).stderr
    assert "share: no value is given, and it has no default. Use a number at least 0 and at most 1." in refused
    row = json.loads(designer("run", "submit", NAME, "--param", "share=0.6", "--json", workspace=workspace).stdout)
    assert row["assignments"] == {"share": 0.6}
    again = designer("run", "submit", NAME, "--param", "share=0.7", workspace=workspace, code=75).stderr
    assert "is running with other values" in again


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("promote", NAME, "split.fractoin"), "Split Data has no parameter 'fractoin'"),
        (("promote", NAME, "fraction"), "'fraction' names no field. Write NODE.PARAMETER."),
        (("promote", NAME, "split.fraction", "--name", "a b"), "'a b' cannot be the name of a parameter"),
        (("demote", NAME, "split.fraction"), "'fraction' of 'split' is no pipeline parameter"),
        (("set", NAME, "share", "--default", "1"), "the pipeline has no parameter 'share': it has none"),
        (("remove", NAME, "share"), "the pipeline has no parameter 'share': it has none"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(workspace: Path, words: tuple[str, ...], error: str) -> None:
    assert error in designer("parameter", *words, workspace=workspace, code=2).stderr


@pytest.mark.parametrize(
    ("option", "text", "error"),
    [
        ("--default", "nan", "share: 'nan' is not a number."),
        ("--default", "2", "share: 2 is above 1."),
        ("--minimum", "low", "minimum: 'low' is not a number."),
        ("--minimum", "2", "share: the minimum is above the maximum."),
        ("--rename", "1st", "'1st' cannot be the name of a parameter"),
    ],
)
def test_a_change_that_does_not_fit_is_refused(workspace: Path, option: str, text: str, error: str) -> None:
    made(workspace, "promote", NAME, "split.fraction", "--name", "share")
    made(workspace, "set", NAME, "share", "--default", "")
    assert error in designer("parameter", "set", NAME, "share", option, text, workspace=workspace, code=2).stderr
