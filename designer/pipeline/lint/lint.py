"""Lint a pipeline and its data for leakage and bad practice; warnings may include a fix as an edit."""

from __future__ import annotations

from dataclasses import replace

from designer.contract.catalogue.library import Library
from designer.pipeline.graph import Pipeline
from designer.pipeline.lint.comparisons import Findings
from designer.pipeline.lint.components import newer_versions
from designer.pipeline.lint.evidence import data_warnings
from designer.pipeline.lint.features import identifier_as_feature, label_among_features
from designer.pipeline.lint.leakage import (
    fitted_before_split,
    fitted_on_held_out_rows,
    learned_before_folds,
    sampled_before_split,
    scored_on_training_rows,
)
from designer.pipeline.lint.warning import Rule, Warning
from designer.pipeline.parameters import previewed
from designer.pipeline.placing import placed
from designer.pipeline.propagate import Propagation, propagate

RULES: tuple[Rule, ...] = (
    fitted_before_split,
    sampled_before_split,
    learned_before_folds,
    scored_on_training_rows,
    fitted_on_held_out_rows,
    identifier_as_feature,
    label_among_features,
)


def lint(
    pipeline: Pipeline, library: Library, propagation: Propagation | None = None, findings: Findings | None = None
) -> list[Warning]:
    """All warnings, in topological order. `findings` are those on data of current results. Pure, never raises."""
    written, pipeline = pipeline, previewed(pipeline)
    propagation = propagation or propagate(pipeline, library)
    position = {id: i for i, id in enumerate(pipeline.order())}
    warnings = [warning for rule in RULES for warning in rule(pipeline, library, propagation)]
    warnings += [*data_warnings(pipeline, library, findings or {}), *newer_versions(written, library)]
    placed_warnings = [replace(warning, fix=placed(pipeline, warning.fix)) for warning in warnings]
    # models may share a step
    distinct = {(warning.rule, warning.node, warning.wire): warning for warning in placed_warnings}
    return sorted(distinct.values(), key=lambda warning: (position.get(warning.node, 0), warning.rule))
