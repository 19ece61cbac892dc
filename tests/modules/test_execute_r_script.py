"""Execute R Script: what goes in, what comes back, what is drawn, and how a script fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from designer.contract.errors import DesignerError, ScriptFailed
from designer.contract.needed_program import ProgramMissing
from designer.contract.values import Archive
from designer.engine.key import source_files
from designer.pipeline.check import check
from designer.pipeline.graph import Node, Pipeline
from modules.script.execute_r_script import ExecuteRScript, Results
from tests.modules.learning import LIBRARY

ROOT = Path(__file__).parents[2]
FRAME = pd.DataFrame(
    {
        "n": [3.0, 1.0, None],
        "group": pd.Categorical(["b", "a", "b"]),
        "note": pd.Series(["it's $(id)", 'line\n"break"', None], dtype="str"),
        "when": pd.to_datetime(["2026-03-29 02:30:00.000001", None, "1999-12-31"], format="ISO8601").as_unit("us"),
    }
)


def run(script: str, first: Any = FRAME, second: Any = None, bundle: Archive | None = None, **more: Any) -> Results:
    return ExecuteRScript(script=script, **more).run(first, second, bundle)


def main(body: str) -> str:
    return f"azureml_main <- function(dataframe1, dataframe2) {{\n{body}\n}}\n"


def test_two_tables_go_in_and_come_back_exactly() -> None:
    other = pd.DataFrame({"k": [2**40, 7]})
    results = run(main("list(dataset1 = dataframe2, dataset2 = dataframe1)"), FRAME, other)
    pd.testing.assert_frame_equal(results.result_dataset, other)
    pd.testing.assert_frame_equal(results.result_dataset2, FRAME)


def test_the_linear_model_of_r_is_what_r_computes() -> None:
    """cars of base R: speed and stopping distance; the published coefficients are -17.5791 and 3.9324."""
    results = run(
        main("m <- lm(dist ~ speed, cars)\nlist(dataset1 = data.frame(name = names(coef(m)), value = coef(m)))")
    )
    assert results.result_dataset["name"].tolist() == ["(Intercept)", "speed"]
    assert results.result_dataset["value"].round(4).tolist() == [-17.5791, 3.9324]


def test_plots_are_images_in_the_third_output() -> None:
    results = run(main("plot(cars); hist(cars$dist)\nlist(dataset1 = dataframe1)"))
    files = results.plots.files()
    assert [file.name for file in files] == ["plot001.png", "plot002.png"]
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in files)
    place = results.plots.path
    del results
    assert not place.exists()


def test_a_seed_gives_the_same_numbers_again() -> None:
    script = main("list(dataset1 = data.frame(x = runif(3)))")
    first = run(script, seed=7).result_dataset["x"].tolist()
    assert run(script, seed=7).result_dataset["x"].tolist() == first
    assert run(script).result_dataset["x"].tolist() != first


def test_unwired_inputs_are_null_and_left_out_tables_are_empty() -> None:
    results = run(main("list(dataset2 = data.frame(null = c(is.null(dataframe1), is.null(dataframe2))))"), None, FRAME)
    assert results.result_dataset.empty
    assert results.result_dataset2["null"].tolist() == [True, False]


def test_files_of_a_bundle_are_beside_the_script() -> None:
    bundle = Archive({"words.R": b"word <- 'from the bundle'\n"})
    script = "source('Script Bundle/words.R')\n" + main("list(dataset1 = data.frame(w = word))")
    assert run(script, bundle=bundle).result_dataset["w"].tolist() == ["from the bundle"]
    with pytest.raises(DesignerError, match="unsafe name"):
        run(script, bundle=Archive({"../words.R": b""}))


def test_what_it_prints_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    run(main("print(nrow(dataframe1)); message('note'); list(dataset1 = dataframe1)"))
    printed = capfd.readouterr()
    assert "[1] 3" in printed.out
    assert "note" in printed.err


@pytest.mark.parametrize(
    ("script", "row", "words"),
    [
        ("azureml_main <- function(a, b) {\n  x <- 1\n  y <<-\n}\n", 4, "unexpected '}'"),
        (main("x <- 1\nmissing_name + x\nlist()"), 3, "object 'missing_name' not found"),
        (main("stop('no rows')"), 2, "no rows"),
        ("x <- 1\nlibrary(not_installed)\n", 2, "there is no package called"),
        ("x <- 1\n", None, "the script defines no azureml_main"),
        ("azureml_main <- function(a) list()\n", None, "azureml_main takes 1 of the two tables"),
        (main("5"), None, "azureml_main returned a numeric"),
        (main("NULL"), None, "azureml_main returned a NULL"),
        (main("list(result = dataframe1)"), None, "returned a list with 'result'"),
        (main("list(dataset1 = 1:3)"), None, "dataset1 is a integer, not a data frame"),
        (main("dataframe1$l <- I(list(1, 2, 3)); list(dataset1 = dataframe1)"), None, "column 'l' of dataset1 is a"),
        (main("list(dataset1 = setNames(data.frame(1, 2), c('a', 'a')))"), None, "dataset1 cannot be used: several"),
        (main("quit(status = 0)"), None, "the script called quit"),
        (main("tools::pskill(Sys.getpid(), 9); Sys.sleep(9)"), None, "ended by SIGKILL"),
    ],
)
def test_a_failure_names_the_line_and_the_reason(script: str, row: int | None, words: str) -> None:
    with pytest.raises(ScriptFailed) as failure:
        run(script)
    assert words in str(failure.value)
    assert failure.value.place.row == row
    assert failure.value.code == "0085"


def test_its_code_is_the_same_whatever_else_is_loaded() -> None:
    """An import of a whole package would make the key of results depend on the process that computes it."""
    import designer.sdk.workspace  # noqa: F401

    places = {file.relative_to(ROOT).parts[:2] for file in source_files(ExecuteRScript)}
    assert {(first, second) for first, second in places if first == "designer"} == {("designer", "contract")}


def test_another_r_computes_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = ExecuteRScript().fingerprint()
    assert before == ExecuteRScript().fingerprint() != ""
    (tmp_path / "Rscript").write_text("#!/bin/sh\n")
    (tmp_path / "Rscript").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ExecuteRScript().fingerprint() not in ("", before)


def test_without_r_check_and_run_say_how_to_install_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    words = r"Rscript is not installed on this computer\. Install it: apt-get install r-base-core\."
    problems = check(Pipeline("R", nodes={"r": Node("r", "execute-r-script")}), LIBRARY)
    assert any("Rscript is not installed" in str(problem) for problem in problems)
    with pytest.raises(ProgramMissing, match=words):
        run(main("list()"))
