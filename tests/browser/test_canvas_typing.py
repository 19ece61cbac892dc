"""Typed text is saved, even if the page is reloaded or closed before anything was sent."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from designer.pipeline.graph import Note, Pipeline
from tests.browser.canvas_page import SMALL, CanvasPage, Opener

pytestmark = pytest.mark.browser

NOTED = Pipeline(
    SMALL.name, SMALL.kind, SMALL.nodes, SMALL.edges, SMALL.layout, (Note("note", "Before", 560, 20, 200, 80),)
)


def type_a_setting(canvas: CanvasPage) -> None:
    canvas.select("split-data")
    canvas.field("fraction").fill("0.85")


def type_a_comment(canvas: CanvasPage) -> None:
    canvas.select("split-data")
    canvas.page.get_by_label("Comment", exact=True).fill("because")


def type_a_title(canvas: CanvasPage) -> None:
    canvas.select("split-data")
    canvas.page.keyboard.press("F2")
    canvas.page.keyboard.type("Halves")


def type_a_note(canvas: CanvasPage) -> None:
    canvas.page.get_by_test_id("note-note").dblclick()
    canvas.page.get_by_label("Text of the note").fill("After")


def type_the_name(canvas: CanvasPage) -> None:
    canvas.page.get_by_test_id("pipeline-name").fill("Renamed")


def document(canvas: CanvasPage) -> dict[str, Any]:
    return dict(canvas.workspace.drafts.get(canvas.id).document)


def split(canvas: CanvasPage) -> dict[str, object]:
    return dict(document(canvas)["nodes"]["split-data"])


TYPED: dict[str, tuple[Callable[[CanvasPage], None], Callable[[CanvasPage], bool]]] = {
    "setting": (type_a_setting, lambda canvas: split(canvas).get("parameters") == {"fraction": 0.85}),
    "comment": (type_a_comment, lambda canvas: split(canvas).get("comment") == "because"),
    "title": (type_a_title, lambda canvas: split(canvas).get("title") == "Halves"),
    "note": (type_a_note, lambda canvas: document(canvas)["notes"][0]["text"] == "After"),
    "name": (type_the_name, lambda canvas: canvas.workspace.drafts.get(canvas.id).name == "Renamed"),
}  # fmt: skip


@pytest.mark.parametrize(("write", "is_kept"), TYPED.values(), ids=TYPED)
def test_what_is_typed_survives_a_reload_at_once(
    opened: Opener, write: Callable[[CanvasPage], None], is_kept: Callable[[CanvasPage], bool]
) -> None:
    canvas = opened(NOTED)
    write(canvas)
    canvas.reload()
    expect(canvas.page.get_by_test_id("saved")).to_contain_text("Saved ")
    assert is_kept(canvas)


@pytest.mark.parametrize(("write", "is_kept"), TYPED.values(), ids=TYPED)
def test_what_is_typed_survives_the_closing_of_the_tab(
    opened: Opener, write: Callable[[CanvasPage], None], is_kept: Callable[[CanvasPage], bool]
) -> None:
    canvas = opened(NOTED)
    write(canvas)
    other = canvas.page.context.new_page()
    canvas.page.close()
    kept = CanvasPage(other, canvas.workspace, canvas.id)
    kept.until(lambda: is_kept(kept), "saved")


def test_saved_is_said_of_what_is_saved_only(opened: Opener) -> None:
    canvas = opened(SMALL)
    type_a_setting(canvas)
    expect(canvas.page.get_by_test_id("saved")).to_have_text("Saving")
    expect(canvas.page.get_by_test_id("saved")).to_contain_text("Saved ")
    assert split(canvas)["parameters"] == {"fraction": 0.85}


def test_what_is_typed_back_to_what_it_was_waits_for_nothing(opened: Opener) -> None:
    canvas = opened(SMALL)
    canvas.select("split-data")
    before = canvas.field("fraction").input_value()
    canvas.field("fraction").fill("0.85")
    canvas.field("fraction").fill(before)
    expect(canvas.page.get_by_test_id("saved")).to_contain_text("Saved ")
    assert canvas.draft().revision == 1
