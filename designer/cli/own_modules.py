"""The modules of a workspace, with warnings about module files that cannot be loaded, where a command needs them."""

from __future__ import annotations

import sys
from pathlib import Path

from designer.contract.catalogue.library import Library
from designer.pipeline.graph import Pipeline
from designer.store.workspace import Workspace


def library_for(pipeline: Pipeline, workspace: Workspace) -> Library:
    """The modules of a workspace. If the pipeline uses a missing one, prints the files that cannot be loaded."""
    library = workspace.library()
    name_missing(pipeline, library, workspace.path)
    return library


def name_missing(pipeline: Pipeline, library: Library, folder: Path) -> None:
    """Print the files that cannot be loaded if a pipeline uses a missing module."""
    if any(node.module not in library for node in pipeline.nodes.values()):
        name_broken(library, folder)


def name_broken(library: Library, folder: Path) -> None:
    """Print the files and packages that cannot be loaded, with reasons, to standard error."""
    for name, reason in library.broken.items():
        what = f"{name} in {folder / 'modules'}" if name.endswith(".py") else name
        print(f"designer: {what} cannot be loaded: {reason}", file=sys.stderr)
