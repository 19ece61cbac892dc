"""Chart colours of both themes, as in the style sheet's tokens, and the layout shared by all figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import plotly.graph_objects as go

Theme = Literal["light", "dark"]

FONT = 'Inter, "Inter Variable", system-ui, sans-serif'
LETTERS = "ABC"
DASHES = ("solid", "dash", "dot")


@dataclass(frozen=True)
class Palette:
    """The colours of one theme: series, backgrounds, lines and text."""

    series: tuple[str, ...]
    surface: str
    text: str
    text_2: str
    text_3: str
    grid: str
    axis: str
    base: str
    bars: str
    focused_bars: str


PALETTES = {
    "light": Palette(
        series=("#0066AD", "#BC4B00", "#147A55", "#7A1F5E", "#54420A", "#646B83"),
        surface="#FFFFFF",
        text="#1C2024",
        text_2="#60646C",
        text_3="#666A73",
        grid="#E8E8EC",
        axis="#B9BBC6",
        base="#80838D",
        bars="#9DB7DE",
        focused_bars="#5E86C9",
    ),
    "dark": Palette(
        series=("#4FA6F2", "#F2762E", "#34D69C", "#D169B0", "#F5D24A", "#DCDFE7"),
        surface="#18191B",
        text="#EDEEF0",
        text_2="#B0B4BA",
        text_3="#969AA3",
        grid="#26282C",
        axis="#484C54",
        base="#8B8F99",
        bars="#3F5C8F",
        focused_bars="#6E97DB",
    ),
}


LONGEST_X, PIXELS_OF_LETTER = 60, 8
"""How many letters the title of an axis has at most: one along the height of a figure is cut at both ends else."""


def framed(colours: Palette, x: str, y: str, *, height: int = 260, automargin: bool = True, **layout: Any) -> go.Figure:
    """An empty figure: transparent paper, hairline grid, axes with titles, no legend.

    `automargin` grows the margins with the axis labels; turn it off for overlays that depend on fixed margins.
    """
    axis = {
        "gridcolor": colours.grid,
        "linecolor": colours.axis,
        "zeroline": False,
        "tickfont": {"size": 11, "color": colours.text_3},
        "title_font": {"size": 11, "color": colours.text_2},
        "title_standoff": 8,
        "ticks": "",
        "showline": True,
        "fixedrange": True,
        "automargin": automargin,
    }
    return go.Figure(
        layout={
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": FONT, "size": 11, "color": colours.text_2},
            "margin": {"l": 48, "r": 16, "t": 8, "b": 40},
            "height": height,
            "showlegend": False,
            "hoverlabel": {"font": {"family": FONT, "size": 12}},
            "xaxis": {**axis, "title_text": _shortened(x, LONGEST_X)},
            "yaxis": {**axis, "title_text": _shortened(y, height // PIXELS_OF_LETTER)},
            **layout,
        }
    )


def _shortened(title: str, longest: int) -> str:
    return title if len(title) <= longest else f"{title[: longest - 1]}…"


def mixed(colour: str, ground: str, share: float) -> str:
    """Blend a share of a colour onto a background; both are #RRGGBB."""
    parts = [round(share * int(colour[i : i + 2], 16) + (1 - share) * int(ground[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{part:02X}" for part in parts)
