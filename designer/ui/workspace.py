"""The folder this web process works in, for states that read from it."""

import os
from pathlib import Path


def workspace_folder() -> Path:
    """The folder that `designer.ui.server` was started with."""
    named = os.environ.get("DESIGNER_WORKSPACE")
    if not named:
        raise RuntimeError(
            "DESIGNER_WORKSPACE is not set: the pages are served by `python -m designer.ui.server`, which sets it"
        )
    return Path(named)
