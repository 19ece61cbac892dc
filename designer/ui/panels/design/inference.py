"""The dialogs "Create inference pipeline" and "Deploy", and their buttons."""

from typing import Any

import reflex as rx

from designer.ui.canvas.canvas import module_tile
from designer.ui.parts.badge import chip
from designer.ui.parts.buttons import button, icon_button, link_button
from designer.ui.state.inference import InferenceState
from designer.ui.views.inference import STEP_LEFT, STEP_WIDTH, ScoringStep, StepView
from designer.ui.views.small_graph import CARD_WIDTH, Card, Mark, Wire

State = InferenceState
_FATES = {"kept": ("check", "ok"), "replaced": ("refresh-cw", "acc"), "removed": ("minus", "t2")}
_SHAPES = {
    "circle": "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9z",
    "diamond": "M7 1.2L12.8 7 7 12.8 1.2 7z",
    "square": "M3.5 2.5h7a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1z",
    "folder": "M1.8 3h3.9l1.5 1.7h5v6.7H1.8z",
    "page": "M3.2 1.7h4.9l2.7 2.7v7.9H3.2z",
    "hexagon": "M4.2 2.1h5.6L12.6 7 9.8 11.9H4.2L1.4 7z",
}


_CREATE = "Create inference pipeline"


def inference_buttons(pipeline_id: rx.Var[str] | str, is_primary: bool = False) -> Any:
    """The two buttons on the right of the top bar; the page must contain `inference_dialog`."""
    create = State.open_create(pipeline_id)
    return rx.fragment(
        button(_CREATE, "primary" if is_primary else "second", icon="log-in", on_click=create, title=_CREATE),
        button("Deploy", icon="rocket", on_click=State.open_deploy(pipeline_id, ""), title="Deploy"),
    )


def inference_dialog() -> rx.Component:
    """The dialog: how each step is rewritten on the left, the inference pipeline on the right."""
    return rx.dialog.root(
        rx.dialog.content(
            _head(),
            rx.cond(State.is_ready, rx.cond(State.view.can_create, _panes(), _refusal()), _waiting()),
            _foot(),
            class_name="sheet inf",
            max_width="1104px",
            padding="0",
            aria_describedby="",
        ),
        open=State.is_open,
        on_open_change=lambda _open: State.close(),
    )


def _head() -> rx.Component:
    return rx.el.header(
        rx.el.div(
            rx.dialog.title(State.title, class_name="h1", margin="0", as_="h2"),
            rx.el.p(State.view.subtitle, class_name="t2"),
            rx.cond(State.view.warning != "", rx.el.p(State.view.warning, class_name="s warn")),
            class_name="grow",
        ),
        rx.cond(
            State.is_training,
            rx.el.div(
                _kind("realtime", "Real-time"),
                _kind("batch", "Batch"),
                class_name="seg",
                role="group",
                aria_label="Kind",
            ),
        ),
        icon_button("Close", "x", on_click=State.close),
        class_name="row g3 ih",
    )


def _kind(kind: str, label: str) -> rx.Component:
    return rx.el.button(
        label,
        on_click=State.choose_kind(kind),
        class_name=rx.cond(State.kind == kind, "on", ""),
        aria_pressed=State.kind == kind,
        type="button",
    )


def _waiting() -> rx.Component:
    bars = (rx.el.div(class_name="skeleton") for _ in range(8))
    return rx.el.div(*bars, class_name="panes waiting", aria_busy="true")


def _refusal() -> rx.Component:
    return rx.cond(State.lacks_run, _not_trained(), _refused())


def _not_trained() -> rx.Component:
    """A notice rather than an error: there is no run yet to take a trained model from."""
    return rx.el.div(
        rx.el.div(
            rx.icon("play", size=16, stroke_width=1.75, aria_hidden="true"),
            rx.el.div(
                rx.el.div("This pipeline has not been run yet.", class_name="m"),
                rx.el.div(
                    "An endpoint answers with the model that a run trains. Run the pipeline; when it has finished, "
                    "come back here."
                ),
                rx.cond(
                    State.is_on_canvas,
                    button("Run the pipeline", "primary", icon="play", on_click=State.run),
                    link_button("Open the pipeline", "/pipelines/" + State.pipeline_id, kind="primary"),
                ),
                class_name="col g2",
            ),
            class_name="note",
            role="status",
        ),
        class_name="refusal",
    )


