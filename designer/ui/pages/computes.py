"""Computes: a card for this computer and for each other place where steps run, and the form with its test."""

from typing import Any

import reflex as rx

from designer.ui.page import Page
from designer.ui.parts.badge import chip
from designer.ui.parts.buttons import button
from designer.ui.parts.card import card, waiting
from designer.ui.parts.dialog import dialog, question
from designer.ui.parts.segments import segment, segments
from designer.ui.state.computes import ComputesState
from designer.ui.views.compute_list import ComputeCard, StepRow

State = ComputesState
_FORM = "compute-form"
_FIELDS: Any = State.fields


def content() -> rx.Component:
    """The cards."""
    return rx.el.div(
        rx.el.h1("Computes"),
        rx.el.p(
            "Where steps run. Pipelines and steps can name one; results are reused wherever they were made.",
            class_name="t2",
        ),
        rx.cond(State.problem != "", rx.el.div(State.problem, class_name="note bad", role="alert")),
        rx.cond(
            State.is_supported,
            rx.fragment(),
            rx.el.div(
                rx.el.span("Steps run on this computer. For clusters and worker processes install Dask: "),
                rx.el.code("pip install 'designer-ml[cluster]'"),
                class_name="note warn",
                role="status",
            ),
        ),
        rx.cond(State.is_loaded, rx.el.div(rx.foreach(State.cards, _card), class_name="computes"), waiting()),
        _form(),
        question(
            "Remove this compute?",
            "Designer forgets “", State.to_remove, "”. Pipelines that name it fail until another one is chosen.",
            is_asked=State.to_remove != "", on_no=State.ask_remove(""), yes="Remove", on_yes=State.remove,
        ),
        class_name="padded stack",
    )  # fmt: skip


def bar() -> rx.Component:
    """The title, and the button for a new compute."""
    return rx.fragment(
        rx.el.span("Computes", class_name="m"),
        rx.el.span(class_name="grow"),
        rx.cond(State.is_supported, button("New compute", "primary", icon="plus", on_click=State.open_form)),
    )


def _card(row: ComputeCard) -> rx.Component:
    return card(
        rx.el.div(
            rx.el.span(row.about, class_name="wrap"),
            rx.cond(row.memory != "", rx.el.span(row.memory, class_name="t2")),
            rx.cond(row.users != "", rx.el.span(row.users, class_name="s run")),
            rx.el.div(
                rx.cond(
                    row.is_default,
                    rx.fragment(),
                    button("Make default", on_click=State.make_default(rx.cond(row.is_here, "local", row.name))),
                ),
                rx.cond(
                    row.is_here,
                    rx.fragment(),
                    rx.fragment(
                        button("Test", icon="list-checks", on_click=State.test_saved(row.name)),
                        button("Edit", on_click=State.edit(row.name)),
                        button("Remove", icon="trash-2", on_click=State.ask_remove(row.name)),
                    ),
                ),
                class_name="row g2 actions",
            ),
            class_name="bd col g2",
        ),
        heading=row.name,
        actions=(rx.cond(row.is_default, chip("Default")), chip(row.kind)),
    )  # fmt: skip


def _form() -> rx.Component:
    is_cluster = _FIELDS["kind"] == "cluster"
    return dialog(
        rx.cond(State.is_new, "New compute", _FIELDS["name"]),
        rx.el.form(
            rx.cond(State.form_problem != "", rx.el.div(State.form_problem, class_name="note bad", role="alert")),
            rx.cond(State.is_new, _field("Name", "name", placeholder="lab", auto_focus=True)),
            segments(
                segment("Worker processes on this computer", ~is_cluster, State.write("kind", "processes")),
                segment("Dask cluster", is_cluster, State.write("kind", "cluster")),
                label="Kind",
            ),
            rx.cond(is_cluster, _cluster_fields(), _process_fields()),
            _field("Memory of a step in GiB", "memory", placeholder="four fifths of the computer"),
            _steps(),
            id=_FORM,
            on_submit=State.save,
            class_name="col g3",
        ),
        is_open=State.is_form_open,
        on_close=State.close_form,
        footer=(
            rx.el.span("The test needs no saved compute.", class_name="s t3 grow"),
            button("Test", icon="list-checks", on_click=State.begin_test, disabled=State.is_testing),
            rx.el.button("Save", type="submit", form=_FORM, class_name="btn p"),
        ),
        width="600px",
    )


def _process_fields() -> rx.Component:
    return rx.el.div(
        _field("Minimum", "minimum"),
        _field("Maximum", "maximum"),
        _field("Steps at once in each", "threads"),
        _field("Released after idle seconds", "idle"),
        class_name="fields-2",
    )


def _cluster_fields() -> rx.Component:
    return rx.el.div(
        _field("Address of the scheduler", "address", placeholder="tcp://127.0.0.1:8786"),
        rx.el.p(
            "Everybody who can reach its port can run programs there. Another computer than this one needs tls:// and "
            "the files of TLS. Workers: designer worker ADDRESS.",
            class_name="s t3",
        ),
        rx.cond(
            _FIELDS["address"].contains("tls://"),
            rx.fragment(
                _field("Certificate of the authority", "ca", placeholder="/path/ca.pem"),
                _field("Certificate of this computer", "certificate", placeholder="/path/cert.pem"),
                _field("Its key", "key", placeholder="/path/key.pem"),
            ),
        ),
        class_name="col g3",
    )


def _field(label: str, name: str, **props: str | bool) -> rx.Component:
    return rx.el.label(
        rx.el.span(label, class_name="m s"),
        rx.debounce_input(
            rx.el.input(
                value=_FIELDS[name], on_change=State.write(name), auto_complete="off", spell_check=False,
                class_name="field", aria_label=label, **props,
            ),
            debounce_timeout=200,
        ),
        class_name="col g1",
    )  # fmt: skip


def _steps() -> rx.Component:
    return rx.el.div(
        rx.foreach(State.steps, _step),
        rx.cond(State.is_testing, rx.el.div(rx.el.span("Testing …", class_name="s run"), class_name="row g2")),
        rx.cond(State.is_proved, rx.el.div("Every step of the test passed.", class_name="note ok", role="status")),
        class_name="col g2",
        aria_live="polite",
    )


def _step(row: StepRow) -> rx.Component:
    return rx.el.div(
        rx.cond(
            row.holds,
            rx.icon("check", size=14, stroke_width=2.2, class_name="ok", aria_label="passed"),
            rx.icon("x", size=14, stroke_width=2.2, class_name="bad", aria_label="failed"),
        ),
        rx.el.span(row.title, class_name="m s"),
        rx.el.span(row.text, class_name=rx.cond(row.holds, "s t2 wrap", "s bad wrap")),
        class_name="row g2 proof",
    )


PAGE = Page(route="/computes", title="Computes", section="Computes", content=content, bar=bar, on_load=(State.load,))
