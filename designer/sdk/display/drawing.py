"""A pipeline as SVG, with the states of a run: for notebooks, in light and dark themes alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from designer.contract.catalogue.library import Library
from designer.contract.ports import Port, PortType
from designer.pipeline.graph import Edge, Pipeline, Point
from designer.pipeline.placing import CARD_WIDTH, laid_out
from designer.pipeline.walk import title_of

CARD_HEIGHT, MARGIN, ROUND, BAND = 56, 12, 8, 5
LETTERS, MORE_LETTERS = 30, 36
"""How many letters of a title and of the line below it fit on a card."""

STATES = {
    "queued": "#B9BBC6",
    "running": "#0B7BD3",
    "finished": "#24885A",
    "reused": "#24885A",
    "failed": "#CE2C31",
    "crashed": "#CE2C31",
    "cancelled": "#7A7D87",
    "skipped": "#B9BBC6",
    "bypassed": "#B9BBC6",
}
WIRES = {
    PortType.TABLE: "#7FB2DC",
    PortType.UNTRAINED: "#E3A57F",
    PortType.TRAINED: "#E3A57F",
    PortType.TRANSFORMATION: "#86BBA2",
    PortType.EVALUATION: "#BE9FDB",
}
ANY = "#B9BBC6"
_STYLE = "font: 13px system-ui, sans-serif; fill: #1C2024"
_SMALL = "font: 11px system-ui, sans-serif; fill: #60646C"


@dataclass(frozen=True)
class Standing:
    """The state of a step in a run: one of STATES, the share that is done, and a line of text."""

    state: str
    fraction: float | None = None
    text: str = ""


@dataclass(frozen=True)
class Drawing:
    """An SVG image."""

    svg: str


def drawn(pipeline: Pipeline, library: Library, standings: Mapping[str, Standing] | None = None) -> Drawing:
    """The pipeline at its layout; with `standings` by node id the cards show the states of a run."""
    places = laid_out(pipeline).layout
    left, top = (min((point[i] for point in places.values()), default=0.0) for i in (0, 1))
    moved = {id: (x - left + MARGIN, y - top + MARGIN) for id, (x, y) in places.items()}
    width, height = (max((point[i] for point in moved.values()), default=0.0) for i in (0, 1))
    size = f"{width + CARD_WIDTH + MARGIN:.0f}", f"{height + CARD_HEIGHT + MARGIN:.0f}"
    wires = "".join(_wire(pipeline, edge, library, moved) for edge in pipeline.edges)
    cards = "".join(_card(pipeline, id, library, place, (standings or {}).get(id)) for id, place in moved.items())
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]} {size[1]}" width="{size[0]}"'
    label = escape(f"{pipeline.name}: {len(pipeline.nodes)} steps", quote=True)
    return Drawing(f'{head} style="max-width: 100%; height: auto" role="img" aria-label="{label}">{wires}{cards}</svg>')


def _card(pipeline: Pipeline, id: str, library: Library, place: Point, standing: Standing | None) -> str:
    node = pipeline.nodes[id]
    x, y = place
    text = standing.text or standing.state.capitalize() if standing else id
    colour = STATES.get(standing.state, ANY) if standing else ANY
    faded = ' opacity="0.6"' if node.disabled else ""
    width = 2 if standing else 1
    box = f'<rect x="{x:g}" y="{y:g}" width="{CARD_WIDTH}" height="{CARD_HEIGHT}" rx="{ROUND}"'
    return (
        f"<g{faded}>{box} fill='#FFFFFF' stroke='{colour}' stroke-width='{width}'/>"
        f'<text x="{x + 12:g}" y="{y + 24:g}" style="{_STYLE}">{_cut(title_of(node, library), LETTERS)}</text>'
        f'<text x="{x + 12:g}" y="{y + 43:g}" style="{_SMALL}">{_cut(text, MORE_LETTERS)}</text>'
        f"{_progress(place, standing, colour)}</g>"
    )


def _progress(place: Point, standing: Standing | None, colour: str) -> str:
    if standing is None or standing.state in ("queued", "skipped", "bypassed"):
        return ""
    share = (standing.fraction or 0.0) if standing.state == "running" else 1.0
    x, y = place[0] + ROUND, place[1] + CARD_HEIGHT - BAND
    width = (CARD_WIDTH - 2 * ROUND) * min(max(share, 0.0), 1.0)
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{BAND - 2}" fill="{colour}"/>'


def _wire(pipeline: Pipeline, edge: Edge, library: Library, places: Mapping[str, Point]) -> str:
    source, target = library.get(pipeline.nodes[edge.source].module), library.get(pipeline.nodes[edge.target].module)
    outputs = source.spec().outputs if source else ()
    x1, y1 = places[edge.source]
    x2, y2 = places[edge.target]
    x1 += CARD_WIDTH * _share(outputs, edge.output)
    x2 += CARD_WIDTH * _share(target.spec().inputs if target else (), edge.input)
    y1 += CARD_HEIGHT
    bend = max(18.0, abs(y2 - y1) / 2)
    kind = next((port.type for port in outputs if port.name == edge.output), PortType.ANY)
    path = f"M{x1:.0f} {y1:.0f}C{x1:.0f} {y1 + bend:.0f} {x2:.0f} {y2 - bend:.0f} {x2:.0f} {y2:.0f}"
    return f'<path d="{path}" fill="none" stroke="{WIRES.get(kind, ANY)}" stroke-width="2"/>'


def _share(ports: tuple[Port, ...], name: str) -> float:
    names = [port.name for port in ports]
    return (names.index(name) + 1) / (len(names) + 1) if name in names else 0.5


def _cut(text: str, letters: int) -> str:
    flat = " ".join(text.split())
    return escape(flat if len(flat) <= letters else f"{flat[: letters - 1]}…")
