"""Unexpected exceptions in event handlers: the page reports them in one line without details and stays usable."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import reflex as rx
from reflex.istate.data import ReflexURL, RouterData

from designer.ui.state import exporting, inference, models, opening
from designer.ui.state.data import dataset, new_dataset, saving
from designer.ui.state.endpoint import certifying, file_scoring, trial
from designer.ui.views.inference import DialogView

SECRET = "/home/someone/secret.csv"


def fails(*_: object, **__: object) -> Any:
    raise ValueError(SECRET)


async def fails_later(*_: object, **__: object) -> Any:
    fails()


def gives(value: Any) -> Callable[..., Any]:
    return lambda *_, **__: value


UPLOAD = SimpleNamespace(folder="x", choices=gives(None), answer=gives({}), forget_choices=gives(None))
DEPLOYING = SimpleNamespace(endpoints=SimpleNamespace(next_version=gives(1)), inference=SimpleNamespace(deploy=fails))
CHECKING = SimpleNamespace(endpoints=SimpleNamespace(certify_apart=fails))
ROW = SimpleNamespace(name="a", version=1)

CASES: Mapping[str, tuple[type[rx.State], str, str, dict[str, Any], dict[str, Any]]] = {
    "checking an endpoint": (
        certifying.CertifyingState, "check", "busy", {}, {"endpoint.certifying.workbench": gives(CHECKING)},
    ),
    "counting a dataset": (
        dataset.DatasetState, "describe", "busy", {"busy": "Counting"},
        {"data.dataset.apart": fails_later, "data.dataset.DatasetState._row": gives(ROW)},
    ),
    "trying an endpoint": (
        trial.TrialState, "try_it", "is_asking", {"name": "a"},
        {
            "endpoint.trial.scoring.ask": fails, "endpoint.trial.TrialState._row": gives({}),
            "endpoint.trial.TrialState._version": gives(None),
        },
    ),
    "exporting": (
        exporting.ExportingState, "work", "is_busy", {"is_busy": True, "_to": "json"}, {"exporting.apart": fails_later},
    ),
    "scoring a file": (
        file_scoring.FileScoringState, "score", "busy", {"busy": "Scoring"},
        {"endpoint.file_scoring.apart": fails_later, "endpoint.file_scoring.Upload.find": gives(UPLOAD)},
    ),
    "preparing an inference pipeline": (
        inference.InferenceState, "prepare", "", {}, {"inference.workbench": fails},
    ),
    "deploying": (
        inference.InferenceState, "deploy", "busy", {"view": DialogView(can_create=True), "name": "good-name"},
        {"inference.workbench": gives(DEPLOYING)},
    ),
    "looking at a model": (models.ModelsState, "describe", "busy", {}, {"models.apart": fails_later}),
    "opening a pipeline": (
        opening.OpeningState, "open", "busy", {"busy": "Opening"},
        {"opening._kept": fails, "opening.Upload.find": gives(UPLOAD)},
    ),
    "reading a file": (
        new_dataset.NewDatasetState, "examine", "busy", {},
        {"data.new_dataset.apart": fails_later, "data.new_dataset.NewDatasetState._upload": gives(UPLOAD),
         "data.new_dataset.NewDatasetState._show": gives(None)},
    ),
    "saving a dataset": (
        saving.SavingState, "save", "busy", {},
        {"data.saving.apart": fails_later, "data.new_dataset.NewDatasetState._upload": gives(UPLOAD)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_page_says_a_number_and_is_usable_again(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    kind, handler, flag, before, patched = CASES[case]
    monkeypatch.setenv("DESIGNER_WORKSPACE", str(tmp_path))
    monkeypatch.setattr(kind, "router", RouterData(url=ReflexURL("http://127.0.0.1/endpoints/census")))
    for place, stand_in in patched.items():
        monkeypatch.setattr(f"designer.ui.state.{place}", stand_in)
    # Background handlers lock the state with `async with self`, which needs a running app.
    monkeypatch.setattr(kind, "__aenter__", lambda self: asyncio.sleep(0), raising=False)
    monkeypatch.setattr(kind, "__aexit__", lambda self, *_: asyncio.sleep(0), raising=False)
    state = kind(_reflex_internal_init=True)  # type: ignore[call-arg]
    for name, value in before.items():
        setattr(state, name, value)
    asyncio.run(kind.event_handlers[handler].fn(state))
    problem = state.answer.problem if isinstance(state, trial.TrialState) else state.problem  # type: ignore[attr-defined]
    assert "The log says why under number" in problem
    assert SECRET not in problem
    assert SECRET in caplog.text
    assert not flag or not getattr(state, flag)
