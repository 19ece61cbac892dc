"""Two scripts written for another service, as a pipeline: prepare, train, reuse, and what runs again after a change.

In a workspace of this computer, and in one that a server holds, reached with a token.
"""

from __future__ import annotations

import subprocess
import textwrap
from collections.abc import Iterator
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler

from designer.sdk import Pipeline, Run, StepFailed, Workspace, output, script
from tests.sdk.conftest import opened, running

PREP = """
    import argparse, os
    from azureml.core import Run
    import joblib
    from sklearn.model_selection import train_test_split
    from sklearn.preprocessing import MinMaxScaler

    run = Run.get_context()
    parser = argparse.ArgumentParser()
    for name in ("train", "test", "scaler"):
        parser.add_argument("--" + name)
    args = parser.parse_args()
    frame = run.input_datasets["raw_data"].to_pandas_dataframe()
    label = frame.pop("sick")
    scaler = MinMaxScaler().fit(frame)
    parts = train_test_split(scaler.transform(frame), label, test_size=0.3, random_state=7)
    for folder, x, y in ((args.train, parts[0], parts[2]), (args.test, parts[1], parts[3])):
        os.makedirs(folder, exist_ok=True)
        joblib.dump((x, y.to_numpy()), os.path.join(folder, "rows.joblib"))
    os.makedirs(args.scaler, exist_ok=True)
    joblib.dump(scaler, os.path.join(args.scaler, "scaler.pkl"))
    run.log("rows", len(frame))
"""
TRAIN = """
    import argparse, os
    import joblib
    from azureml.core import Run
    from sklearn.linear_model import LogisticRegression

    run = Run.get_context()
    parser = argparse.ArgumentParser()
    for name in ("train", "test", "model"):
        parser.add_argument("--" + name, dest=name)
    args = parser.parse_args()
    x, y = joblib.load(os.path.join(args.train, "rows.joblib"))
    model = LogisticRegression().fit(x, y)
    score = model.score(*joblib.load(os.path.join(args.test, "rows.joblib")))
    run.log("Score :", score)
    os.makedirs(args.model, exist_ok=True)
    joblib.dump(model, os.path.join(args.model, "model.pkl"))
    run.complete()
"""


@pytest.fixture(scope="module", params=["folder", "address"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp(f"project-{request.param}")
    for name, text in (("prep", PREP), ("train", TRAIN)):
        (place / name).mkdir()
        (place / name / f"{name}.py").write_text(textwrap.dedent(text))
    draw = np.random.default_rng(3)
    table = pd.DataFrame(draw.normal(size=(300, 4)), columns=list("abcd"))
    table["sick"] = (table["a"] + 0.5 * draw.normal(size=300) > 0).astype(int)
    table.to_csv(place / "patients.csv", index=False)
    return place


@pytest.fixture(scope="module")
def ws(folder: Path) -> Iterator[Workspace]:
    if folder.name.startswith("project-folder"):
        with opened(folder / "workspace") as workspace:
            yield workspace
    else:
        with running(folder / "workspace") as server, Workspace(server.address, token=server.token) as workspace:
            yield workspace


def pipeline(ws: Workspace, folder: Path) -> Pipeline:
    raw = ws.datasets.register("patients", folder / "patients.csv")
    prep = script(
        folder / "prep/prep.py",
        "--train", output("train"), "--test", output("test"), "--scaler", output("scaler"),
        raw_data=raw,
    )  # fmt: skip
    train = script(folder / "train/train.py", "--train", prep.train, "--test", prep.test, "--model", output("model"))
    return Pipeline(train, name="Diabetes")


def states(run: Run) -> dict[str, str]:
    return {id: step.status for id, step in run.steps.items() if id != "dataset"}


def test_both_scripts_run_and_their_files_score_as_scikit_learn_by_hand(
    ws: Workspace, folder: Path, tmp_path: Path
) -> None:
    run = ws.submit(pipeline(ws, folder), experiment="diabetes").wait(show=False)
    assert states(run) == {"prep": "finished", "train": "finished"}
    frame = pd.read_csv(folder / "patients.csv")
    label = frame.pop("sick")
    scaler = MinMaxScaler().fit(frame)
    x, x_test, y, y_test = train_test_split(scaler.transform(frame), label, test_size=0.3, random_state=7)
    by_hand = LogisticRegression().fit(x, y)
    assert run["train"].metrics["Score :"] == by_hand.score(x_test, y_test)
    run["prep"].outputs["scaler"].download(tmp_path / "model")
    run["train"].outputs["model"].download(tmp_path / "model")
    loaded, fitted = (joblib.load(tmp_path / "model" / name) for name in ("scaler.pkl", "model.pkl"))
    row = frame.iloc[:5]
    np.testing.assert_array_equal(
        fitted.predict_proba(loaded.transform(row)), by_hand.predict_proba(scaler.transform(row))
    )
    assert run["train"].outputs["model"].files() == ["model.pkl"]
    assert run.find_step_run("prep")[0].get_output("scaler").files() == ["scaler.pkl"]


def test_nothing_runs_again_until_something_changes(ws: Workspace, folder: Path) -> None:
    assert states(ws.submit(pipeline(ws, folder)).wait(show=False)) == {"prep": "reused", "train": "reused"}
    again = ws.submit(pipeline(ws, folder), regenerate_outputs=True).wait(show=False)
    assert states(again) == {"prep": "finished", "train": "finished"}


def test_a_blank_line_in_one_script_runs_that_script_and_names_it(ws: Workspace, folder: Path) -> None:
    ws.submit(pipeline(ws, folder)).wait(show=False)
    file = folder / "train" / "train.py"
    file.write_text(file.read_text() + "\n")
    run = ws.submit(pipeline(ws, folder)).wait(show=False)
    assert states(run) == {"prep": "reused", "train": "finished"}
    assert run["train"].reason == "runs again: train.py changed"


def test_a_change_of_the_split_runs_both(ws: Workspace, folder: Path) -> None:
    ws.submit(pipeline(ws, folder)).wait(show=False)
    file = folder / "prep" / "prep.py"
    file.write_text(file.read_text().replace("test_size=0.3", "test_size=0.2"))
    assert states(ws.submit(pipeline(ws, folder)).wait(show=False)) == {"prep": "finished", "train": "finished"}


def test_the_pipeline_is_saved_for_the_canvas_and_runs_from_there_without_work(ws: Workspace, folder: Path) -> None:
    ws.submit(pipeline(ws, folder)).wait(show=False)
    saved = ws.pipelines.save(pipeline(ws, folder))
    loaded = saved.load()
    assert set(loaded.steps) == {"dataset", "prep", "train"}
    assert not ws.check(loaded)
    assert states(ws.submit(loaded).wait(show=False)) == {"prep": "reused", "train": "reused"}


def test_a_failing_script_tells_its_last_lines(ws: Workspace, tmp_path: Path) -> None:
    (tmp_path / "fit.py").write_text("print('reading')\nraise SystemExit('too few rows')\n")
    with pytest.raises(StepFailed) as failed:
        ws.submit(script(tmp_path / "fit.py")).wait(show=False)
    assert "'fit.py' ended with exit code 1" in str(failed.value)
    assert failed.value.log.splitlines()[-1] == "too few rows"


def test_a_run_of_scripts_records_the_repository_that_it_came_from(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fit.py").write_text("")
    for command in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path)
    run = ws.submit(script("fit.py")).wait(show=False)
    assert len(run.git["mlflow.source.git.commit"]) == 40
