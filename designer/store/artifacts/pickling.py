"""Write models in joblib's format, deterministically: equal models give equal bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from joblib.numpy_pickle import NumpyPickler


def dump(value: Any, file: Path) -> None:
    """Write a value for `joblib.load`."""
    with file.open("wb") as opened:
        _Pickler(opened).dump(value)


class _Pickler(NumpyPickler):  # type: ignore[misc]  # joblib has no types
    """Zeroes the padding of structured arrays: in scikit-learn's trees it holds uninitialized memory."""

    def save(self, obj: Any) -> None:
        super().save(_with_empty_gaps(obj) if type(obj) is np.ndarray and obj.dtype.names else obj)


def _with_empty_gaps(records: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    empty = np.zeros(records.shape, records.dtype)
    for name in records.dtype.names or ():
        empty[name] = records[name]
    return empty