def _refused() -> rx.Component:
    text = rx.cond(State.problem != "", State.problem, State.view.checked)
    return rx.el.div(
        rx.el.div(
            rx.icon("circle-x", size=16, stroke_width=1.75, aria_hidden="true"),
            rx.el.div(rx.el.div(text, class_name="m"), rx.cond(State.problem == "", rx.el.div(State.view.promised))),
            class_name="note bad",
            role="alert",
        ),
        class_name="refusal",
    )


def _panes() -> rx.Component:
    return rx.el.div(
        rx.cond(State.is_training, _training()),
        _result(),
        class_name=rx.cond(State.is_training, "panes", "panes one"),
    )


def _training() -> rx.Component:
    tally = State.view.tally
    return rx.el.section(
        rx.el.div(
            rx.el.span("Training pipeline", class_name="b grow"),
            _answers(),
            rx.cond(tally.kept != "", chip(tally.kept, "ok")),
            rx.cond(tally.replaced != "", chip(tally.replaced, "acc")),
            rx.cond(tally.removed != "", chip(tally.removed)),
            class_name="ph",
        ),
        rx.el.div(
            rx.el.div(
                rx.el.svg(
                    rx.foreach(State.view.wires, _step_wire),
                    width=str(STEP_LEFT * 2 + STEP_WIDTH),
                    height="100%",
                    class_name="lines",
                    aria_hidden="true",
                ),
                rx.foreach(State.view.steps, _step),
                style={"position": "relative", "height": f"{State.view.height}px"},
            ),
            class_name="pc",
            tab_index=0,
        ),
        aria_label="Training pipeline",
    )


def _answers() -> rx.Component:
    choices: Any = State.view.choices
    return rx.cond(
        choices.length() > 1,
        rx.el.select(
            rx.foreach(choices, _answer),
            value=State.score,
            on_change=State.choose_score,
            aria_label="Which step answers",
            title="Which step answers",
            class_name="field sm",
        ),
    )


def _answer(choice: ScoringStep) -> rx.Component:
    return rx.el.option(choice.title, value=choice.id)


def _step_wire(path: str) -> rx.Component:
    return rx.el.path(d=path)


def _step(step: StepView) -> rx.Component:
    words = {fate: _fate(step.word, icon, tone) for fate, (icon, tone) in _FATES.items()}
    return rx.fragment(
        rx.el.div(
            module_tile(icon=step.icon, category=step.category),
            rx.el.div(
                rx.el.div(step.title, class_name="ti ell", title=step.title),
                rx.el.div(step.summary, class_name="s t2 ell", title=step.summary),
                class_name="grow",
            ),
            class_name="mn " + step.fate,
            style={"top": f"{step.top}px", "left": f"{STEP_LEFT}px", "width": f"{STEP_WIDTH}px"},
        ),
        rx.el.div(
            rx.match(step.fate, *words.items(), rx.fragment()),
            rx.el.span(step.text, class_name="s t2"),
            class_name="why",
            style={"top": f"{step.top}px"},
        ),
    )


def _fate(word: Any, icon: str, tone: str) -> rx.Component:
    return rx.el.span(rx.icon(icon, size=14, stroke_width=2, aria_hidden="true"), word, class_name=f"row g1 m {tone}")


def _result() -> rx.Component:
    graph = State.view.graph
    pin = rx.icon("pin", size=12, stroke_width=2, aria_hidden="true")
    return rx.el.section(
        rx.el.div(
            rx.el.span("Inference pipeline", class_name="b grow"),
            rx.cond(State.view.tally.pinned != "", rx.el.span(pin, State.view.tally.pinned, class_name="chip acc")),
            class_name="ph",
        ),
        rx.el.div(
            rx.el.div(
                rx.el.svg(
                    rx.foreach(graph.wires, _wire), width="100%", height="100%", class_name="lines", aria_hidden="true"
                ),
                rx.foreach(graph.cards, _card),
                rx.foreach(graph.marks, _mark),
                class_name="drawn",
                style={"width": f"{graph.width}px", "height": f"{graph.height}px"},
            ),
            class_name="pc dotted",
            tab_index=0,
        ),
        aria_label="Inference pipeline",
    )


