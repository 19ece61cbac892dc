"""Find anything: a field in the top bar that opens a list of everything with a page."""

import reflex as rx

from designer.ui.badge import chip
from designer.ui.finding import Found
from designer.ui.state.finder import FinderState

_SHORTCUT = """
window.addEventListener("keydown", (event) => {
  const field = document.getElementById("find");
  if (!field || event.key !== "k" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  field.click();
});
"""


def finder() -> rx.Component:
    """The field in the bar and the dialog it opens."""
    return rx.fragment(_opener(), _dialog())


def finder_shortcut() -> rx.Component:
    """Ctrl K, once for the whole app: it opens the finder of a page that has one."""
    return rx.el.script(_SHORTCUT)


def _opener() -> rx.Component:
    return rx.el.button(
        rx.icon("search", size=14, stroke_width=1.75, aria_hidden="true", class_name="t3"),
        rx.el.span("Find anything", class_name="t3 grow", style={"text_align": "left"}),
        rx.el.kbd("Ctrl K", class_name="kbd"),
        on_click=FinderState.open,
        type="button",
        id="find",
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


def _hit(found: Found) -> rx.Component:
    return rx.link(
        rx.el.span(found.label, class_name="grow ell"),
        chip(found.kind),
        href=found.route,
        on_click=FinderState.close,
        underline="none",
        class_name="hit",
    )
