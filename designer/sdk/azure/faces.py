"""What all objects of this package share: a plain object behind them, notes, and refusals of arguments."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NoReturn

from designer.contract.errors import DesignerError, InvalidParameter
from designer.contract.wording.closeness import closest


class NotOffered(DesignerError):
    """A class of the original that this package has not."""


class NoSuchName(DesignerError, AttributeError):
    """An attribute that an object has neither here nor in `designer.sdk`."""


class Face:
    """An object of `designer.sdk` under the names of the original; `plain` is that object.

    What the original does not name is looked up there.
    """

    def __init__(self, plain: Any) -> None:
        self.plain = plain

    def __getattr__(self, name: str) -> Any:
        if name == "plain" or (name.startswith("__") and name.endswith("__")):
            raise AttributeError(name)
        if not hasattr(self.plain, name):
            known = [each for each in (*dir(type(self)), *dir(self.plain)) if not each.startswith("_")]
            raise NoSuchName(f"{type(self).__name__} has no '{name}' here", closest(name, known, "There are"))
        return getattr(self.plain, name)

    def __repr__(self) -> str:
        return repr(self.plain)


class Absent:
    """A class of the original that can be imported and is refused when it is used."""

    def __init__(self, name: str, remedy: str) -> None:
        self._name = name
        self._remedy = remedy

    def __call__(self, *arguments: Any, **named: Any) -> NoReturn:
        raise NotOffered(f"designer.sdk.azure has no {self._name}", self._remedy)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        raise NotOffered(f"designer.sdk.azure has no {self._name}", self._remedy)


@cache
def note(text: str) -> None:
    """Say once what an argument about the cloud does not do."""
    sys.stderr.write(f"Note: {text}\n")


def noted(owner: str, given: Mapping[str, Any], text: str) -> None:
    """Note the arguments that are given, with the reason why they do nothing."""
    names = [name for name, value in given.items() if value not in (None, False, "")]
    if names:
        note(f"{owner}: {', '.join(names)} {'does' if len(names) == 1 else 'do'} nothing here: {text}")


def note_handing(owner: str, path_on_compute: Any) -> None:
    """Note that a script gets the path of an input as an argument, and chooses none."""
    noted(owner, {"path_on_compute": path_on_compute}, "a script gets the path as an argument.")


def refuse_unknown(owner: str, given: Mapping[str, Any], known: Iterable[str]) -> None:
    """Raise InvalidParameter for an argument that the original does not have either."""
    for name in given:
        remedy = closest(name, list(known), "Arguments are")
        raise InvalidParameter(f"{owner} takes no argument '{name}'", remedy, parameter=name)


def refuse_given(owner: str, given: Mapping[str, Any], remedy: str) -> None:
    """Raise InvalidParameter for an argument of the original that is given and can mean nothing here."""
    name = next((name for name, value in given.items() if value not in (None, False, "", [], {})), None)
    if name is not None:
        raise InvalidParameter(f"'{name}' of {owner} cannot be kept here", remedy, parameter=name)
