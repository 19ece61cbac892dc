"""A small drawing of a pipeline for dialogs: cards with titles, ports and wires at fixed positions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from designer.contract.catalogue.library import Library
from designer.contract.ports import Port, PortType
from designer.pipeline.arrange import arrange
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.pipeline.parameters import previewed
from designer.pipeline.walk import title_of
from designer.ui.views.legend import port_marks

CARD_WIDTH, CARD_HEIGHT, ROW, GAP = 204, 48, 76, 16
MARGIN, PANE_WIDTH = 28, 492
_COLUMN = 0.86


@dataclass(frozen=True)
class Card:
    """One node."""

    title: str
    summary: str
    icon: str
    category: str
    left: float
    top: float
    is_pinned: bool = False


@dataclass(frozen=True)
class Wire:
    """One edge as an SVG curve."""

    path: str
    colour: str


@dataclass(frozen=True)
class Mark:
    """The mark of a port: `shape` is circle, diamond, square, hexagon, folder or page."""

    left: float
    top: float
    shape: str
    colour: str


@dataclass(frozen=True)
class SmallGraph:
    """Everything to draw, and its size."""

    cards: list[Card] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    width: float = 0
    height: float = 0


def small_graph(pipeline: Pipeline, library: Library) -> SmallGraph:
    """The drawing of a pipeline, with columns moved together to fit the pane."""
    pipeline = previewed(pipeline)
    places = _places(pipeline)
    cards = [_card(node, places[id], library) for id, node in pipeline.nodes.items()]
    wires, marks = [], []
    for edge in pipeline.edges:
        ends = _ends(pipeline, edge, library, places)
        if ends is not None:
            (x1, y1), (x2, y2), kind = ends
            bend = max(18.0, (y2 - y1) / 2)
            port = port_marks()[kind]
            path = f"M{x1:.0f} {y1:.0f}C{x1:.0f} {y1 + bend:.0f} {x2:.0f} {y2 - bend:.0f} {x2:.0f} {y2:.0f}"
            wires.append(Wire(path, f"var(--wire-{port.colour})"))
            marks += [Mark(x, y, port.shape, f"var(--port-{port.colour})") for x, y in ((x1, y1), (x2, y2))]
    width = max((x for x, _ in places.values()), default=0) + CARD_WIDTH + MARGIN
    height = max((y for _, y in places.values()), default=0) + CARD_HEIGHT + MARGIN
    return SmallGraph(cards, wires, marks, width, height)


def summary_of(node: Node, library: Library) -> str:
    """The important settings in one line; empty where they cannot be read."""
    try:
        return library.read(node.module, node.version, node.parameters).summary()
    except Exception:  # a user's module may raise anything; the card must be drawn
        return ""


def words_of(node: Node, library: Library) -> str:
    """The second line of a card: its settings, else the module's description."""
    module = library.get(node.module)
    return summary_of(node, library) or (module.spec().description if module else "")


def _places(pipeline: Pipeline) -> dict[str, tuple[float, float]]:
    """The automatic layout, scaled to the width of the pane, without overlapping cards in a row."""
    layout = arrange(pipeline)
    spread = max((x for x, _ in layout.values()), default=0.0)
    room = PANE_WIDTH - 2 * MARGIN - CARD_WIDTH
    scale = min(_COLUMN, room / spread) if spread else 1.0
    places: dict[str, tuple[float, float]] = {}
    for number, row in enumerate(sorted({y for _, y in layout.values()})):
        ids = sorted((id for id, (_, y) in layout.items() if y == row), key=lambda id: layout[id][0])
        lefts = _apart([layout[id][0] * scale for id in ids])
        places |= {id: (x, MARGIN + number * ROW) for id, x in zip(ids, lefts, strict=True)}
    low, high = min((x for x, _ in places.values()), default=0), max((x for x, _ in places.values()), default=0)
    shift = MARGIN - low + max(0.0, (room - (high - low)) / 2)
    return _inside({id: (x + shift, y) for id, (x, y) in places.items()}, MARGIN + room)


def _inside(places: dict[str, tuple[float, float]], last: float) -> dict[str, tuple[float, float]]:
    """Move rows that extend too far right back, as far as the left edge allows."""
    moved: dict[str, tuple[float, float]] = {}
    for row in {y for _, y in places.values()}:
        lefts = {id: x for id, (x, y) in places.items() if y == row}
        back = min(max(max(lefts.values()) - last, 0.0), max(min(lefts.values()) - MARGIN, 0.0))
        moved |= {id: (x - back, row) for id, x in lefts.items()}
    return moved


def _apart(lefts: list[float]) -> list[float]:
    """The positions, spread around their middle where cards would overlap."""
    placed: list[float] = []
    for left in lefts:
        placed.append(max(left, placed[-1] + CARD_WIDTH + GAP) if placed else left)
    shift = (sum(lefts) - sum(placed)) / len(lefts)
    return [left + shift for left in placed]


def _card(node: Node, place: tuple[float, float], library: Library) -> Card:
    module = library.get(node.module)
    spec = module.spec() if module else None
    is_pinned = spec is not None and spec.abilities.holds_learned
    title = str(node.parameters.get("name", "")) if is_pinned else ""
    words = spec.title if spec and is_pinned else words_of(node, library)
    icon, category = (spec.icon, spec.category) if spec else ("", "")
    return Card(title or title_of(node, library), words, icon, category, *place, is_pinned)


def _ends(
    pipeline: Pipeline, edge: Edge, library: Library, places: Mapping[str, tuple[float, float]]
) -> tuple[tuple[float, float], tuple[float, float], PortType] | None:
    source, target = library.get(pipeline.nodes[edge.source].module), library.get(pipeline.nodes[edge.target].module)
    if source is None or target is None:
        return None
    outputs, inputs = source.spec().outputs, target.spec().inputs
    out, into = _place(outputs, edge.output), _place(inputs, edge.input)
    if out is None or into is None:
        return None
    x1, y1 = places[edge.source]
    x2, y2 = places[edge.target]
    kind = next(port.type for port in outputs if port.name == edge.output)
    return (x1 + out * CARD_WIDTH, y1 + CARD_HEIGHT), (x2 + into * CARD_WIDTH, y2), kind


def _place(ports: tuple[Port, ...], name: str) -> float | None:
    names = [port.name for port in ports]
    return (names.index(name) + 1) / (len(names) + 1) if name in names else None
