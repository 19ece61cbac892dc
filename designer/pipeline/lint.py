"""Leakage and bad practice on the wires: what a careful colleague would say, each with a fix where one is an edit."""

from __future__ import annotations

from designer.contract.library import Library
from designer.pipeline.features import identifier_as_feature, label_among_features
from designer.pipeline.graph import Pipeline
from designer.pipeline.leakage import (
    fitted_before_split,
    fitted_on_held_out_rows,
    sampled_before_split,
    scored_on_training_rows,
)
from designer.pipeline.propagate import Propagation, propagate
from designer.pipeline.warning import Rule, Warning

RULES: tuple[Rule, ...] = (
    fitted_before_split,
    sampled_before_split,
    scored_on_training_rows,
    fitted_on_held_out_rows,
    identifier_as_feature,
    label_among_features,
)


def lint(pipeline: Pipeline, library: Library, known: Propagation | None = None) -> list[Warning]:
    """All warnings, in the order of the graph. Pure, and never raises."""
    known = known or propagate(pipeline, library)
    position = {id: i for i, id in enumerate(pipeline.order())}
    found = [warning for rule in RULES for warning in rule(pipeline, library, known)]
    once = {(warning.rule, warning.node, warning.wire): warning for warning in found}  # two models may share a step
    return sorted(once.values(), key=lambda warning: (position.get(warning.node, 0), warning.rule))
