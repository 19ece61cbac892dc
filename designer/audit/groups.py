"""Groups of rows, such as the visits of a patient, whose members lie in two tables and resemble each other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from designer.audit.columns import Codes, Numbers, agreement, codes, moments, neighbours, numbers
from designer.audit.identifiers import are_assigned, are_even
from designer.contract.schema import Kind, kind_of

FEWEST_GROUPS = 10
MOST_ROWS, FEW_ROWS = 100, 20
"""The rows of a group on average: of one that is called by a word for it, and of others."""
ALIKE, SAME = 0.6, 0.9
"""How alike the labels of a named group must be; and those of others, or the rest of the rows where labels are not."""
BEARERS = re.compile(
    r"(?i)(^|[^a-z])(patient|subject|customer|client|user|person|household|family|device|participant|student|animal"
    r"|speaker|owner)(s?|id|no|number|code|key)([^a-z]|$)|(Patient|Subject|Customer|User|Person|Device)(Id|ID)$"
)
IDENTIFIERS = re.compile(r"(?i)(^|[^a-z])(id|uuid|guid|identifier)$|[a-z](Id|ID)$")


def groups_across(training: pd.DataFrame, held_out: pd.DataFrame, label: str) -> Iterable[tuple[str, int, int]]:
    """Columns of groups with members in both tables: the name, how many groups, how many held-out rows they have."""
    rows = len(training)
    both = pd.concat([training, held_out], ignore_index=True)
    for name in training.columns:
        if name == label or name not in held_out.columns or not _may_group(both[name]):
            continue
        members = codes(both[name])
        known = np.isin(members[rows:], members[:rows]) & both[name].notna().to_numpy()[rows:]
        if known.sum() < max(5, 0.1 * len(held_out)) or not _are_groups(both, name, members, label):
            continue
        yield str(name), len(np.unique(members[rows:][known])), int(known.sum())


def _may_group(series: pd.Series[Any]) -> bool:
    kind = kind_of(series)
    if kind in (Kind.BOOLEAN, Kind.DATETIME) or moments(series) is not None:
        return False
    values = numbers(series)
    if values is not None and (values[np.isfinite(values)] != np.floor(values[np.isfinite(values)])).any():
        return False
    count = series.nunique()
    most = MOST_ROWS if BEARERS.search(str(series.name)) else FEW_ROWS
    return count >= FEWEST_GROUPS and 1.5 * count <= len(series) <= most * count


def _are_groups(table: pd.DataFrame, name: Any, members: Codes, label: str) -> bool:
    """Whether rows of a value belong together: their labels, or all else, are alike, and it measures nothing."""
    is_named = bool(BEARERS.search(str(name)) or IDENTIFIERS.search(str(name)))
    values = numbers(table[name])
    is_code = is_named or (_is_code(table[name]) if values is None else _are_given_out(values))
    if not is_code:
        return False
    if label in table.columns:
        present = table[label].notna().to_numpy()
        answers = table[label][present]
        alike = agreement(members[present], answers)
        if alike >= (ALIKE if is_named else SAME):
            return is_named or values is None or not _is_scale(values[present], answers)
    return (is_named or values is None) and _resemble(table, name, members, label)


def _are_given_out(values: Numbers) -> bool:
    """Whether whole numbers are spread evenly, each with about as many rows: those of something that is measured
    crowd."""
    different, counts = np.unique(values[np.isfinite(values)], return_counts=True)
    return bool(counts.std() <= counts.mean()) and (are_assigned(different) or are_even(different))


def _is_scale(values: Numbers, answers: pd.Series[Any]) -> bool:
    """Whether a number measures: labels of one value are like those of the next."""
    return neighbours(values, answers) > 0.5


def _is_code(series: pd.Series[Any]) -> bool:
    """Whether texts are made like numbers of something: digits or hexadecimal, all of them."""
    text = series.dropna().astype("str").head(500)
    return bool(text.str.contains(r"\d").mean() > 0.95) and bool((text.str.count(r"\s") <= 1).all())


def _resemble(table: pd.DataFrame, name: Any, members: Codes, label: str) -> bool:
    """Whether all measured columns are nearly equal within a group."""
    others = [column for column in table.columns if column not in (name, label) and kind_of(table[column]).is_numeric]
    measured = [column for column in others if table[column].nunique() > 20]
    return len(measured) >= 2 and all(agreement(members, table[column]) >= SAME for column in measured)
