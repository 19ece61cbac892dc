"""Summarize the runs of a pipeline: the best metric, the change by the last run, and a sparkline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import reflex as rx

from designer.ui.views import figures
from designer.ui.views.run.texts import headline_title
from designer.workbench.results.headline import Headline, headline_of_run
from designer.workbench.runs import Runs

RUNS = 12
WIDTH, HEIGHT = 84.0, 20.0
_EDGE = 3.0


@dataclass(frozen=True)
class Standing:
    """`metric` and `best` are empty where nothing was evaluated, `change` where there is nothing to compare."""

    metric: str = ""
    best: str = ""
    change: str = ""
    tone: str = ""
    path: str = ""
    x: float = 0.0
    y: float = 0.0


def standing_of(runs: Runs, pipeline: str) -> Standing:
    """The standing of a pipeline from its newest runs."""
    finished = [run.id for run in runs.heads(pipeline, RUNS) if run.state == "finished"]
    nodes = runs.nodes_of(finished)
    headlines = [headline_of_run(nodes[id]) for id in reversed(finished)]
    return standing([headline for headline in headlines if headline is not None])


def standing(headlines: Sequence[Headline]) -> Standing:
    """The standing from the headlines of runs, oldest first; metrics other than the last run's are left out."""
    if not headlines:
        return Standing()
    last = headlines[-1]
    alike = [headline for headline in headlines if headline.metric == last.metric]
    best = (min if last.is_error else max)(alike, key=lambda headline: headline.value)
    places = _places([headline.value for headline in alike])
    change, tone = _change(alike)
    path = " ".join(f"{'M' if i == 0 else 'L'}{x} {y}" for i, (x, y) in enumerate(places))
    return Standing(headline_title(last), best.text, change, tone, path if len(places) > 1 else "", *places[-1])


def spark_line(drawn: Standing) -> rx.Component:
    """The sparkline of the runs, with a dot at the last."""
    return rx.el.svg(
        rx.el.path(d=drawn.path, stroke="var(--hist-2)", stroke_width="1.5", fill="none"),
        rx.el.circle(cx=drawn.x.to(str), cy=drawn.y.to(str), r="2.5", fill="var(--hist-2)"),  # type: ignore[attr-defined]
        width=f"{WIDTH:g}",
        height=f"{HEIGHT:g}",
        view_box=f"0 0 {WIDTH:g} {HEIGHT:g}",
        aria_hidden="true",
        style={"display": "block"},
    )


def _change(alike: Sequence[Headline]) -> tuple[str, str]:
    """The change by the last run, as shown, and its tone; a difference that rounds to zero is shown as 0."""
    if len(alike) < 2:
        return "–", ""
    before, last = alike[-2:]
    text = figures.signed(last.value - before.value, last.digits)
    if not text.strip("+−0.,"):
        return "0", ""
    return text, "ok" if (last.value < before.value) == last.is_error else "bad"


def _places(values: Sequence[float]) -> list[tuple[float, float]]:
    low, high = min(values), max(values)
    across = (WIDTH - 2 * _EDGE) / max(len(values) - 1, 1)
    span = (HEIGHT - 2 * _EDGE) / (high - low) if high > low else 0.0
    first = _EDGE if len(values) > 1 else WIDTH - _EDGE
    return [
        (round(first + i * across, 1), round(HEIGHT - _EDGE - (value - low) * span, 1) if span else HEIGHT / 2)
        for i, value in enumerate(values)
    ]
