"""The finder: search over everything that has a page, opened with Ctrl K or from the top bar."""

import reflex as rx

from designer.ui.parts.badge import chip
from designer.ui.state.finder import FinderState
from designer.ui.views.finding import Found

_SHORTCUT = """
window.addEventListener("keydown", (event) => {
  const opener = document.getElementById("find");
  const isOurs = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey;
  if (!opener || !isOurs || document.querySelector(".designer-canvas, [role='dialog']")) return;
  event.preventDefault();
  opener.click();
});
"""


def finder() -> rx.Component:
    """The dialog, and the hidden button that Ctrl K clicks; on every page."""
    opener = rx.el.button(id="find", on_click=FinderState.open, hidden=True, type="button", aria_hidden="true")
    return rx.fragment(opener, _dialog())


def finder_shortcut() -> rx.Component:
    """The Ctrl K listener, once for the whole app. On a canvas the key opens the canvas's own command list."""
    return rx.el.script(_SHORTCUT)


def finder_field() -> rx.Component:
    """A button in the top bar that looks like a field and opens the finder."""
    return rx.el.button(
        rx.icon("search", size=14, stroke_width=1.75, aria_hidden="true", class_name="t3"),
        rx.el.span("Find anything", class_name="t3 grow", style={"text_align": "left"}),
        rx.el.kbd("Ctrl K", class_name="kbd"),
        on_click=FinderState.open,
        type="button",
        class_name="field",
        style={"width": "264px"},
    )


def _dialog() -> rx.Component:
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title("Find anything", class_name="visually-hidden"),
            rx.el.input(
                placeholder="Pipelines, datasets, pages, modules",
                aria_label="Find anything",
                on_change=FinderState.search,
                on_key_down=FinderState.go_to_first,
                auto_focus=True,
                class_name="field",
            ),
            rx.el.div(
                rx.foreach(FinderState.hits, _hit),
                rx.cond(FinderState.hits, rx.fragment(), rx.el.div("Nothing has this name.", class_name="empty")),
                class_name="hits",
            ),
            aria_describedby="",
            class_name="finder",
            max_width="560px",
        ),
        open=FinderState.is_open,
        on_open_change=lambda _open: FinderState.close(),
    )


def _hit(hit: Found) -> rx.Component:
    return rx.link(
        rx.el.span(hit.label, class_name="grow ell"),
        chip(hit.kind),
        href=hit.route,
        on_click=FinderState.close,
        underline="none",
        class_name="hit",
    )
