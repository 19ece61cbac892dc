"""Programs that a module calls, and what to say where one is not installed."""

from __future__ import annotations

import os
import shutil

from designer.contract.errors import DesignerError
from designer.contract.module import Spec


class ProgramMissing(DesignerError):
    """A program that a module calls is not installed on this computer."""


def missing_program(spec: Spec) -> ProgramMissing | None:
    """The error that the program of a module is not on the PATH; None if it is, or if the module needs none."""
    needed = spec.abilities.needs_program
    if not needed or shutil.which(needed):
        return None
    problem = f"{needed} is not installed on this computer"
    missing = ProgramMissing(problem, f"Install it: {spec.abilities.program_comes_with}.")
    missing.at(module=spec.title)
    return missing


def stamp_of_program(name: str) -> str:
    """Changes when a program is replaced by another version; part of the key of results that it computes."""
    place = shutil.which(name)
    if place is None:
        return ""
    status = os.stat(place)
    return f"{os.path.realpath(place)} {status.st_size} {status.st_mtime_ns}"


def require_program(spec: Spec) -> None:
    """Raise ProgramMissing, see `missing_program`."""
    missing = missing_program(spec)
    if missing is not None:
        raise missing
