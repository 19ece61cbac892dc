"""The dialog that asks for the experiment of a run, and for the values of pipeline parameters."""

import reflex as rx

from designer.ui.panels.asked import asked_line
from designer.ui.parts.buttons import button
from designer.ui.parts.dialog import dialog
from designer.ui.state.editor.run_form import EXPERIMENT, RunFormState

FORM = "run-form"


def run_form() -> rx.Component:
    """The dialog; to be placed once on a page. Enter in a line runs."""
    return dialog(
        RunFormState.title,
        rx.el.form(
            rx.foreach(RunFormState.asked, lambda item, index: asked_line(item, index)),
            _experiment(),
            id=FORM,
            on_submit=RunFormState.run,
            class_name="run-form",
            no_validate=True,
        ),
        is_open=RunFormState.is_open,
        on_close=RunFormState.close,
        footer=(
            rx.el.span(
                rx.cond(RunFormState.asked, "The pipeline keeps its defaults.", "Later runs go there too."),
                class_name="s t3 grow ell",
            ),
            button("Cancel", kind="quiet", on_click=RunFormState.close),
            rx.el.button(
                rx.icon("play", size=14, stroke_width=1.75, aria_hidden="true"),
                "Run",
                class_name="btn p",
                type="submit",
                custom_attrs={"form": FORM, "data-testid": "run-with-values"},
            ),
        ),
        width="480px",
    )


def _experiment() -> rx.Component:
    """A line for the name of an experiment, completed from those that exist."""
    problem = RunFormState.experiment_problem
    return rx.el.div(
        rx.el.label("Experiment", class_name="lab", html_for="run-experiment"),
        rx.el.input(
            name=EXPERIMENT, id="run-experiment", list="run-experiments", default_value=RunFormState.experiment,
            placeholder="Default", auto_complete="off", auto_focus=RunFormState.asked.length() == 0, spell_check=False,
            aria_invalid=problem != "", class_name=rx.cond(problem != "", "field bad-field", "field"),
        ),
        rx.el.datalist(
            rx.foreach(RunFormState.experiments, lambda name: rx.el.option(value=name)), id="run-experiments"
        ),
        rx.cond(problem != "", rx.el.div(problem, class_name="wrong", role="alert")),
        rx.el.div("An existing one, or a new name.", class_name="help"),
        class_name="fd",
    )  # fmt: skip
