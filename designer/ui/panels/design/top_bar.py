"""The top bar of the design page: name, save state, undo and redo, run, export, inference pipeline and deployment."""

import reflex as rx

from designer.ui.canvas.canvas import saved_chip, undo_redo
from designer.ui.panels.design.inference import inference_buttons
from designer.ui.panels.export import pipeline_export
from designer.ui.parts.assignments import assignments_chip
from designer.ui.parts.badge import state_icon
from designer.ui.parts.buttons import button
from designer.ui.parts.crumbs import crumbs
from designer.ui.parts.dialog import LEAVES_FOCUS
from designer.ui.state.editor.parameters import ParametersState
from designer.ui.state.editor.pipeline import EditorState
from designer.ui.state.editor.run import RunState
from designer.ui.state.editor.settings import SettingsState
from designer.ui.state.published.publish_form import PublishState


def top_bar() -> rx.Component:
    """Everything right of the logo; breadcrumbs alone where the pipeline does not exist."""
    return rx.cond(EditorState.missing != "", crumbs(("Pipelines", "/pipelines"), here="Not found"), _of_pipeline())


def _of_pipeline() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.link("Pipelines", href="/pipelines", class_name="t3 quiet", underline="none"),
            rx.el.span("/", class_name="t3", aria_hidden="true"),
            _name(),
            class_name="row g2 crumb",
        ),
        saved_chip(),
        rx.el.span(class_name="grow"),
        undo_redo(),
        rx.el.span(class_name="sep"),
        _progress(),
        _run(),
        rx.el.span(class_name="sep"),
        pipeline_export(EditorState.pipeline_id, EditorState.kind == "training"),
        inference_buttons(EditorState.pipeline_id),
    )


def _name() -> rx.Component:
    return rx.el.label(
        rx.el.input(
            default_value=EditorState.name,
            key=EditorState.name,
            id="pipeline-name",
            on_blur=SettingsState.rename,
            class_name="b name-field",
            aria_label="Name of the pipeline",
            spell_check=False,
            custom_attrs={"data-testid": "pipeline-name"},
        ),
        rx.icon("pencil", size=14, stroke_width=1.75, class_name="t3", aria_hidden="true"),
        class_name="row g1 name",
    )


def _progress() -> rx.Component:
    return rx.el.span(
        rx.cond(
            RunState.is_active,
            rx.el.span(
                rx.icon("loader-circle", size=14, stroke_width=2.2, class_name="turning", aria_hidden="true"),
                RunState.progress,
                rx.el.span(RunState.elapsed, class_name="t3 plain"),
                class_name="row g2 s m run",
            ),
            rx.cond(RunState.outcome != "", rx.cond(EditorState.edited_since, _edited_since(), _outcome())),
        ),
        assignments_chip(RunState.assignments),
        rx.cond(RunState.engine_note != "", rx.el.span(RunState.engine_note, class_name="chip warn")),
        class_name="row g2 progress",
        role="status",
    )


def _outcome() -> rx.Component:
    return rx.el.span(
        state_icon(RunState.run_state),
        rx.el.span(
            RunState.outcome, class_name="ell", title=RunState.outcome, custom_attrs={"data-testid": "run-outcome"}
        ),
        rx.cond(RunState.is_up_to_date, button("Force", small=True, on_click=RunState.force)),
        class_name="row g2 s t2",
    )


def _edited_since() -> rx.Component:
    """Notice that the pipeline differs from the one that ran."""
    return rx.el.span(
        rx.icon("history", size=14, stroke_width=2.2, class_name="t3", aria_hidden="true"),
        rx.el.span("Edited since the last run", class_name="ell", custom_attrs={"data-testid": "edited-since"}),
        class_name="row g2 s t2",
        title="The last run: " + RunState.outcome,
    )


def _run() -> rx.Component:
    return rx.fragment(
        rx.cond(RunState.is_active, button("Cancel", icon="square", on_click=RunState.cancel)),
        rx.el.span(
            button("Run", kind="primary", icon="play", on_click=RunState.ask, title="Run (Ctrl Enter)"),
            rx.dropdown_menu.root(
                rx.dropdown_menu.trigger(
                    rx.el.button(
                        rx.icon("chevron-down", size=14, stroke_width=1.75, aria_hidden="true"),
                        class_name="btn p",
                        type="button",
                        aria_label="More ways to run",
                        title="More ways to run, parameters, publish",
                    )
                ),
                rx.dropdown_menu.content(
                    rx.dropdown_menu.item("Run all", shortcut="Ctrl Enter", on_select=RunState.ask),
                    rx.dropdown_menu.item(
                        "Run to here",
                        shortcut="Ctrl Shift Enter",
                        disabled=EditorState.selected == "",
                        on_select=RunState.ask_to_here,
                    ),
                    rx.dropdown_menu.item("Run everything again", on_select=RunState.force),
                    rx.dropdown_menu.item("Run in an experiment", on_select=RunState.ask_experiment),
                    rx.dropdown_menu.separator(),
                    rx.dropdown_menu.item("Parameters", on_select=ParametersState.open("")),
                    rx.dropdown_menu.item("Publish", on_select=PublishState.begin_pipeline(EditorState.pipeline_id)),
                    custom_attrs=LEAVES_FOCUS,
                ),
            ),
            class_name="split",
        ),
    )
