"""The files of a workspace itself: keys, secrets, the database. Neither modules nor datastores reach them."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

USERS_FOLDERS = ("uploads", "exports", "files")
"""The folders of a workspace whose files are the user's."""


@dataclass(frozen=True)
class WorkspaceFiles:
    """All below the folder of a workspace, except some of the folders directly in it."""

    folder: Path
    except_in: Collection[str] = ()

    def include(self, place: Path) -> bool:
        """Whether a place, which need not exist, is among them once links are followed."""
        real = Path(os.path.realpath(place))
        folder = next((above for above in (real, *real.parents) if _is_same(above, self.folder)), None)
        return folder is not None and not {*real.relative_to(folder).parts[:1]} & {*self.except_in}


def _is_same(one: Path, other: Path) -> bool:
    """Whether two paths name one folder: compares inodes, as names may differ in case."""
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False
