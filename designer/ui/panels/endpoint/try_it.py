"""The test form of an endpoint, as fields or JSON."""

from typing import Any

import reflex as rx

from designer.ui.parts.card import card
from designer.ui.parts.segments import segment, segments
from designer.ui.state.endpoint.trial import REQUEST_LIMIT, TrialState
from designer.ui.views.endpoint.texts import FIRST_FIELDS, Field

State = TrialState
_SEND_ON_CTRL_ENTER = """
(() => { const area = document.getElementById("request-json");
  if (area && !area.dataset.keys) { area.dataset.keys = "1";
    area.addEventListener("keydown", (e) => { if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) {
      e.preventDefault(); area.blur(); setTimeout(() => document.getElementById("try-it")?.click(), 50); } }); } })()
"""


def test_card() -> rx.Component:
    """The test form and the answer."""
    return card(
        rx.el.form(
            rx.cond(State.tab == "json", _json(), _form()),
            rx.el.div(
                rx.el.button(
                    rx.icon("play", size=14, stroke_width=1.75, aria_hidden="true"),
                    rx.cond(State.is_asking, "Asking …", "Try it"),
                    class_name="btn p",
                    id="try-it",
                    type="submit",
                    disabled=State.is_asking,
                ),
                rx.cond((State.tab == "form") & (State.fields.length() > FIRST_FIELDS), _more()),
                rx.el.span(class_name="grow"),
                rx.el.span(rx.cond(State.tab == "json", "Ctrl Enter", "Enter"), class_name="kbd"),
                class_name="row g3 acts",
            ),
            on_submit=State.try_it,
            class_name="tf",
        ),
        rx.cond(State.answer.status != "", _answer()),
        heading="Test",
        actions=(segments(_tab("form", "Form"), _tab("json", "JSON"), label="Request as"),),
        style={"overflow": "hidden"},
    )


def _tab(tab: str, label: str) -> rx.Component:
    show = [State.show_tab(tab), rx.call_script(_SEND_ON_CTRL_ENTER)] if tab == "json" else State.show_tab(tab)
    return segment(label, State.tab == tab, show)


def _form() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.span(State.row_words, class_name="grow"),
            rx.el.button(
                rx.icon("refresh-cw", size=12, stroke_width=2, aria_hidden="true"),
                "Another row",
                on_click=State.next_row,
                class_name="link acc m row g1",
                type="button",
            ),
            class_name="row s t2",
        ),
        rx.el.div(rx.foreach(State.fields, _field), class_name=rx.cond(State.all_fields, "fg all", "fg")),
    )


def _field(item: Field, place: rx.Var[int]) -> rx.Component:
    # Ids by place: a column name may hold a space, which would split them.
    problem, values = (rx.Var.create(f"{what}-{place}") for what in ("problem", "values"))
    change = {
        "on_change": lambda value: State.fill_field(item.name, value),
        "aria_label": item.name,
        "aria_invalid": item.problem != "",
        "custom_attrs": {"aria-describedby": problem},
    }
    return rx.el.label(
        rx.el.span(item.name, class_name="lab ell", title=item.name),
        rx.match(
            item.editor,
            (
                "choice",
                rx.el.select(
                    rx.el.option("missing", value=""),
                    rx.foreach(item.choices, lambda choice: rx.el.option(choice, value=choice)),
                    value=item.value,
                    class_name="field sm",
                    **change,
                ),
            ),
            (
                "suggest",
                rx.fragment(
                    _typed(item, list=values, **change),
                    rx.el.datalist(
                        rx.foreach(item.choices, lambda choice: rx.el.option(value=choice)),
                        id=values,
                    ),
                ),
            ),
            _typed(item, **change),
        ),
        rx.cond(item.problem != "", rx.el.span(item.problem, class_name="wrong", id=problem)),
    )


def _typed(item: Field, **props: Any) -> rx.Component:
    return rx.debounce_input(
        rx.el.input(
            value=item.value,
            input_mode=rx.cond(item.editor == "number", "decimal", "text"),
            placeholder="missing",
            class_name="field sm",
            **props,
        ),
        debounce_timeout=250,
    )


def _more() -> rx.Component:
    return rx.el.button(
        rx.cond(
            State.all_fields,
            "Show fewer fields",
            "Show " + (State.fields.length() - FIRST_FIELDS).to(str) + " more fields",
        ),
        on_click=State.show_all_fields,
        class_name="link s acc m",
        type="button",
    )


def _json() -> rx.Component:
    return rx.debounce_input(
        rx.el.textarea(
            value=State.request_text,
            on_change=State.write_request,
            max_length=REQUEST_LIMIT,
            id="request-json",
            aria_label="Request",
            spell_check=False,
            class_name="field mono",
            rows="14",
        ),
        debounce_timeout=250,
    )


def _answer() -> rx.Component:
    answer = State.answer
    return rx.el.div(
        rx.cond(
            answer.problem != "",
            rx.el.div(answer.problem, class_name="m", role="alert"),
            rx.el.div(
                rx.el.div(
                    rx.el.div(answer.headline_name, class_name="s t2"),
                    rx.el.div(answer.headline, class_name="said", role="status"),
                    class_name="grow",
                ),
                rx.cond(answer.probability != "", _probability()),
                class_name="row g2",
            ),
        ),
        rx.foreach(
            answer.warnings, lambda words: rx.el.div(words, class_name="s", role="note", style={"color": "var(--warn)"})
        ),
        rx.cond(
            answer.others,
            rx.el.div(
                rx.foreach(answer.others, _other),
                class_name="col g1",
            ),
        ),
        rx.el.div(
            rx.el.span(answer.status, class_name="chip " + answer.tone),
            rx.el.span(answer.words),
            rx.el.span(class_name="grow"),
            rx.cond(answer.probability == "", rx.el.span(answer.probability_words)),
            class_name="row g2 xs t3",
        ),
        class_name="ans",
    )


def _other(pair: tuple[str, str]) -> rx.Component:
    return rx.el.div(rx.el.span(pair[0], class_name="t2 grow"), rx.el.b(pair[1]), class_name="row s")


def _probability() -> rx.Component:
    answer = State.answer
    return rx.el.div(
        rx.el.div(
            rx.el.span(answer.probability_name, class_name="t2 grow ell", title=answer.probability_name),
            rx.el.b(answer.probability),
            class_name="row s",
        ),
        rx.el.div(rx.el.i(style={"width": f"{answer.probability_width}%"}), class_name="pbar tall"),
        rx.el.div(rx.el.span("threshold 0.50", class_name="grow"), answer.probability_words, class_name="row xs t3"),
        class_name="prob",
    )
