"""Execute R Script: run user code in R."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import weakref
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from designer.contract.errors import DesignerError, ScriptFailed
from designer.contract.files.plain_columns import COLUMNS, READER, read_columns, write_columns
from designer.contract.module import Module
from designer.contract.needed_program import require_program, stamp_of_program
from designer.contract.parameters import param
from designer.contract.schema import Schema
from designer.contract.values import Archive, Folder, Table
from designer.contract.wording.counting import counted

from .running import unpack_bundle

TEMPLATE = """# The script must define azureml_main. Inputs that are not wired are NULL.
azureml_main <- function(dataframe1, dataframe2) {
  print(dim(dataframe1))
  list(dataset1 = dataframe1, dataset2 = dataframe2)
}
"""
DRIVER = Path(__file__).parent / "execute.R"
LABEL = "R script"


class Results(NamedTuple):
    """The outputs of a script."""

    result_dataset: Table
    result_dataset2: Table
    plots: Folder


class ExecuteRScript(
    Module,
    category="R Language",
    runs_code=True,
    icon="code",
    no_onnx="an R script has no ONNX form",
    no_python="it runs R",
    needs_program="Rscript",
    program_comes_with="apt-get install r-base-core",
    synonyms=("code", "custom", "statistics"),
):
    """Run an R script on one or two tables.

    The script defines `azureml_main <- function(dataframe1, dataframe2)` and returns
    `list(dataset1 = ..., dataset2 = ...)`, of which either may be left out. Unwired inputs are NULL. What it prints
    goes to the log of the node, what it plots to the third output, as PNG images. The files of a script bundle are in
    the folder `./Script Bundle`. Columns keep their types both ways: NA, factors, times to the microsecond; whole
    numbers beyond 32 bits are doubles in R. The columns of the result are known only after a run.

    R runs on this computer with your permissions, and must be installed: `apt-get install r-base-core`. Base R is
    enough; packages that are installed can be loaded by `library`.

    Errors: 0085 with the line of the script, also if it quits, has no entry point or returns something else; 0102
    for a bundle with unsafe names.

    Example: `azureml_main <- function(dataframe1, dataframe2) list(dataset1 = head(dataframe1, 10))`.
    """

    script: str = param(TEMPLATE, label=LABEL, editor="code", language="r")
    """The code. It defines `azureml_main(dataframe1, dataframe2)`."""

    seed: int | None = param(None, label="Random seed", ge=0, le=2**31 - 1)
    """Seed of R's random numbers; empty gives other numbers in each run."""

    def run(
        self,
        dataset1: Table | None = None,
        dataset2: Table | None = None,
        script_bundle: Archive | None = None,
    ) -> Results:
        require_program(type(self).spec())
        plots = _kept_folder()
        with tempfile.TemporaryDirectory(prefix="designer-r-") as place:
            folder = Path(place)
            _fill(folder, self.script, (dataset1, dataset2), script_bundle)
            (folder / "plots").symlink_to(plots.path)
            code = _executed(folder, self.seed)
            _require_finished(folder, code)
            first, second = (_table(folder / f"out{number}", number) for number in (1, 2))
        return Results(first, second, plots)

    def infer(self, dataset1: Any = None, dataset2: Any = None, script_bundle: Any = None) -> tuple[Any, ...]:
        return Schema.unknown(), Schema.unknown(), None

    def fingerprint(self) -> str:
        sources = hashlib.sha256(DRIVER.read_bytes() + READER.read_bytes()).hexdigest()
        return f"{stamp_of_program('Rscript')} {sources}"

    def summary(self) -> str:
        lines = [line for line in self.script.splitlines() if line.strip() and not line.startswith(("#", "library"))]
        return counted(len(lines), "line")


def _kept_folder() -> Folder:
    """A folder that goes when its value does: it has to outlive the call, and the server that answers requests has no
    scratch folder of its own."""
    folder = Folder(Path(tempfile.mkdtemp(prefix="designer-plots-")))
    weakref.finalize(folder, shutil.rmtree, folder.path, ignore_errors=True)
    return folder


def _fill(
    folder: Path, script: str, tables: tuple[pd.DataFrame | None, pd.DataFrame | None], bundle: Archive | None
) -> None:
    (folder / "script.R").write_text(script if script.endswith("\n") else f"{script}\n", encoding="utf-8")
    shutil.copy(READER, folder / "columns.R")
    for number, table in enumerate(tables, 1):
        if table is not None:
            try:
                write_columns(table, folder / f"in{number}")
            except DesignerError as error:
                raise error.at(port=f"Dataset{number}") from None
    if bundle is not None:
        unpack_bundle(bundle, folder / "Script Bundle")


def _executed(folder: Path, seed: int | None) -> int:
    """Run R; returns its exit code. What it prints goes where this process prints."""
    command = ["Rscript", "--vanilla", str(DRIVER), str(folder), "" if seed is None else str(seed)]
    environment = {**os.environ, "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    return subprocess.run(  # noqa: S603  (the module's purpose)
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, check=False
    ).returncode


def _require_finished(folder: Path, code: int) -> None:
    if code < 0:
        raise ScriptFailed(f"R was ended by {signal.Signals(-code).name}", "Does it need more memory?", parameter=LABEL)
    if (folder / "failure.txt").is_file():
        line, *message = (folder / "failure.txt").read_text(encoding="utf-8", errors="replace").splitlines()
        row = int(line) if line.isdigit() else None
        where = f"line {row}: " if row else ""
        raise ScriptFailed(f"{where}{' '.join(message)}", "Correct the script.", parameter=LABEL, row=row)
    if not (folder / "finished.txt").is_file():
        raise ScriptFailed("the script called quit", "Return the tables instead.", parameter=LABEL)


def _table(folder: Path, number: int) -> pd.DataFrame:
    if not (folder / COLUMNS).is_file():
        return pd.DataFrame()
    try:
        return read_columns(folder)
    except DesignerError as error:
        problem = f"dataset{number} cannot be used: {error.found}"
        raise ScriptFailed(problem, error.remedy, column=error.place.column, parameter=LABEL) from error
