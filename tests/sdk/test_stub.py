"""`modules.pyi` is generated from the library, and type checkers find mistakes with it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import designer.sdk
from designer.contract.catalogue.library import Library
from designer.sdk.stub import stub

ROOT = Path(__file__).parents[2]
RIGHT = """
from designer.sdk import Dataset, Pipeline, modules as m, pipeline

@pipeline(name="Census")
def census(share: float = 0.7) -> None:
    training, held_out = m.split_data(Dataset("people"), fraction=share, mode="Split Rows")
    model = m.train_model(m.two_class_logistic_regression(), training, label_column="income")
    m.evaluate_model(m.score_model(model, held_out).named("score")).evaluation_results

built: Pipeline = census(share=0.8)
"""
WRONG = """
from designer.sdk import Dataset, modules as m

m.split_data(Dataset("people"), fractoin=0.7)
m.split_data(Dataset("people"), mode="split rows")
m.split_data(Dataset("people")).results_dataset
m.split_dat(Dataset("people"))
m.train_model(m.two_class_logistic_regression())
"""


def test_the_file_is_that_of_the_library() -> None:
    file = Path(designer.sdk.__file__).parent / "modules.pyi"
    assert file.read_text(encoding="utf-8") == stub(Library.scan()), "write it anew with: make docs"


def test_a_type_checker_accepts_what_is_right_and_names_what_is_not(tmp_path: Path) -> None:
    (tmp_path / "right.py").write_text(RIGHT)
    (tmp_path / "wrong.py").write_text(WRONG)
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--cache-dir", str(ROOT / ".mypy_cache")]
    command += ["--config-file", str(ROOT / "pyproject.toml"), "right.py", "wrong.py"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    lines = [line.split(":")[:2] for line in ended.stdout.splitlines() if ": error:" in line]
    assert lines == [["wrong.py", str(number)] for number in (4, 5, 6, 7, 8)], ended.stdout + ended.stderr
