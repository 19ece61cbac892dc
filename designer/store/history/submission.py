"""What is said of a run when it is submitted: its experiment, tags, description, and what submitted it."""

from __future__ import annotations

import getpass
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from designer.contract.errors import InvalidParameter
from designer.contract.wording.counting import counted

DEFAULT = "Default"
"""The experiment of runs that are submitted without one."""

NAME_LENGTH = 100
TAG_LENGTH = 1_000
DESCRIPTION_LENGTH = 10_000
TAGS = 100
"""The most tags of one run."""

_UNUSABLE = re.compile(r"[\x00-\x1f\x7f<>]")


@dataclass(frozen=True)
class Submission:
    """What a run remembers of its submission. Names and tags are checked by `checked`.

    `trigger` is {"kind": "canvas", "sdk", "cli", "rest", "schedule" or "import", ...}; `source` are properties of the
    submitted code by name, such as its Git commit. The experiment "" is none: the run gets no number. `compute` is
    where it runs, in place of what the pipeline says.
    """

    experiment: str = DEFAULT
    description: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    trigger: Mapping[str, Any] = field(default_factory=dict)
    source: Mapping[str, Any] = field(default_factory=dict)
    submitted_by: str = field(default_factory=lambda: user_name())
    compute: str = ""

    def checked(self) -> Submission:
        """The submission with trimmed texts. Raises InvalidParameter for a text that a run cannot have."""
        experiment = checked_name(self.experiment, "Experiment") if self.experiment else ""
        return Submission(
            experiment, checked_description(self.description), checked_tags(self.tags), self.trigger, self.source,
            self.submitted_by, self.compute,
        )  # fmt: skip


def checked_name(name: str, what: str) -> str:
    """A trimmed name. Raises InvalidParameter if it is empty, too long, or has `<`, `>` or control characters."""
    label = name.strip()
    unusable = _UNUSABLE.search(label)
    if unusable:
        problem = f"the name {label[:NAME_LENGTH]!r} has the character {unusable[0]!r}"
    elif not label:
        problem = "the name is empty"
    elif len(label) > NAME_LENGTH:
        problem = f"the name has {counted(len(label), 'character')}"
    else:
        return label
    raise InvalidParameter(
        problem, f"Use 1 to {NAME_LENGTH} characters, without <, > and control characters.", parameter=what
    )


def checked_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """Tags with trimmed names and values. Raises InvalidParameter for an unusable name, a long value, or too many."""
    if len(tags) > TAGS:
        raise InvalidParameter(f"there are {len(tags)} tags", f"Use {TAGS} at most.", parameter="Tags")
    checked: dict[str, str] = {}
    for name, value in tags.items():
        text = str(value).strip()
        if len(text) > TAG_LENGTH:
            problem = f"the value of '{name[:NAME_LENGTH]}' has {counted(len(text), 'character')}"
            raise InvalidParameter(problem, f"Use {TAG_LENGTH:,} at most.", parameter="Tags")
        checked[checked_name(name, "Tags")] = text
    return checked


def checked_description(text: str) -> str:
    """A trimmed description. Raises InvalidParameter if it is too long."""
    description = text.strip()
    if len(description) > DESCRIPTION_LENGTH:
        problem = f"the description has {counted(len(description), 'character')}"
        raise InvalidParameter(problem, f"Use {DESCRIPTION_LENGTH:,} at most.", parameter="Description")
    return description


def is_usable_name(name: object) -> bool:
    """Whether a metric or tag that a program logs can have this name."""
    return isinstance(name, str) and 0 < len(name.strip()) == len(name) <= NAME_LENGTH and not _UNUSABLE.search(name)


def user_name() -> str:
    """The name of the user of this process; its number if the system has no name for it."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return f"user {os.getuid()}"
