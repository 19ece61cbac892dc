"""The modules that code can use before it has opened a workspace."""

from __future__ import annotations

from contextlib import suppress
from functools import cache

from designer import settings
from designer.contract.catalogue.library import Library
from designer.store.library import own_library, shared_modules


def default_library() -> Library:
    """The installed modules, and those in the `modules` folder of the default workspace."""
    return own_library(settings.default_workspace(), installed_library())


@cache
def installed_library() -> Library:
    """The installed modules alone."""
    folder = settings.cache_folder()
    with suppress(OSError):  # without the folder every process scans
        folder.mkdir(parents=True, exist_ok=True)
    return shared_modules(folder)
