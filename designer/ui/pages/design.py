"""The design page: palette, canvas, settings, dock."""

import reflex as rx

from designer.ui.canvas.canvas import canvas
from designer.ui.page import Page
from designer.ui.panels.design.browse import browse_dialog
from designer.ui.panels.design.column_picker import column_picker
from designer.ui.panels.design.dock import dock
from designer.ui.panels.design.inference import inference_dialog
from designer.ui.panels.design.palette import palette
from designer.ui.panels.design.parameters import parameters_dialog
from designer.ui.panels.design.run_form import run_form
from designer.ui.panels.design.settings import settings
from designer.ui.panels.design.top_bar import top_bar
from designer.ui.panels.export import export_dialog
from designer.ui.panels.published.publish_form import publish_dialog
from designer.ui.parts.buttons import link_button
from designer.ui.parts.card import empty
from designer.ui.state.editor.canvas import CanvasState
from designer.ui.state.editor.pipeline import EditorState
from designer.ui.state.editor.tabs import TabsState


def content() -> rx.Component:
    """The page below the top bar."""
    return rx.cond(
        EditorState.missing != "",
        rx.el.div(empty(EditorState.missing, link_button("Home", "/")), class_name="padded"),
        rx.el.div(
            palette(),
            rx.el.div(
                canvas(
                    news=TabsState.news,
                    on_ready=CanvasState.ready,
                    on_news=CanvasState.catch_up,
                    on_edit=CanvasState.edit,
                    on_select=CanvasState.select,
                    on_command=CanvasState.command,
                ),
                class_name="board",
            ),
            settings(),
            dock(),
            browse_dialog(),
            column_picker(),
            parameters_dialog(),
            run_form(),
            inference_dialog(),
            export_dialog(),
            publish_dialog(),
            class_name="design",
            id="design",
        ),
    )


def opening() -> rx.Component:
    """A placeholder while `/design` redirects to a pipeline."""
    return rx.el.div(rx.el.div(class_name="skeleton"), class_name="padded", aria_label="Opening")


PAGE = Page(
    route="/pipelines/[pipeline]",
    title="Pipeline",
    section="Pipelines",
    content=content,
    bar=top_bar,
    subject=EditorState.name,
    on_load=(EditorState.load,),
)
LEADING_PAGES = tuple(
    Page(route=route, title="Pipeline", section="Pipelines", content=opening, on_load=(EditorState.lead_to,))
    for route in ("/design", "/design/[pipeline]")
)
