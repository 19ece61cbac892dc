"""Settings for all tests."""

from __future__ import annotations

import os

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
