"""Audit data for leakage: run the checks on tables and collect findings."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from designer.audit.answers import answer_in
from designer.audit.columns import sampled
from designer.audit.copies import ROW_LIMIT, copies
from designer.audit.finding import ANSWER, FUTURE, GROUP, IDENTIFIER, SAME_ROWS, Finding, judged, share
from designer.audit.groups import groups_across
from designer.audit.identifiers import names_rows, numbers_rows
from designer.audit.order import future_rows
from designer.contract.schema import bare
from designer.contract.wording.counting import counted

VERSION = "audit-2"
"""Version of the audit; bump it whenever findings change."""
COLUMN_ROWS = 50_000
GROUP_ROWS = 100_000
SOME_ROWS = 10_000


def audit_columns(table: pd.DataFrame, label: str, features: Sequence[str]) -> list[Finding]:
    """Find identifiers and columns that leak the label among the features of a training table."""
    sample = judged(len(table), COLUMN_ROWS)
    table = sampled(bare(table), COLUMN_ROWS)
    if label not in table.columns or isinstance(table[label], pd.DataFrame):
        return []
    rows = table[table[label].notna()].reset_index(drop=True)
    findings: list[Finding] = []
    for name in features:
        if name not in rows.columns or isinstance(rows[name], pd.DataFrame) or not rows[name].notna().any():
            continue
        reason = answer_in(rows[name], rows[label])
        if reason:
            findings.append(Finding(ANSWER, (name,), f"{reason[:1].upper()}{reason[1:]}.", sample))
        elif names_rows(rows[name], rows[label]):
            count = rows[name].nunique()
            what = "All" if count == len(rows[name]) else f"{count:,} of"
            findings.append(Finding(IDENTIFIER, (name,), f"{what} {len(rows[name]):,} values are different.", sample))
    return findings


def audit_rows(
    training: pd.DataFrame, held_out: pd.DataFrame, label: str, features: Sequence[str], *, is_split: bool
) -> list[Finding]:
    """Find rows shared by a training and a held-out table.

    If they are parts of one table (`is_split`), also find groups on both sides and training rows later in time.
    """
    training, held_out = bare(training), bare(held_out)
    if not len(training) or not len(held_out) or not (training.columns.is_unique and held_out.columns.is_unique):
        return []
    names = [name for name in (*features, label) if name in training.columns and name in held_out.columns]
    some = sampled(training, SOME_ROWS)
    names = [name for name in names if name == label or not numbers_rows(some[name])]
    copied = copies(training, held_out, names) if len(names) > 1 else None
    if copied is not None:
        listed = ", ".join(f"{row + 1:,}" for row in copied.held_out)
        equal = ", ".join(f"{row + 1:,}" for row in copied.training)
        many = f"{copied.count:,} of {counted(len(held_out), 'held-out row')} ({share(copied.count, len(held_out))})"
        words = f"Among the training rows too: {many}. Rows {listed} are rows {equal} there"
        words = f"{words}{', and so on' if copied.count > 3 else ''}."
        return [Finding(SAME_ROWS, tuple(names), words, judged(len(held_out), ROW_LIMIT))]
    return _of_split(training, held_out, label) if is_split else []


def _of_split(training: pd.DataFrame, held_out: pd.DataFrame, label: str) -> list[Finding]:
    sample = judged(max(len(training), len(held_out)), GROUP_ROWS)
    training, held_out = sampled(training, GROUP_ROWS), sampled(held_out, GROUP_ROWS)
    findings = [
        Finding(
            GROUP,
            (name,),
            f"Both sides hold {counted(groups, 'group')} of “{name}”, in {counted(rows, 'held-out row')}.",
            sample,
        )
        for name, groups, rows in groups_across(training, held_out, label)
    ]
    findings += [
        Finding(
            FUTURE,
            (name,),
            f"“{name}” is later in {counted(rows, 'training row')} than in the first held-out row.",
            sample,
        )
        for name, rows in future_rows(training, held_out, label)
    ]
    return findings


def answer(question: dict[str, Any], tables: Sequence[pd.DataFrame]) -> list[Finding]:
    """Run the audit of a stored question on one table, on two, or on the folds of one."""
    label, features = question["label"], question["features"]
    if question["folds"]:
        order = np.random.RandomState(0).permutation(len(tables[0]))
        tables = [tables[0].take(np.sort(part)) for part in np.array_split(order, 2)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # statistics of constant columns warn, and are never a finding
        if len(tables) == 1:
            return audit_columns(tables[0], label, features)
        return audit_rows(tables[0], tables[1], label, features, is_split=question["is_split"])
