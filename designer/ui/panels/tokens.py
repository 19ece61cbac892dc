"""The card of access tokens on the settings page, with the dialog that makes one and shows it once."""

import reflex as rx

from designer.store.tokens import MOST_DAYS
from designer.ui.parts.badge import chip
from designer.ui.parts.buttons import button, icon_button
from designer.ui.parts.card import card, empty
from designer.ui.parts.dialog import dialog, question
from designer.ui.parts.table import Column, table
from designer.ui.state.tokens import TokenRow, TokensState
from designer.workbench.tokens import DEFAULT_DAYS

State = TokensState
_COLUMNS = (Column("Token"), Column("Begins with", "140px"), Column("Allows", "80px"), Column("Ends", "140px"),
            Column("Last used", "140px"), Column("", "56px"))  # fmt: skip
_SCOPES = (
    ("read", "Read: look at datasets, pipelines and runs"),
    ("run", "Run: also submit, cancel and tag runs"),
    ("write", "Write: also datasets, pipelines and components"),
)
_FORM = "new-token"


def tokens_card() -> rx.Component:
    """The list, or what tokens are for."""
    return card(
        rx.cond((State.problem != "") & ~State.is_open, rx.el.div(State.problem, class_name="note bad", role="alert")),
        rx.cond(
            State.rows,
            rx.el.div(table(_COLUMNS, rx.foreach(State.rows, _row), label="Access tokens"), class_name="scrolled"),
            empty("With a token, programs reach this workspace over HTTP: the Python SDK, or any HTTP client."),
        ),
        _form(),
        _question(),
        heading="Access tokens",
        actions=(button("New token", icon="plus", small=True, on_click=State.begin),),
    )


def _row(row: TokenRow) -> rx.Component:
    return rx.el.tr(
        rx.el.td(rx.el.span(row.name, class_name="m name")),
        rx.el.td(row.begins, class_name="t2"),
        rx.el.td(row.scope),
        rx.el.td(rx.cond(row.is_expired, chip("Expired", "bad"), row.ends), class_name="t2"),
        rx.el.td(row.used, class_name="t2"),
        rx.el.td(icon_button("Revoke", "trash-2", small=True, on_click=State.ask_to_revoke(row.name))),
    )


def _form() -> rx.Component:
    is_made = State.fresh != ""
    return dialog(
        "New token",
        rx.cond(is_made, _shown(), _fields()),
        is_open=State.is_open,
        on_close=State.end,
        footer=(
            rx.el.span(class_name="grow"),
            rx.cond(
                is_made,
                button("Done", "primary", on_click=State.end),
                rx.el.button("Create", type="submit", form=_FORM, class_name="btn p"),
            ),
        ),
        width="480px",
    )


def _fields() -> rx.Component:
    return rx.el.form(
        rx.cond(State.problem != "", rx.el.div(State.problem, class_name="note bad", role="alert")),
        _field("Name", rx.el.input(name="name", auto_focus=True, placeholder="Notebook on my laptop",
                                   auto_complete="off", class_name="field")),
        _field("Allows", rx.el.select(*(rx.el.option(words, value=scope) for scope, words in _SCOPES), name="scope",
                                      default_value="run", class_name="field")),
        _field(f"Valid for days (0 for ever, {MOST_DAYS} at most)",
               rx.el.input(name="days", default_value=str(DEFAULT_DAYS), input_mode="numeric", class_name="field")),
        id=_FORM,
        on_submit=State.make,
        class_name="col g3",
    )  # fmt: skip


def _field(label: str, control: rx.Component) -> rx.Component:
    return rx.el.label(rx.el.span(label, class_name="m s"), control, class_name="col g1")


def _shown() -> rx.Component:
    return rx.el.div(
        rx.el.p("Copy it now. Designer keeps only its digest, so it cannot be shown again."),
        rx.el.div(
            rx.el.code(State.fresh, class_name="m s wrap grow", id="fresh-token"),
            icon_button("Copy the token", "copy", small=True, on_click=State.copy_fresh),
            class_name="row g2",
        ),
        class_name="col g3",
    )


def _question() -> rx.Component:
    return question(
        "Revoke the token?",
        "Programs that use '" + State.revoking + "' are refused from now on.",
        is_asked=State.revoking != "",
        on_no=State.ask_to_revoke(""),
        yes="Revoke",
        on_yes=State.revoke,
    )
