"""Lint rules about data: turn audit findings on current results into warnings, with fixes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from designer.audit.finding import ANSWER, FUTURE, GROUP, IDENTIFIER, NOT_CHECKED, SAME_ROWS, Finding
from designer.contract.catalogue.library import Library
from designer.pipeline.graph import Edge, Pipeline
from designer.pipeline.lint.comparisons import Comparison, Findings
from designer.pipeline.lint.features import looks_like_identifier
from designer.pipeline.lint.mending import keep_together, leave_out, remove_copies, split_by_time
from designer.pipeline.lint.warning import Warning, listed


def data_warnings(pipeline: Pipeline, library: Library, findings: Findings) -> Iterable[Warning]:
    """One warning for each rule and comparison, covering all its columns."""
    for comparison, results in findings.items():
        for rule in dict.fromkeys(finding.rule for finding in results):
            matching = [finding for finding in results if finding.rule == rule]
            warning = _warning(pipeline, library, comparison, rule, matching)
            if warning is not None:
                judged = next((f" {finding.judged}" for finding in matching if finding.judged), "")
                yield replace(warning, message=warning.message + judged)


def _warning(
    pipeline: Pipeline, library: Library, comparison: Comparison, rule: str, findings: Sequence[Finding]
) -> Warning | None:
    names = [name for finding in findings for name in finding.columns]
    if rule == SAME_ROWS:
        return _same_rows(pipeline, library, comparison, findings[0])
    if rule == IDENTIFIER:
        names = [name for name in names if not looks_like_identifier(name)]  # another rule warns by name
        return _identifier(pipeline, library, comparison, names, findings) if names else None
    if rule == ANSWER:
        sentences = " ".join(f"“{finding.columns[0]}”: {_uncapitalized(finding.text)}" for finding in findings[:3])
        return Warning(
            ANSWER,
            comparison.trained.target,
            f"{listed(names)} gives the answer away",
            f"{sentences} It is “{comparison.label}” in other words, or made from the same thing. Leave it out if new "
            "rows come without it.",
            comparison.trained,
            "Leave it out",
            leave_out(pipeline, comparison.trained, names, library),
        )
    if rule == NOT_CHECKED:
        return _not_checked(comparison, findings)
    place = _before_split(pipeline, comparison)
    if rule == GROUP:
        return _groups(pipeline, library, comparison, names[0], place, findings)
    return _future(pipeline, library, comparison, names[0], place, findings) if rule == FUTURE else None


def _not_checked(comparison: Comparison, findings: Sequence[Finding]) -> Warning:
    wire = comparison.tested or comparison.trained
    reasons = " ".join(dict.fromkeys(f"{finding.text.rstrip('.')}." for finding in findings))
    return Warning(NOT_CHECKED, wire.target, "The data was not checked for leakage", reasons, wire)


def _identifier(
    pipeline: Pipeline, library: Library, comparison: Comparison, names: Sequence[str], findings: Sequence[Finding]
) -> Warning:
    return Warning(
        IDENTIFIER,
        comparison.trained.target,
        f"{listed(names)} names the row",
        f"{next(f.text for f in findings if f.columns[0] == names[0])} The label does not follow their order, so that "
        "a model can only learn rows by heart through it. Leave it out.",
        comparison.trained,
        "Leave it out",
        leave_out(pipeline, comparison.trained, names, library),
    )


def _same_rows(pipeline: Pipeline, library: Library, comparison: Comparison, finding: Finding) -> Warning:
    wire = comparison.tested or comparison.trained
    place = _before_split(pipeline, comparison) if comparison.split else comparison.trained
    is_mended = bool(comparison.split) or comparison.tested is None
    advice = " Remove the copies before the rows are divided." if is_mended else " Leave them out of one of the tables."
    return Warning(
        SAME_ROWS,
        wire.target,
        "The same rows train and test",
        f"{finding.text} The score says in part how well the model remembers.{advice}",
        wire,
        "Remove copies first" if is_mended else "",
        remove_copies(pipeline, place, finding.columns, library) if is_mended else (),
    )


def _groups(
    pipeline: Pipeline, library: Library, comparison: Comparison, name: str, place: Edge, findings: Sequence[Finding]
) -> Warning:
    fix = keep_together(pipeline, comparison.split, name, library) if comparison.split else ()
    return Warning(
        GROUP,
        place.target,
        f"Rows of one “{name}” train and test",
        f"{findings[0].text} Their rows resemble each other, so that the score is too good for a new one. Keep the "
        "rows of each on one side.",
        place,
        "Keep them together" if fix else "",
        fix,
    )


def _future(
    pipeline: Pipeline, library: Library, comparison: Comparison, name: str, place: Edge, findings: Sequence[Finding]
) -> Warning:
    fix = split_by_time(pipeline, comparison.split, name, library) if comparison.split else ()
    return Warning(
        FUTURE,
        place.target,
        "Rows of the future train the model",
        f"{findings[0].text} The label changes slowly with time, so that the score is too good for what is still to "
        "come. Train on the earlier rows and test on the later ones.",
        place,
        "Split by time" if fix else "",
        fix,
    )


def _before_split(pipeline: Pipeline, comparison: Comparison) -> Edge:
    """The edge into the split; else into the scorer, else into the trainer."""
    above = next(iter(pipeline.incoming(comparison.split)), None) if comparison.split else None
    return above or comparison.tested or comparison.trained


def _uncapitalized(text: str) -> str:
    return text[:1].lower() + text[1:]
