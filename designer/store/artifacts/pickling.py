"""Write models in joblib's format, deterministically: equal models give equal bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from joblib.numpy_pickle import NumpyPickler

from designer.contract.packages import installed


def dump(value: Any, file: Path) -> dict[str, str]:
    """Write a value for `joblib.load`; returns the versions of the installed packages whose classes it holds."""
    with file.open("wb") as opened:
        pickler = _Pickler(opened)
        pickler.dump(value)
    used = [package for package in installed() if package.root in pickler.roots]
    return {name: version for package in used for name, version in package.versions().items()}


class _Pickler(NumpyPickler):  # type: ignore[misc]  # joblib has no types
    """Removes from the bytes what does not belong to the value.

    Structured arrays: the padding in scikit-learn's trees holds uninitialized memory. Texts: pickle writes one that it
    has seen as a reference, but only if it is the same object, which depends on what the process has done before: the
    first instance of a class, unpickled or made, decides which objects name the attributes of all others.
    """

    def __init__(self, opened: BinaryIO) -> None:
        super().__init__(opened)
        self._texts: dict[str, str] = {}
        self.roots: set[str] = set()
        """The top-level Python packages of the classes."""

    def save(self, obj: Any) -> None:
        self.roots.add(type(obj).__module__.partition(".")[0])
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
