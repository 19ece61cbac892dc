"""Scoring a whole file with an endpoint."""

import reflex as rx

from designer.ui.panels.drop_zone import file_input
from designer.ui.parts.card import card
from designer.ui.state.endpoint.file_scoring import FileScoringState
from designer.ui.state.endpoint.page import EndpointState

State = FileScoringState


def score_file_card() -> rx.Component:
    """The card to score a file: choose it, then download it with the scores after its columns."""
    return rx.el.div(_card(), class_name="file-scoring")


def _card() -> rx.Component:
    return card(
        rx.el.div(
            rx.el.div(
                rx.cond(
                    State.busy != "",
                    rx.el.span(State.busy, " …", role="status"),
                    rx.el.span(
                        "The file is read with the settings of the training data; the scores come as new columns. "
                        "It sends no request and is not among those counted on this page."
                    ),
                ),
                class_name="s t2 grow",
            ),
            rx.el.label(
                rx.icon("upload", size=14, stroke_width=1.75, aria_hidden="true"),
                "Choose file",
                file_input(State.begin, State.arrived, State.busy),
                class_name="btn sm chooser",
            ),
            class_name="row g3",
        ),
        rx.cond(State.problem != "", rx.el.div(State.problem, class_name="note bad", role="alert")),
        # Without a target, the router treats the link as a page of the app.
        rx.cond(
            (State.scored_address != "") & (State.endpoint == EndpointState.name),
            rx.el.div(
                rx.el.span(State.words, class_name="s grow", role="status"),
                rx.cond(
                    State.errors_address != "",
                    rx.el.a(
                        State.refused_words,
                        href=State.errors_address,
                        download=True,
                        target="_blank",
                        class_name="s bad",
                    ),
                ),
                rx.el.a(
                    State.file_name, href=State.scored_address, download=True, target="_blank", class_name="s acc m ell"
                ),
                class_name="row g3",
            ),
        ),
        heading="Score a file",
    )
