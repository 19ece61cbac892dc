"""Detect groups of similar rows, such as the visits of a patient, that are split over two tables."""

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
"""Maximum mean group size: for columns named like a person or device, and for others."""
ALIKE, SAME = 0.6, 0.9
"""Minimum agreement of labels within groups: of columns named like identifiers, and of others. `SAME` also applies to
the measured columns of a group if its labels do not agree."""
BEARERS = re.compile(
    r"(?i)(^|[^a-z])(patient|subject|customer|client|user|person|household|family|device|participant|student|animal"
    r"|speaker|owner)(s?|id|no|number|code|key)([^a-z]|$)|(Patient|Subject|Customer|User|Person|Device)(Id|ID)$"
)
IDENTIFIERS = re.compile(r"(?i)(^|[^a-z])(id|uuid|guid|identifier)$|[a-z](Id|ID)$")


def groups_across(training: pd.DataFrame, held_out: pd.DataFrame, label: str) -> Iterable[tuple[str, int, int]]:
    """The group columns with members in both tables: name, number of such groups, number of their held-out rows."""
    rows = len(training)
    both = pd.concat([training, held_out], ignore_index=True)
    for name in training.columns:
        if name == label or name not in held_out.columns or not _may_group(both[name]):
            continue
        members = codes(both[name])
        shared = np.isin(members[rows:], members[:rows]) & both[name].notna().to_numpy()[rows:]
        if shared.sum() < max(5, 0.1 * len(held_out)) or not _are_groups(both, name, members, label):
            continue
        yield str(name), len(np.unique(members[rows:][shared])), int(shared.sum())


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
    """Whether a column identifies groups: it is a code, and rows of one value agree in the label or measurements."""
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
    """Whether integers are spread evenly with similar row counts, like assigned numbers; measurements cluster."""
    different, counts = np.unique(values[np.isfinite(values)], return_counts=True)
    return bool(counts.std() <= counts.mean()) and (are_assigned(different) or are_even(different))


def _is_scale(values: Numbers, answers: pd.Series[Any]) -> bool:
    """Whether a number is a measurement: labels of neighbouring values correlate."""
    return neighbours(values, answers) > 0.5


def _is_code(series: pd.Series[Any]) -> bool:
    """Whether texts look like codes: nearly all contain a digit, and none has more than one blank."""
    text = series.dropna().astype("str").head(500)
    return bool(text.str.contains(r"\d").mean() > 0.95) and bool((text.str.count(r"\s") <= 1).all())


def _resemble(table: pd.DataFrame, name: Any, members: Codes, label: str) -> bool:
    """Whether all measured columns, at least two, are nearly equal within each group."""
    others = [column for column in table.columns if column not in (name, label) and kind_of(table[column]).is_numeric]
    measured = [column for column in others if table[column].nunique() > 20]
    return len(measured) >= 2 and all(agreement(members, table[column]) >= SAME for column in measured)
