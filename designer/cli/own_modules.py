"""The modules of a workspace, with a note about files of its own that are left out, where that concerns a command."""

from __future__ import annotations

import sys
from pathlib import Path

from designer.contract.library import Library
from designer.pipeline.graph import Pipeline
from designer.store.library import own_library


def library_for(pipeline: Pipeline, folder: Path) -> Library:
    """The modules of a workspace. Where the pipeline names one that is missing, so are the files that were left out."""
    library = own_library(folder)
    name_missing(pipeline, library, folder)
    return library


def name_missing(pipeline: Pipeline, library: Library, folder: Path) -> None:
    """Name the files that were left out where a pipeline names a module that is missing."""
    if any(node.module not in library for node in pipeline.nodes.values()):
        name_broken(library, folder)


def name_broken(library: Library, folder: Path) -> None:
    """Name the files that cannot be loaded on standard error."""
    for file, reason in library.broken.items():
        print(f"designer: {file} in {folder / 'modules'} is left out: {reason}", file=sys.stderr)
