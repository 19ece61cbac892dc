"""A model of R trained in a pipeline; and a batch inference pipeline that scores any dataset over REST."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from designer.sdk import Pipeline, Published, Workspace, shell
from designer.sdk import modules as m
from designer.serving.address import free_port
from designer.store.workspace import open_workspace
from designer.workbench.workbench import Workbench
from tests.acceptance.test_published_pipeline import Caller
from tests.sdk.conftest import opened
from tests.serving.conftest import ended, started

TRAIN = """
arguments <- commandArgs(trailingOnly = TRUE)
accidents <- read.csv(arguments[1], stringsAsFactors = TRUE)
mod <- glm(dead ~ speed + seatbelt + age, family = binomial, data = accidents)
dir.create(arguments[2], showWarnings = FALSE)
saveRDS(mod, file.path(arguments[2], "model.rds"))
write.csv(data.frame(term = names(coef(mod)), value = coef(mod)), file.path(arguments[2], "coefficients.csv"),
          row.names = FALSE)
accuracy <- mean((predict(mod) > 0) == accidents$dead)
cat(sprintf('{"metric": "accuracy", "value": %.17g}\\n', accuracy), file = Sys.getenv("DESIGNER_EVENTS"), append = TRUE)
message("Model saved")
"""
GLM = """
azureml_main <- function(dataframe1, dataframe2) {
  mod <- glm(dead ~ speed + seatbelt + age, family = binomial, data = dataframe1)
  dataframe2$p <- predict(mod, newdata = dataframe2, type = "response")
  list(dataset1 = data.frame(term = names(coef(mod)), value = unname(coef(mod))), dataset2 = dataframe2)
}
"""


def accidents(rows: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    table = pd.DataFrame({
        "speed": rng.choice([10.0, 25.0, 40.0, 55.0], rows),
        "seatbelt": rng.integers(0, 2, rows),
        "age": rng.integers(17, 90, rows),
    })  # fmt: skip
    score = -4 + 0.07 * table["speed"] - 1.2 * table["seatbelt"] + 0.02 * table["age"]
    return table.assign(dead=(rng.random(rows) < 1 / (1 + np.exp(-score))).astype("int64"))


def coefficients(table: pd.DataFrame) -> list[float]:
    """The maximum-likelihood estimate, by another program than R."""
    columns = sm.add_constant(table[["speed", "seatbelt", "age"]].astype("float64"))
    return list(sm.GLM(table["dead"].astype("float64"), columns, family=sm.families.Binomial()).fit().params)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("accidents") / "workspace"


@pytest.fixture(scope="module")
def ws(folder: Path) -> Iterator[Workspace]:
    with opened(folder) as workspace:
        workspace.datasets.register("accidents", accidents(800, 1))
        workspace.datasets.register("new accidents", accidents(50, 2))
        yield workspace


def test_r_fits_what_statsmodels_fits_between_modules(ws: Workspace) -> None:
    known, new = ws.datasets["accidents"], ws.datasets["new accidents"]
    fitted = m.execute_r_script(known, new, script=GLM)
    run = ws.submit(fitted).wait(show=False)
    estimate = run["execute-r-script"].outputs["result_dataset"].to_pandas()
    expected = coefficients(known.to_pandas())
    assert estimate["value"].tolist() == pytest.approx(expected, rel=1e-6)
    scored = run["execute-r-script"].outputs["result_dataset2"].to_pandas()
    rows = sm.add_constant(new.to_pandas()[["speed", "seatbelt", "age"]].astype("float64"))
    assert scored["p"].tolist() == pytest.approx(list(1 / (1 + np.exp(-(rows @ expected)))), rel=1e-6)


def test_an_r_program_trains_in_a_step_and_logs_its_accuracy(ws: Workspace, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "accidents.R").write_text(TRAIN)
    known = ws.datasets["accidents"]
    (tmp_path / "accidents.csv").write_text(known.to_pandas().to_csv(index=False))
    ws.datastore.upload(tmp_path / "accidents.csv", "accidents")
    train = shell(
        "Rscript accidents.R ${{inputs.data}} ${{outputs.model}}",
        inputs={"data": ws.datastore.path("accidents/accidents.csv")},
        outputs=["model"],
        source=tmp_path / "src",
    )
    run = ws.submit(train, experiment="r-accidents-example").wait(show=False)
    step = run["Rscript"]
    model = step.outputs["model"].download(tmp_path / "model")
    assert (model / "model.rds").stat().st_size > 0
    written = pd.read_csv(model / "coefficients.csv")
    assert written["value"].tolist() == pytest.approx(coefficients(known.to_pandas()), rel=1e-6)
    assert 0.5 < step.metrics["accuracy"] < 1
    assert "Model saved" in step.log


def test_a_batch_pipeline_scores_another_dataset_over_rest(ws: Workspace, folder: Path) -> None:
    known, new = ws.datasets["accidents"], ws.datasets["new accidents"]
    training, held_out = m.split_data(known, fraction=0.7)
    model = m.train_model(m.two_class_logistic_regression(), training, label_column="dead")
    scored = m.score_model(model, held_out)
    saved = Pipeline(scored).save(ws)
    ws.submit(saved).wait(show=False)
    with open_workspace(folder) as store:
        bench = Workbench(store, store.library)
        draft = bench.inference.keep(saved.id, "batch")
        bench.published.publish_draft(draft.id, "Score accidents")
    process = started(folder, free_port())
    try:
        published = ws.published["Score accidents"]
        (name,) = published.parameters
        table = scored_over_rest(ws, published, {name: {"SavedDataSetReference": {"Id": "new accidents"}}})
    finally:
        assert ended(process) == 0
    by_hand = ws.submit(Pipeline(m.score_model(model, new))).wait(show=False)
    expected = by_hand["score-model"].outputs["scored_dataset"].to_pandas()
    assert table["Scored Labels"].tolist() == expected["Scored Labels"].tolist()
    assert table["Scored Probabilities"].tolist() == pytest.approx(expected["Scored Probabilities"].tolist(), abs=1e-12)


def scored_over_rest(ws: Workspace, published: Published, datasets: dict[str, Any]) -> pd.DataFrame:
    """Submit a published pipeline as another program does; returns the table that it scored."""
    caller = Caller(published.key)
    status, answer = caller.post(published.endpoint, {"DataSetDefinitionValueAssignments": datasets})
    assert status == 200
    ws.connection.keep_alive(answer["Id"])
    until, document = time.monotonic() + 90, answer
    while document["Status"] in ("NotStarted", "Running"):
        assert time.monotonic() < until
        _, document = caller.call("GET", f"{answer['StatusUrl']}?wait=30")
    assert (document["Status"], document["Error"]) == ("Finished", None)
    path = "outputs/score-model/scored_dataset"
    status, content = caller.call("GET", f"{answer['StatusUrl']}/{path}", headers={"Accept": "text/csv"})
    assert status == 200
    return pd.read_csv(io.BytesIO(content))
