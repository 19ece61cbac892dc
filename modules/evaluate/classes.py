"""The classes of a scored table: the model's if recorded, else inferred from the rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from designer.contract.classes import ordered_classes


def two_classes(
    actual: pd.Series[Any], predicted: pd.Series[Any], share: np.ndarray[Any, Any], known: Sequence[Any] = ()
) -> list[Any]:
    """The negative and the positive class: the model's if known, else inferred from the rows.

    From the rows, the positive class is the most frequent prediction above 0.5; without such rows, the class the others
    are not. A class without rows is named "not" the other.
    """
    seen = ordered_classes(pd.concat([actual, predicted]).tolist())
    model = as_in_rows(known, seen)
    if len(model) == 2 and set(predicted.tolist()) <= set(model):
        return model
    if not seen or len(seen) > 2:
        return seen
    negative, positive = seen if len(seen) == 2 else (f"not {seen[0]}", seen[0])
    is_positive = (predicted == positive).to_numpy()
    swapped = int((is_positive == (share > 0.5)).sum()) * 2 < len(share)
    return [positive, negative] if swapped else [negative, positive]


def several_classes(values: Iterable[Any], named: Sequence[str], known: Sequence[Any] = ()) -> list[Any]:
    """The model's classes, then others in the rows; without a known model, those of the rows and of the probability
    columns in `named`."""
    seen = ordered_classes(values)
    if known:
        return list(dict.fromkeys([*as_in_rows(known, seen), *seen]))
    return ordered_classes([*seen, *(_read_like(name, seen) for name in as_in_rows(named, seen))])


def as_in_rows(known: Sequence[Any], seen: Sequence[Any]) -> list[Any]:
    """Known classes in the representation of the rows: 1 may have become 1.0 or "1"."""
    by_value, by_text = {value: value for value in seen}, {str(value): value for value in seen}
    return [by_value.get(value, by_text.get(str(value), value)) for value in known]


def _read_like(value: Any, seen: Sequence[Any]) -> Any:
    """The name of a class without rows, as a number if the others are."""
    kind = type(seen[0]) if seen else str
    try:
        return kind(value) if kind in (int, float) else value
    except ValueError:
        return value
