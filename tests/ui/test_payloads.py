"""Browser payloads are untrusted: none makes an event handler crash or change anything unintended."""

import contextlib
import inspect
from pathlib import Path
from typing import Any

import pytest
import reflex as rx
from reflex.istate.data import ReflexURL, RouterData

from designer.contract.errors import DesignerError
from designer.ui.state.data.correcting import CorrectingState
from designer.ui.state.data.dataset import DatasetState
from designer.ui.state.data.datasets import DatasetsState
from designer.ui.state.data.new_dataset import NewDatasetState
from designer.ui.state.endpoint.file_scoring import FileScoringState
from designer.ui.state.endpoint.keys import KeysState
from designer.ui.state.endpoint.page import EndpointState
from designer.ui.state.endpoint.trial import TrialState
from designer.ui.state.evaluate import EvaluateState
from designer.ui.state.exporting import ExportingState
from designer.ui.state.help import HelpState
from designer.ui.state.history.comparing import CompareState
from designer.ui.state.history.experiments import ExperimentsState
from designer.ui.state.history.run import RunState
from designer.ui.state.history.run_list import RunsState
from designer.ui.state.inference import InferenceState
from designer.ui.state.models import ModelsState
from designer.ui.state.opening import OpeningState

STATES: tuple[type[rx.State], ...] = (
    CompareState, CorrectingState, DatasetState, DatasetsState, EndpointState, EvaluateState, ExportingState, KeysState,
    TrialState,
    FileScoringState, HelpState, InferenceState, ModelsState, NewDatasetState, OpeningState, RunState,
    ExperimentsState, RunsState,
)  # fmt: skip
WRONG: tuple[Any, ...] = (None, 7, -1, 1e308, "", "../../etc/passwd", "x" * 100_000, [], ["a"], {}, {"upload": []})


def handlers() -> list[tuple[type[rx.State], str]]:
    """Every synchronous event handler with parameters; background handlers have none."""
    pairs = []
    for state in STATES:
        for name, handler in state.event_handlers.items():
            takes = len(inspect.signature(handler.fn).parameters) - 1
            if handler.fn.__module__.startswith("designer.") and takes and not handler.is_background:
                pairs.append((state, name))
    return pairs


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: repr(wrong)[:20])
@pytest.mark.parametrize(("state", "name"), handlers(), ids=lambda value: getattr(value, "__name__", value))
def test_a_wrong_payload_harms_nothing(
    state: type[rx.State], name: str, wrong: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESIGNER_WORKSPACE", str(tmp_path))
    opened = state(_reflex_internal_init=True)  # type: ignore[call-arg]
    monkeypatch.setattr(state, "router", RouterData(url=ReflexURL("http://127.0.0.1/x?upload=0123456789ab&name=No")))
    function = state.event_handlers[name].fn
    takes = len(inspect.signature(function).parameters) - 1
    with contextlib.suppress(DesignerError):  # shown to the user; anything else would be logged as unexpected
        function(opened, *[wrong] * takes)
    assert list((tmp_path / "uploads").glob("*")) == []


def test_handlers_that_take_something_are_all_looked_at() -> None:
    assert len(handlers()) > 30
