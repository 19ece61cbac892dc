"""One endpoint: certificate, address and keys, versions, latency, test form, client code."""

import reflex as rx

from designer.ui.page import Page
from designer.ui.panels.consume import consume_card
from designer.ui.panels.design.inference import inference_dialog
from designer.ui.panels.endpoint.certificate import certificate_card, report
from designer.ui.panels.endpoint.latency import latency_card
from designer.ui.panels.endpoint.score_file import score_file_card
from designer.ui.panels.endpoint.try_it import test_card
from designer.ui.panels.endpoint.versions import versions_card
from designer.ui.panels.export import endpoint_export, export_dialog
from designer.ui.panels.keys import access_card, key_question
from designer.ui.parts.buttons import button, link_button
from designer.ui.parts.card import missing
from designer.ui.parts.crumbs import crumbs
from designer.ui.parts.dialog import deletion
from designer.ui.state.endpoint.health import HealthState
from designer.ui.state.endpoint.keys import KeysState
from designer.ui.state.endpoint.page import TICK_ID, EndpointState
from designer.ui.state.endpoint.trial import TrialState
from designer.ui.state.inference import InferenceState
from designer.ui.views.endpoint.snippets import LANGUAGES

State = EndpointState


def content() -> rx.Component:
    """Certificate and operation on the left, testing and client code on the right."""
    return rx.cond(
        State.problem != "",
        missing(State.problem, "All endpoints", "/endpoints"),
        rx.cond(
            State.name != "",
            rx.el.div(
                _head(),
                rx.el.div(
                    rx.el.div(certificate_card(), _access(), versions_card(), latency_card(), class_name="col g4"),
                    rx.el.div(test_card(), consume_card(TrialState, LANGUAGES), score_file_card(), class_name="col g4"),
                    class_name="lay",
                ),
                # Clicked by a timer in the browser while the page is open.
                rx.el.button(id=TICK_ID, on_click=HealthState.refresh, hidden=True, tab_index=-1, type="button"),
                report(),
                key_question(KeysState),
                _deletion(),
                inference_dialog(),
                export_dialog(),
                class_name="endpoint",
            ),
        ),
    )


def bar() -> rx.Component:
    """Breadcrumbs, links to the inference pipeline and the training run, and the export menu."""
    return rx.fragment(
        crumbs(("Endpoints", "/endpoints"), here=rx.cond(State.name != "", State.name, "Not found")),
        rx.el.span(class_name="grow"),
        rx.cond(
            State.inference_id != "",
            link_button("Inference pipeline", "/pipelines/" + State.inference_id, kind="quiet", icon="workflow"),
        ),
        rx.cond(State.run_id != "", link_button("Training run", "/runs/" + State.run_id, kind="quiet", icon="history")),
        rx.cond(State.name != "", endpoint_export(State.name)),
    )


def _head() -> rx.Component:
    is_paused = State.state == "paused"
    return rx.el.div(
        rx.el.div(
            rx.el.h1(State.name),
            rx.cond(
                State.health != "",
                rx.el.span(
                    rx.el.i(class_name="pulse"),
                    State.health,
                    class_name="chip large " + State.health_tone,
                    role="status",
                ),
            ),
            rx.el.span(State.words, class_name="s t2"),
            class_name="row g3 grow",
        ),
        button("Delete", "quiet", icon="trash-2", on_click=State.ask_delete(True)),
        rx.cond(
            is_paused,
            button("Resume", icon="play", on_click=State.pause),
            button("Pause", icon="pause", on_click=State.pause),
        ),
        rx.cond(
            State.pipeline_id != "",
            button(
                "Deploy new version",
                icon="rocket",
                on_click=InferenceState.open_deploy(State.pipeline_id, State.name),
            ),
        ),
        class_name="row g3 top",
    )


def _access() -> rx.Component:
    url = State.address + "/endpoints/" + State.name
    return access_card(
        KeysState,
        call=url + "/score",
        contract={"OpenAPI": url + "/openapi.json", "Health": url + "/ready"},
        is_reachable=State.address != "",
    )


def _deletion() -> rx.Component:
    return deletion(
        State, "Delete this endpoint?", State.name, "stops answering. Its versions, keys and counts go with it."
    )


PAGE = Page(
    route="/endpoints/[endpoint_name]",
    title="Endpoint",
    section="Endpoints",
    content=content,
    bar=bar,
    subject=State.name,
    on_load=(State.load, KeysState.hide_keys, TrialState.begin),
)
