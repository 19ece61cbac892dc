"""Paths that begin with the name of their datastore: `workspace/incoming/a.csv`."""

from __future__ import annotations

from designer.contract.errors import InvalidParameter

NAMED_IN_PATH = "*"
"""In the place of the name of a datastore: the path begins with it."""


def place_of(datastore: str, path: str) -> tuple[str, str]:
    """The datastore and the path in it. Raises InvalidParameter for a path that should name the datastore."""
    if datastore != NAMED_IN_PATH:
        return datastore, path
    try:
        return split_path(path)
    except ValueError as error:
        remedy = "Begin with the name of a datastore, such as workspace/incoming/a.csv."
        raise InvalidParameter(f"'{path}' {error}", remedy, parameter="Path") from None


def split_path(path: str) -> tuple[str, str]:
    """The datastore and the path in it; `.` where all of it is named. Raises ValueError saying what the text is."""
    name, _, rest = path.strip().partition("/")
    if not name:
        raise ValueError("names no datastore")
    if "\0" in path or "\\" in path or name.endswith(":"):
        raise ValueError("is not the path of a datastore")
    if ".." in (name, *rest.split("/")):
        raise ValueError("leads out of the datastore")
    return name, rest.strip("/") or "."
