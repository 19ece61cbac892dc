"""The two keys of an endpoint or a published pipeline, printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from designer.cli.options import moment, print_json

if TYPE_CHECKING:
    from designer.store.records import EndpointKey

Rotate = Annotated[str, typer.Option(metavar="primary|secondary", help="Create a new key in this slot.")]


def key_documents(keys: Iterable[EndpointKey]) -> list[dict[str, str]]:
    """The keys without their values, for JSON."""
    return [{"slot": key.slot, "begins": key.shown, "used": moment(key.last_used)} for key in keys]


def print_slots(keys: Iterable[EndpointKey]) -> None:
    """Print how each key starts and when it was last used."""
    for key in keys:
        used = f"used {moment(key.last_used)}" if key.last_used else "never used"
        print(f"  {key.slot} key starts with {key.shown}, {used}")


def print_keys(keys: Mapping[str, str | None], *, json: bool) -> None:
    """Print the keys in full, by slot; one is None where only its digest is stored."""
    if json:
        print_json(keys)
        return
    for slot, key in keys.items():
        print(f"{slot:<9} {key or 'only its digest is stored; --rotate creates a new key'}")
