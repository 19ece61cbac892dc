"""Plotly figures of an evaluation: model A solid, model B dashed, with letters next to the lines."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from designer.charts.palette import DASHES, LETTERS, PALETTES, Palette, Theme, framed, mixed
from designer.charts.threshold import at_threshold
from designer.contract.values import Evaluation, ModelEvaluation

Curve = Callable[[pd.DataFrame], tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]]

LABEL_PLACES = (0.16, 0.42, 0.6)
NEAR_TOP = 0.9
"""The share of the height above which a label over a line would be clipped."""
ROOM = 0.15
"""Maximum width of a letter with a number, as a share of the figure."""
FULL_MATRIX = 30
NAME_LENGTH = 16


def roc(evaluation: Evaluation, palette: Theme = "light", threshold: float = 0.5) -> go.Figure:
    """ROC curves: true over false positive rate, with the AUC of each curve next to its letter."""
    colours = PALETTES[palette]
    figure = _unit_square(framed(colours, "False positive rate", "True positive rate", automargin=False))
    _diagonal(figure, colours, "chance 0.500")
    _curves(figure, evaluation, colours, _roc_points, threshold, "AUC")
    return figure


def precision_recall(evaluation: Evaluation, palette: Theme = "light", threshold: float = 0.5) -> go.Figure:
    """Precision-recall curves, with the share of positives as a line."""
    colours = PALETTES[palette]
    figure = _unit_square(framed(colours, "Recall", "Precision", automargin=False))
    line = evaluation.models[0].tables["thresholds"].iloc[0]
    share = (line.tp + line.fn) / max(line.tp + line.fn + line.fp + line.tn, 1)
    figure.add_shape(type="line", x0=0, x1=1, y0=share, y1=share, line=_dotted(colours))
    side = "top" if share > NEAR_TOP else "bottom"
    figure.add_annotation(
        x=0.02, y=share, text=f"share of positives {share:.3f}", xanchor="left", yanchor=side, **_small(colours)
    )
    _curves(figure, evaluation, colours, _precision_points, threshold, "")
    return figure


def lift(evaluation: Evaluation, palette: Theme = "light", threshold: float = 0.5) -> go.Figure:
    """Lift curves: true positives over the share of rows flagged."""
    colours = PALETTES[palette]
    figure = framed(colours, "Positive rate (share of rows flagged)", "Number of true positives", automargin=False)
    figure.update_xaxes(range=[0, 1], tickvals=[0, 0.25, 0.5, 0.75, 1])
    line = evaluation.models[0].tables["thresholds"].iloc[0]
    figure.add_shape(type="line", x0=0, y0=0, x1=1, y1=int(line.tp + line.fn), line=_dotted(colours))
    _curves(figure, evaluation, colours, _lift_points, threshold, "")
    return figure


def calibration(evaluation: Evaluation, palette: Theme = "light") -> go.Figure:
    """Calibration curves: observed share over predicted probability; bars show the row counts of model A."""
    colours = PALETTES[palette]
    positive = "positive" if evaluation.positive is None else _short(evaluation.positive)
    figure = _unit_square(framed(colours, f"Predicted probability of {positive}", "Observed share"))
    first = evaluation.models[0].tables["calibration"]
    share = first["rows"] / max(int(first["rows"].sum()), 1)
    middle = (first["from"] + first["to"]) / 2
    figure.add_bar(
        x=middle, y=share * 0.3, width=0.09, marker_color=colours.bars, opacity=0.55, customdata=first["rows"],
        hovertemplate="%{customdata:,} rows<extra></extra>",
    )  # fmt: skip
    _diagonal(figure, colours, "perfectly calibrated")
    for i, model in enumerate(evaluation.models):
        table = model.tables["calibration"].dropna()
        figure.add_scatter(
            x=table["predicted"], y=table["observed"], mode="lines+markers", name=LETTERS[i], customdata=table["rows"],
            line={"color": colours.series[i], "width": 2, "dash": DASHES[i]},
            marker={"size": 7, "color": colours.series[i] if i == 0 else colours.surface,
                    "line": {"width": 1.5, "color": colours.series[i]}},
            hovertemplate=f"{LETTERS[i]}: predicted %{{x:.2f}}, observed %{{y:.2f}} "
            "(%{customdata:,} rows)<extra></extra>",
        )  # fmt: skip
    return figure


def threshold_histogram(model: ModelEvaluation, palette: Theme = "light", threshold: float = 0.5) -> go.Figure:
    """Histogram of predicted probabilities, with bars above the threshold highlighted and heights on a root scale."""
    colours = PALETTES[palette]
    table = model.tables["scores"]
    figure = framed(colours, "", "", height=72, margin={"l": 0, "r": 0, "t": 0, "b": 0}, bargap=0.1)
    figure.update_xaxes(range=[0, 1], visible=False)
    figure.update_yaxes(visible=False)
    middle = (table["from"] + table["to"]) / 2
    rows = table["negatives"] + table["positives"]
    shades = [colours.focused_bars if place > threshold else colours.bars for place in middle]
    figure.add_bar(
        x=middle, y=np.sqrt(rows), marker_color=shades, customdata=rows, hovertemplate="%{customdata:,}<extra></extra>"
    )
    return figure


def confusion_matrix(
    evaluation: Evaluation, model: int = 0, palette: Theme = "light", threshold: float | None = None
) -> go.Figure:
    """Confusion matrix, rows actual and columns predicted; each cell has its count and its share of the row.

    Cells of two classes also have names. Above 8 classes shares are omitted, above 30 it is a heat map without text.
    """
    colours = PALETTES[palette]
    names, counts = confusion_counts(evaluation, model, threshold)
    height = max(220, min(640, 60 + 56 * len(names)))
    figure = framed(colours, "Predicted", "Actual", height=height, margin={"l": 88, "r": 8, "t": 40, "b": 8})
    labels = [_short(name) for name in names]
    ticks = {"tickvals": list(range(len(names))), "ticktext": labels, "showgrid": False, "showline": False}
    figure.update_xaxes(side="top", range=[-0.5, len(names) - 0.5], **ticks)
    figure.update_yaxes(range=[len(names) - 0.5, -0.5], **ticks)
    if len(names) > FULL_MATRIX:
        figure.add_heatmap(
            z=np.sqrt(counts), colorscale=[[0, colours.surface], [1, colours.series[0]]], showscale=False
        )
        return figure
    for row, column in np.ndindex(counts.shape):
        _cell(figure, colours, counts, row, column)
    return figure


def confusion_counts(
    evaluation: Evaluation, model: int = 0, threshold: float | None = None
) -> tuple[list[str], np.ndarray[Any, Any]]:
    """The class names and the counts, rows actual and columns predicted; two classes also at another threshold."""
    chosen = evaluation.models[model]
    table = chosen.tables["confusion"]
    names = list(dict.fromkeys(table["actual"]))
    if threshold is not None and "thresholds" in chosen.tables:
        cells = at_threshold(chosen, threshold)["confusion"]
        return names, np.array([[cells["tn"], cells["fp"]], [cells["fn"], cells["tp"]]])
    return names, table["rows"].to_numpy().reshape(len(names), -1)


def regression_scatter(evaluation: Evaluation, model: int = 0, palette: Theme = "light") -> go.Figure:
    """Scatter plot of predicted over actual values, with the identity line."""
    colours = PALETTES[palette]
    table = evaluation.models[model].tables["points"]
    figure = framed(colours, f"Actual {_short(evaluation.label)}", "Predicted", height=300)
    if len(table):
        values = table.to_numpy(dtype=float)
        low, high = float(values.min()), float(values.max())
        figure.add_shape(type="line", x0=low, y0=low, x1=high, y1=high, line=_dotted(colours))
    figure.add_scatter(
        x=table["actual"], y=table["predicted"], mode="markers",
        marker={"size": 5, "color": colours.series[model], "opacity": 0.6,
                "line": {"width": 0.5, "color": colours.surface}},
        hovertemplate="actual %{x:,.5g}<br>predicted %{y:,.5g}<extra></extra>",
    )  # fmt: skip
    return figure


def residual_histogram(evaluation: Evaluation, palette: Theme = "light") -> go.Figure:
    """Histogram of residuals (predicted minus actual); model A as bars, model B as a line."""
    colours = PALETTES[palette]
    figure = framed(colours, "Predicted minus actual", "Rows", height=300, bargap=0.06)
    for i, model in enumerate(evaluation.models):
        table = model.tables["residuals"]
        middle = (table["from"] + table["to"]) / 2
        hover = f"{LETTERS[i]}: %{{y:,}} rows near %{{x:,.4g}}<extra></extra>"
        if i == 0:
            figure.add_bar(x=middle, y=table["rows"], marker_color=colours.bars, hovertemplate=hover)
        else:
            line = {"color": colours.series[i], "width": 2, "dash": DASHES[i], "shape": "hvh"}
            figure.add_scatter(x=middle, y=table["rows"], mode="lines", line=line, hovertemplate=hover)
    figure.add_vline(x=0, line=_dotted(colours))
    return figure


def cluster_map(evaluation: Evaluation, model: int = 0, palette: Theme = "light") -> go.Figure:
    """Rows in the plane of most variance of their distances to the cluster centers, one colour per cluster."""
    colours = PALETTES[palette]
    table = evaluation.models[model].tables["map"]
    figure = framed(colours, "First direction", "Second direction", height=320)
    for number, rows in table.groupby("cluster"):
        colour = colours.series[int(str(number)) % len(colours.series)]
        marker = {"size": 6, "color": colour, "opacity": 0.7, "line": {"width": 0.5, "color": colours.surface}}
        hover = f"cluster {number}<extra></extra>"
        figure.add_scatter(x=rows["x"], y=rows["y"], mode="markers", marker=marker, hovertemplate=hover)
        figure.add_annotation(
            x=rows["x"].mean(), y=rows["y"].mean(), text=f"<b>{number}</b>", showarrow=False,
            font={"size": 12, "color": colour}, bgcolor=colours.surface, borderpad=2,
        )  # fmt: skip
    return figure


def cluster_sizes(evaluation: Evaluation, model: int = 0, palette: Theme = "light") -> go.Figure:
    """Bar chart of the number of rows in each cluster."""
    colours = PALETTES[palette]
    table = evaluation.models[model].tables["clusters"].iloc[:-1]
    figure = framed(colours, "Cluster", "Rows", height=260, bargap=0.25)
    figure.update_xaxes(tickvals=list(range(len(table))))
    figure.add_bar(
        x=list(range(len(table))), y=table["Number of Points"], marker_color=colours.bars,
        hovertemplate="cluster %{x}: %{y:,} rows<extra></extra>",
    )  # fmt: skip
    return figure


def _curves(
    figure: go.Figure, evaluation: Evaluation, colours: Palette, points: Curve, threshold: float, metric: str
) -> None:
    """Add one line per model, with a dot at the threshold and a letter, or a note if no curve is defined."""
    drawn = [np.isfinite(points(model.tables["thresholds"])).all(axis=0).any() for model in evaluation.models]
    if not any(drawn):
        at = {"x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper"}
        figure.add_annotation(text="Not defined: all rows are of one class", **at, **_small(colours))
    for i, model in enumerate(evaluation.models):
        table = model.tables["thresholds"].iloc[::-1]
        x, y = points(table)
        cut = table["threshold"]
        hover = f"{LETTERS[i]} above %{{customdata:.3f}}: %{{x:.3f}}, %{{y:.3~f}}<extra></extra>"
        line = {"color": colours.series[i], "width": 2, "dash": DASHES[i]}
        figure.add_scatter(x=x, y=y, mode="lines", line=line, customdata=cut, hovertemplate=hover, name=LETTERS[i])
        at = at_threshold(model, threshold)["confusion"]
        dot = points(pd.DataFrame([at]))
        figure.add_scatter(
            x=dot[0], y=dot[1], mode="markers", hoverinfo="skip",
            marker={"size": 9, "color": colours.series[i], "line": {"width": 1.5, "color": colours.surface}},
        )  # fmt: skip
        _letter(figure, colours, i, x, y, f" {model.metrics[metric]:.3f}" if metric else "")


def _letter(figure: go.Figure, colours: Palette, i: int, x: Any, y: Any, text: str) -> None:
    defined = np.isfinite(x) & np.isfinite(y)
    if not defined.any():
        return
    order = np.argsort(x[defined], kind="stable")
    place = float(np.clip(LABEL_PLACES[i], x[defined].min(), x[defined].max()))
    height = float(np.interp(place, x[defined][order], y[defined][order]))
    # The first model's letter is above its line if there is room; the others' are below.
    is_above = i == 0 and height <= NEAR_TOP * float(np.max(y[defined]))
    is_left = place > 1 - ROOM or (is_above and place > ROOM)
    figure.add_annotation(
        x=place, y=height, text=f"<b>{LETTERS[i]}{text}</b>", showarrow=False,
        xanchor="right" if is_left else "left", yanchor="bottom" if is_above else "top",
        xshift=-4 if is_left else 8, yshift=4 if is_above else -4, font={"size": 11, "color": colours.series[i]},
    )  # fmt: skip


def _roc_points(table: pd.DataFrame) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    return _share(table["fp"], table["fp"] + table["tn"]), _share(table["tp"], table["tp"] + table["fn"])


def _precision_points(table: pd.DataFrame) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    return _share(table["tp"], table["tp"] + table["fn"]), _share(table["tp"], table["tp"] + table["fp"])


def _lift_points(table: pd.DataFrame) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    flagged = table["tp"] + table["fp"]
    return _share(flagged, flagged + table["tn"] + table["fn"]), table["tp"].to_numpy(dtype=float)


def _share(part: pd.Series[Any], whole: pd.Series[Any]) -> np.ndarray[Any, Any]:
    return np.where(whole > 0, part / whole.where(whole > 0, 1), np.nan)


def _unit_square(figure: go.Figure) -> go.Figure:
    ticks = {"range": [0, 1.005], "tickvals": [0, 0.25, 0.5, 0.75, 1]}
    figure.update_xaxes(**ticks)
    figure.update_yaxes(**ticks)
    return figure


def _diagonal(figure: go.Figure, colours: Palette, text: str) -> None:
    figure.add_shape(type="line", x0=0, y0=0, x1=1, y1=1, line=_dotted(colours))
    # On the surface, so that no curve strikes the text through.
    place = {"x": 0.98, "y": 0.55, "xanchor": "right", "yanchor": "top", "bgcolor": colours.surface}
    figure.add_annotation(text=text, **place, **_small(colours))


def _short(name: object) -> str:
    """Shorten and HTML-escape a name from the data for use as a label."""
    text = str(name)
    return escape(text if len(text) <= NAME_LENGTH else f"{text[: NAME_LENGTH - 1]}…")


def _dotted(colours: Palette) -> dict[str, Any]:
    return {"color": colours.base, "width": 1, "dash": "2px,4px"}


def _small(colours: Palette) -> dict[str, Any]:
    return {"showarrow": False, "font": {"size": 11, "color": colours.text_3}}


_CELL_NAMES = (("true negative", "false positive"), ("false negative", "true positive"))


def _cell(figure: go.Figure, colours: Palette, counts: np.ndarray[Any, Any], row: int, column: int) -> None:
    count, whole = int(counts[row, column]), int(counts[row].sum())
    weight = 0.12 + 0.34 * float(np.sqrt(count / max(int(counts.max()), 1)))
    colour = mixed(colours.series[0 if row == column else 1], colours.surface, weight)
    figure.add_shape(
        type="rect", x0=column - 0.49, x1=column + 0.49, y0=row - 0.48, y1=row + 0.48, line={"width": 0},
        fillcolor=colour, layer="below",
    )  # fmt: skip
    share = f"{100 * count / whole:.1f} % of row" if whole else "no rows"
    lines = [f"<b>{count:,}</b>", share] if len(counts) <= 8 else [f"{count:,}"]
    if len(counts) == 2:
        lines = [f'<b style="font-size:20px">{count:,}</b>', _CELL_NAMES[row][column], share]
    figure.add_annotation(
        x=column, y=row, text="<br>".join(lines), showarrow=False, font={"size": 12, "color": colours.text}
    )
