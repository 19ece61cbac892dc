"""Components in R and bash between the modules; hostile values arrive as they are."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from designer.sdk import Workspace, modules

R_FILE = """
name: scale_in_r
version: 1.0
type: command
inputs:
  rows: {type: table, format: columns}
  note: {type: string}
outputs:
  scaled: {type: table}
code: ./r
command: Rscript scale.R ${{inputs.rows}} ${{outputs.scaled}} ${{inputs.note}}
"""
R_CODE = """
arguments <- commandArgs(TRUE)
source(Sys.getenv("DESIGNER_R"))
rows <- read_columns(arguments[1])
rows$scaled <- as.vector(scale(rows$n))
rows$note <- arguments[3]
write_columns(rows, arguments[2])
"""
BASH_FILE = """
name: first_lines
version: 1.0
type: command
inputs:
  rows: {type: table, format: csv}
  count: {type: integer, default: 2}
  note: {type: string}
outputs:
  first: {type: table}
  note: {type: uri_file}
command: >-
  head -n $(expr 1 + ${{inputs.count}}) ${{inputs.rows}} > ${{outputs.first}};
  printf '%s' "${{inputs.note}}" > ${{outputs.note}}
"""
HOSTILE = """it's "$(touch hacked)" `touch hacked`; \\ 'x'
second line, ${HOME} 日本"""


def test_r_and_bash_stand_between_modules_and_values_arrive_as_they_are(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "scale.R").write_text(R_CODE)
    (tmp_path / "scale.yml").write_text(R_FILE)
    (tmp_path / "first.yml").write_text(BASH_FILE)
    in_r, in_bash = (workspace.components.register(tmp_path / name) for name in ("scale.yml", "first.yml"))
    frame = pd.DataFrame({"n": [3.0, 1.0, 2.0], "t": pd.Series(['a "q"', None, "NA"], dtype="str")})
    data = workspace.datasets.register("hostile", frame)
    scaled = in_r(modules.sort(data, columns=["n"]), note=HOSTILE)
    first = in_bash(scaled, note=HOSTILE, count=4)  # each of two rows has two lines
    run = workspace.submit(modules.sort(first["first"], columns=["n"], order="Descending")).wait(show=False)
    in_table = run["scale_in_r"].outputs["scaled"].to_pandas()
    assert in_table["scaled"].tolist() == [-1.0, 0.0, 1.0]
    assert in_table["t"].isna().tolist() == [True, False, False]
    assert in_table["t"].tolist()[1:] == ["NA", 'a "q"']
    assert set(in_table["note"]) == {HOSTILE}
    assert run["first_lines"].outputs["note"].load().path.read_text() == HOSTILE
    assert run["sort-2"].outputs["results_dataset"].to_pandas()["n"].tolist() == [2.0, 1.0]
