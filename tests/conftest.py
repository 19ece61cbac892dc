"""Settings for all tests."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

# Set before scikit-learn is imported: on busy cores OpenMP threads spend fifty times as long waiting for each other
# as computing.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# No deadline, because timings on two shared cores vary; derandomized, so that every run draws the same examples.
settings.register_profile(
    "ci", max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("long", parent=settings.get_profile("ci"), max_examples=2000, derandomize=False)
settings.load_profile(os.environ.get("DESIGNER_TEST_PROFILE", "ci"))

LONGEST = ("tests/test_readme.py", "tests/test_bad_tables.py", "tests/cli/test_start.py", "tests/test_samples.py")
"""Files that take minutes. They come first, so that no core is idle while the other one ends with them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of the longest files first, in the order of `LONGEST`."""
    ranks = {name: rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.nodeid.partition("::")[0], len(LONGEST)))
