"""Settings for all tests."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# Before scikit-learn is loaded: on busy cores the threads of OpenMP wait for each other fifty times as long as they
# work.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# Two shared cores: time says nothing about an example; the examples are the same in every run.
settings.register_profile(
    "ci", max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("long", parent=settings.get_profile("ci"), max_examples=2000, derandomize=False)
settings.load_profile(os.environ.get("DESIGNER_TEST_PROFILE", "ci"))
