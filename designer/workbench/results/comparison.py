"""Compare two runs: settings that differ, and their metrics side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from designer.contract.catalogue.library import Library
from designer.contract.selection import Columns
from designer.engine.recording.run_metrics import Value, evaluated_models, lower_is_better
from designer.pipeline.graph import Node, Pipeline
from designer.pipeline.learners import learner_title
from designer.pipeline.walk import title_of
from designer.store.records import NodeRun

NOTHING = "–"
EVALUATED_PORTS = ("scored_dataset", "scored_dataset_to_compare")


@dataclass(frozen=True)
class Difference:
    """One setting that differs, as text."""

    step: str
    setting: str
    first: str
    second: str


@dataclass(frozen=True)
class MetricPair:
    """One metric of one model in both runs; None where a run lacks it."""

    model: str
    metric: str
    first: float | None
    second: float | None

    @property
    def difference(self) -> float | None:
        """The second value minus the first; None where one is missing."""
        return None if self.first is None or self.second is None else self.second - self.first

    @property
    def lower_is_better(self) -> bool | None:
        """Whether lower values are better; None if its name does not tell."""
        return lower_is_better(self.metric)


def differences(first: Pipeline, second: Pipeline, library: Library) -> list[Difference]:
    """Steps that only one run has, and differing settings and edges."""
    result: list[Difference] = []
    for id in dict.fromkeys((*first.order(), *second.order())):
        one, other = first.nodes.get(id), second.nodes.get(id)
        present = one or other
        if present is None:
            continue
        step = title_of(present, library)
        if one is None or other is None:
            result.append(Difference(step, "Step", "there" if one else NOTHING, "there" if other else NOTHING))
        elif one.module != other.module:
            titles = [title_of(node, library) for node in (one, other)]
            result.append(Difference(step, "Module", titles[0], titles[1]))
        else:
            result += _settings(step, one, other, library)
    return result + list(_wires(first, second, library))


def metric_pairs(
    first: tuple[Pipeline, Mapping[str, NodeRun]], second: tuple[Pipeline, Mapping[str, NodeRun]], library: Library
) -> list[MetricPair]:
    """The metrics of each evaluation present in both runs, by model."""
    pairs: list[MetricPair] = []
    for id in first[0].order():
        first_models, second_models = evaluated_models(first[1].get(id)), evaluated_models(second[1].get(id))
        for port, one, other in zip(EVALUATED_PORTS, first_models, second_models, strict=False):
            title = learner_title(first[0], library, id, port) or one["name"]
            metrics = other["metrics"]
            pairs += [MetricPair(title, name, value, metrics.get(name)) for name, value in one["metrics"].items()]
    return pairs


def logged_pairs(
    pipeline: Pipeline,
    first: Mapping[str, Mapping[str, Value]],
    second: Mapping[str, Mapping[str, Value]],
    library: Library,
) -> list[MetricPair]:
    """The newest numbers that the steps of either run logged, by step."""
    return [
        MetricPair(
            title_of(pipeline.nodes[id], library),
            name,
            *(_number(run.get(id, {}).get(name)) for run in (first, second)),
        )
        for id in pipeline.order()
        for name in dict.fromkeys((*first.get(id, {}), *second.get(id, {})))
    ]


def _number(value: Value | None) -> float | None:
    return None if isinstance(value, str) else value


def _settings(step: str, one: Node, other: Node, library: Library) -> Iterator[Difference]:
    values = [_filled(node, library) for node in (one, other)]
    module = library.get(one.module)
    for name in dict.fromkeys((*values[0], *values[1])):
        first, second = values[0].get(name), values[1].get(name)
        if first != second:
            parameter = module.spec().parameter(name) if module else None
            yield Difference(step, parameter.label if parameter else name, setting_text(first), setting_text(second))
    if one.disabled != other.disabled:
        words = {True: "disabled", False: "active"}
        yield Difference(step, "Step", words[one.disabled], words[other.disabled])


def _filled(node: Node, library: Library) -> dict[str, Any]:
    module = library.get(node.module)
    defaults = {p.name: p.default for p in module.spec().parameters} if module else {}
    return {**{name: _plain(value) for name, value in defaults.items()}, **dict(node.parameters)}


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json") if isinstance(value, Columns) else value


def setting_text(value: Any) -> str:
    """The value of a setting in one line."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, dict) and "rules" in value:
        return str(Columns.model_validate(value))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    text = str(value)
    return text if len(text) <= 120 else f"{text[:119]}…"


def _wires(first: Pipeline, second: Pipeline, library: Library) -> Iterator[Difference]:
    shared = first.nodes.keys() & second.nodes.keys()
    edges = {(e.target, e.input): e for e in first.edges if e.target in shared}
    later_edges = {(e.target, e.input): e for e in second.edges if e.target in shared}
    for place in sorted(edges.keys() | later_edges.keys()):
        one, other = edges.get(place), later_edges.get(place)
        ends = [(edge.source, edge.output) if edge else None for edge in (one, other)]
        if ends[0] != ends[1]:
            titles = [
                title_of(graph.nodes[edge.source], library) if edge else NOTHING
                for graph, edge in ((first, one), (second, other))
            ]
            yield Difference(title_of(first.nodes[place[0]], library), f"Input {place[1]}", titles[0], titles[1])
