"""A workspace with a registered dataset, and the shipped modules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from designer.contract.catalogue.library import Library
from designer.store.workspace import Workspace, open_workspace
from tests.trained import people


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.scan()


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder: Path = tmp_path_factory.mktemp("workspace")
    with open_workspace(folder) as opened:
        opened.datasets.register("people", people())
        yield opened
