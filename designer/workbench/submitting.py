"""What a run remembers of its submission, by what submitted it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from designer.contract.errors import InvalidParameter
from designer.registry.git import git_properties
from designer.store.history.submission import DEFAULT, Submission

Trigger = Literal["canvas", "sdk", "cli", "rest", "schedule"]


def submission(
    trigger: Trigger,
    *,
    folder: Path | None = None,
    experiment: str = "",
    description: str = "",
    tags: Mapping[str, str] | None = None,
    compute: str = "",
    **details: object,
) -> Submission:
    """Describe a submission; `folder` is the source folder, whose Git state is recorded, `compute` where it runs in
    place of what the pipeline says.

    `details` are recorded with the trigger, such as the name of a schedule. Raises InvalidParameter for unusable names.
    """
    about = Submission(
        experiment=experiment or DEFAULT,
        description=description,
        tags=tags or {},
        trigger={"kind": trigger, **details},
        source=git_properties(folder) if folder is not None else {},
        compute=compute,
    )
    return about.checked()


def read_tags(texts: list[str]) -> dict[str, str]:
    """Tags written as `name=value`. Raises InvalidParameter for one without `=`."""
    tags: dict[str, str] = {}
    for text in texts:
        name, separator, value = text.partition("=")
        if not separator:
            raise InvalidParameter(f"the tag '{text}' has no value", f"Write {text or 'name'}=value.", parameter="Tags")
        tags[name.strip()] = value.strip()
    return tags
