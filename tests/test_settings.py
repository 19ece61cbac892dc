"""Settings from the environment."""

from __future__ import annotations

import pytest

from designer import settings
from designer.contract.errors import InvalidParameter


def test_limits_of_the_queue_have_defaults_and_are_set_by_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(settings.RUNS_AT_ONCE, raising=False)
    monkeypatch.delenv(settings.WAITING_RUNS, raising=False)
    assert (settings.runs_at_once(), settings.waiting_runs()) == (4, 100)
    monkeypatch.setenv(settings.RUNS_AT_ONCE, "2")
    monkeypatch.setenv(settings.WAITING_RUNS, "0")
    assert (settings.runs_at_once(), settings.waiting_runs()) == (2, 0)


@pytest.mark.parametrize("text", ["0", "-1", "two", "2.5", "9" * 30, "٣"])
def test_a_limit_that_is_no_number_is_refused_by_its_name(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.RUNS_AT_ONCE, text)
    with pytest.raises(InvalidParameter, match="DESIGNER_RUNS_AT_ONCE is"):
        settings.runs_at_once()
