"""Cards for values that are not tables: models, learners, transformations, evaluations, folders and files."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from designer.charts.metric_title import metric_title
from designer.contract.ports import PortType
from designer.contract.values import Evaluation, TrainedModel, Transformation, UntrainedModel
from designer.contract.wording.counting import counted
from designer.store.workspace import open_workspace
from designer.ui.views import figures
from designer.ui.views.file_card import describe_files

TOP_FEATURES = 30
LINES = 500
LONGEST = 120
Pair = tuple[str, str]
FILES = frozenset({PortType.FOLDER, PortType.FILE})
DESCRIBED = FILES | {PortType.TRAINED, PortType.UNTRAINED, PortType.TRANSFORMATION, PortType.EVALUATION}


@dataclass(frozen=True)
class Weight:
    """The weight of a feature: its importance, or its signed coefficient; `width` in percent."""

    feature: str
    value: str
    width: float
    is_negative: bool = False


@dataclass(frozen=True)
class ArtifactCard:
    """A value as facts, bars, lines, and the beginning of a text or a picture (as a data URL)."""

    name: str = ""
    facts: list[Pair] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    weight_title: str = ""
    weights: list[Weight] = field(default_factory=list)
    list_title: str = ""
    lines: list[Pair] = field(default_factory=list)
    text: str = ""
    picture: str = ""


def describe_artifact(folder: str, digest: str) -> dict[str, Any]:
    """Describe a stored value as a JSON document; runs in a child process, since it loads the value."""
    with open_workspace(folder) as workspace:
        stored = workspace.results.stored(digest)
        if stored.kind in FILES:
            return describe_files(stored, workspace.artifacts.blobs.verified(digest, stored.seal))
        value = workspace.value(stored)
    match value:
        case TrainedModel():
            return _trained(value)
        case UntrainedModel():
            settings = value.estimator.get_params(deep=False) if hasattr(value.estimator, "get_params") else {}
            title = f"Settings of {type(value.estimator).__name__}" if settings else ""
            return _document(value.name, [("Task", str(value.task))], title, _lines(settings))
        case Transformation():
            return _document(value.name, [("Made by", value.name)], "Learned", _lines(value.state))
        case Evaluation():
            return _evaluated(value)
        case _:
            return _document(type(value).__name__, [])


def artifact_card(document: Mapping[str, Any]) -> ArtifactCard:
    """The card of a document from `describe_artifact`."""
    title, weights = _weights(document)
    return ArtifactCard(
        name=document["name"],
        facts=[(name, text) for name, text in document["facts"] if text],
        notes=list(document["notes"]),
        weight_title=title,
        weights=weights,
        list_title=document["list_title"],
        lines=[(name, text) for name, text in document["lines"]],
        text=document.get("text", ""),
        picture=document.get("picture", ""),
    )


def _document(
    name: str,
    facts: Sequence[Pair],
    list_title: str = "",
    lines: Sequence[Pair] = (),
    **more: Any,
) -> dict[str, Any]:
    return {"name": name, "facts": list(facts), "notes": [], "list_title": list_title, "lines": list(lines),
            "importances": [], "coefficients": [], **more}  # fmt: skip


def _trained(model: TrainedModel) -> dict[str, Any]:
    report = dict(model.report)
    unused = dict(report.get("not_used", {}))
    facts = [
        ("Task", str(model.task)),
        ("Predicts", model.label.name if model.label else ""),
        ("Classes", ", ".join(str(name) for name in model.classes[:12])),
        ("Positive class", "" if model.positive is None else str(model.positive)),
        ("Trained on", counted(int(report.get("rows", 0)), "row")),
    ]
    features = [(column.name, str(column.kind)) for column in model.features]
    return _document(
        model.name,
        facts,
        f"Features used: {len(features):,}",
        features[:LINES],
        notes=[*map(str, report.get("notes", [])), *(f"{name} is not used: {why}" for name, why in unused.items())],
        importances=report.get("importances", [])[:TOP_FEATURES],
        coefficients=_strongest(report.get("coefficients", [])),
    )


def _evaluated(evaluation: Evaluation) -> dict[str, Any]:
    models = evaluation.models
    names = list(models[0].metrics) if models else []
    lines = [
        (metric_title(name), " / ".join(figures.number(model.metrics[name], 4) for model in models)) for name in names
    ]
    facts = [("Task", str(evaluation.task)), ("Label", evaluation.label)]
    facts += [("Positive class", "" if evaluation.positive is None else str(evaluation.positive))]
    facts += [("Scored", counted(model.rows, "row")) for model in models]
    return _document("Evaluation", facts, "Metrics", lines)


def _lines(state: Any) -> list[Pair]:
    """What was set or learned, one line each; only the values by column, if there are any."""
    if not isinstance(state, Mapping):
        return [("", _shortened(state))]
    by_column = [(f"{_titled(name)}: {column}", _shortened(learned)) for name, values in state.items()
                 if isinstance(values, Mapping) for column, learned in values.items()]  # fmt: skip
    plain = [(_titled(name), _shortened(value)) for name, value in state.items() if _says_something(value)]
    return (by_column or plain)[:LINES]


def _says_something(value: Any) -> bool:
    return value is not None and not (isinstance(value, Sequence) and len(value) == 0)


def _titled(name: Any) -> str:
    text = str(name).replace("_", " ")
    return text[:1].upper() + text[1:]


def _shortened(value: Any) -> str:
    if isinstance(value, float):
        return figures.short(value) if math.isfinite(value) else str(value)
    is_list = isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping)
    text = ", ".join(_shortened(item) for item in list(value)[:20]) if is_list else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _strongest(coefficients: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ordered = sorted(coefficients, key=lambda row: -abs(row["coefficient"]))
    return [row for row in ordered if row["feature"] != "(intercept)"][:TOP_FEATURES]


def _weights(document: Mapping[str, Any]) -> tuple[str, list[Weight]]:
    if document["importances"]:
        rows = [(row["feature"], float(row["importance"])) for row in document["importances"]]
        return "Importance: share of what the splits gained", _bars(rows, figures.percent)
    if document["coefficients"]:
        rows = [(_of_class(row), float(row["coefficient"])) for row in document["coefficients"]]
        return "Coefficients on features scaled to 0..1, strongest first", _bars(rows, figures.signed)
    return "", []


def _bars(rows: list[tuple[str, float]], say: Callable[[float], str]) -> list[Weight]:
    top = max((abs(value) for _, value in rows), default=0.0) or 1.0
    return [Weight(name, say(value), round(100 * abs(value) / top, 1), value < 0) for name, value in rows]


def _of_class(row: Mapping[str, Any]) -> str:
    return f"{row['feature']} ({row['class']})" if row.get("class") else str(row["feature"])
