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
    """Removes from the bytes what does not belong to the value.

    Structured arrays: the padding in scikit-learn's trees holds uninitialized memory. Texts: pickle writes one that it
    has seen as a reference, but only if it is the same object, which depends on what the process has done before: the
    first instance of a class, unpickled or made, decides which objects name the attributes of all others.
    """

    def __init__(self, file: Any) -> None:
        super().__init__(file)
        self._texts: dict[str, str] = {}

    def save(self, obj: Any) -> None:
        if type(obj) is str:
            obj = self._texts.setdefault(obj, obj)
        elif type(obj) is np.ndarray and obj.dtype.names:
            obj = _with_empty_gaps(obj)
        super().save(obj)


def _with_empty_gaps(records: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    empty = np.zeros(records.shape, records.dtype)
    for name in records.dtype.names or ():
        empty[name] = records[name]
    return empty
