"""A thumbnail of a pipeline: coloured boxes and wires, from its layout alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT = 302, 116
_BOX_WIDTH, _BOX_HEIGHT, _MARGIN = 52.0, 12.0, 9.6
_NODE_WIDTH, _ROW = 232.0, 108.0
_COLUMN_STEP, _ROW_STEP = 62.0, 22.0


@dataclass(frozen=True)
class Box:
    """One node: position and colour of its box."""

    x: float
    y: float
    colour: str


@dataclass(frozen=True)
class Thumbnail:
    """Boxes and the curves between them, in a picture of 302 by 116."""

    boxes: list[Box] = field(default_factory=list)
    wires: list[str] = field(default_factory=list)


def thumbnail(
    places: Mapping[str, tuple[float, float]],
    colours: Mapping[str, str],
    edges: Sequence[tuple[str, str]],
) -> Thumbnail:
    """Shrink a layout (top left corners on the canvas) into the picture, keeping rows and columns apart."""
    if not places:
        return Thumbnail()
    left, top = min(x for x, _ in places.values()), min(y for _, y in places.values())
    width = max(x for x, _ in places.values()) - left
    height = max(y for _, y in places.values()) - top
    across = min(_COLUMN_STEP / _NODE_WIDTH, (WIDTH - 2 * _MARGIN - _BOX_WIDTH) / width if width else 1.0)
    down = min(_ROW_STEP / _ROW, (HEIGHT - 2 * _MARGIN - _BOX_HEIGHT) / height if height else 1.0)
    origin_x = (WIDTH - _BOX_WIDTH - width * across) / 2
    origin_y = (HEIGHT - _BOX_HEIGHT - height * down) / 2
    corners = {
        node: (round(origin_x + (x - left) * across, 1), round(origin_y + (y - top) * down, 1))
        for node, (x, y) in places.items()
    }
    boxes = [Box(x, y, colours.get(node, "var(--cat-script)")) for node, (x, y) in corners.items()]
    known = ((a, b) for a, b in edges if a in corners and b in corners)
    return Thumbnail(boxes, [_wire(corners[a], corners[b]) for a, b in known])


def _wire(source: tuple[float, float], target: tuple[float, float]) -> str:
    x1, y1 = round(source[0] + _BOX_WIDTH / 2, 1), round(source[1] + _BOX_HEIGHT, 1)
    x2, y2 = round(target[0] + _BOX_WIDTH / 2, 1), target[1]
    bend = max(6.0, round((y2 - y1) / 2, 1))
    return f"M{x1} {y1}C{x1} {round(y1 + bend, 1)} {x2} {round(y2 - bend, 1)} {x2} {y2}"