def _wire(wire: Wire) -> rx.Component:
    return rx.el.path(d=wire.path, stroke=wire.colour, stroke_width="2", fill="none")


def _card(card: Card) -> rx.Component:
    return rx.el.div(
        module_tile(icon=card.icon, category=card.category),
        rx.el.div(
            rx.el.div(card.title, class_name="ti ell", title=card.title),
            rx.el.div(card.summary, class_name="s t2 ell", title=card.summary),
            class_name="grow",
        ),
        rx.cond(card.is_pinned, _pin()),
        class_name=rx.cond(card.is_pinned, "mn replaced", "mn"),
        style={"top": f"{card.top}px", "left": f"{card.left}px", "width": f"{CARD_WIDTH}px"},
    )


def _pin() -> rx.Component:
    icon = rx.icon("pin", size=12, stroke_width=2, aria_hidden="true")
    return rx.el.span(icon, class_name="tile sm k-web", title="Pinned")


def _mark(mark: Mark) -> rx.Component:
    path = rx.match(mark.shape, *_SHAPES.items(), _SHAPES["circle"])
    return rx.el.svg(
        rx.el.path(d=path, stroke="var(--canvas)", stroke_width="5", fill="var(--canvas)", stroke_linejoin="round"),
        rx.el.path(d=path, stroke=mark.colour, stroke_width="2", fill=mark.colour, stroke_linejoin="round"),
        view_box="0 0 14 14",
        class_name="port",
        style={"top": f"{mark.top}px", "left": f"{mark.left}px"},
        aria_hidden="true",
    )


def _foot() -> rx.Component:
    return rx.el.footer(
        rx.cond(
            State.busy != "",
            rx.el.div(
                rx.el.div(State.busy, " …", class_name="s m", role="status"),
                rx.el.div(rx.el.i(style={"width": f"{State.progress}%"}), class_name="pbar"),
                class_name="grow col g2",
            ),
            rx.cond(State.asks_name & State.view.can_create & (State.kind == "realtime"), _name(), _check()),
        ),
        button("Cancel", on_click=State.close, disabled=State.busy != ""),
        rx.cond(
            State.is_training & ~State.asks_name, button("Create and edit", on_click=State.edit, disabled=_is_blocked())
        ),
        rx.cond(
            (State.kind == "realtime") & ~State.lacks_run,
            rx.cond(
                State.asks_name,
                button(
                    rx.cond(State.is_training, "Create and deploy", "Deploy"),
                    "primary",
                    icon="rocket",
                    on_click=State.deploy,
                    disabled=_is_blocked() | (State.name_problem != ""),
                ),
                button("Create and deploy", "primary", icon="rocket", on_click=State.ask_name, disabled=_is_blocked()),
            ),
        ),
        class_name="row g3 if",
    )


def _is_blocked() -> Any:
    return ~State.view.can_create | (State.busy != "") | ~State.is_ready


def _check() -> rx.Component:
    return rx.cond(
        State.is_ready & State.view.can_create,
        rx.el.div(
            rx.icon("shield-check", size=16, stroke_width=1.75, class_name="ok", aria_hidden="true"),
            rx.el.div(rx.el.div(State.view.checked, class_name="m"), rx.el.div(State.view.promised, class_name="t2")),
            class_name="row g2 s grow",
        ),
        rx.el.span(class_name="grow"),
    )


def _name() -> rx.Component:
    return rx.el.div(
        rx.el.label("Name of the endpoint", html_for="endpoint-name", class_name="s m"),
        rx.debounce_input(
            rx.el.input(
                value=State.name, on_change=State.name_it, id="endpoint-name", class_name="field", spell_check=False
            ),
            debounce_timeout=150,
        ),
        rx.el.span(
            rx.match(State.name_tone, ("problem", State.problem), ("name", State.name_problem), State.name_words),
            class_name=rx.cond(State.name_tone != "", "s bad", "s t3"),
            role="status",
        ),
        class_name="row g2 grow nm",
    )
