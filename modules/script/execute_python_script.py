"""Execute Python Script: run user code."""

from __future__ import annotations

import ast
import sys
import traceback
from typing import Any, NamedTuple

import pandas as pd

from designer.contract.column_types import documented
from designer.contract.errors import DesignerError, ScriptFailed
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Schema
from designer.contract.script import Script, Variable
from designer.contract.values import Archive, Table
from designer.contract.wording.articles import with_article
from designer.contract.wording.counting import counted

from .running import run_script, unpacked

FILE = "script.py"
TEMPLATE = """# The script must define azureml_main. Inputs that are not wired are None.
import pandas as pd


def azureml_main(dataframe1=None, dataframe2=None):
    print(f"{len(dataframe1)} rows")
    return dataframe1,
"""


class Results(NamedTuple):
    """The outputs of a script."""

    result_dataset: Table
    result_dataset2: Table


class ExecutePythonScript(
    Module,
    category="Python Language",
    runs_code=True,
    icon="code",
    no_onnx="a Python script has no ONNX form",
    synonyms=("code", "custom", "pandas", "lambda"),
):
    """Run a Python script on one or two tables.

    The script defines `azureml_main(dataframe1=None, dataframe2=None)` and returns a table, or a sequence of one or
    two. Unwired inputs are None; the tables are copies. Output to stdout goes to the log of the node. `step.log("loss",
    0.5, step=3)`, after `from designer import step`, records a metric of the run, drawn as a curve on its page. The
    files of a script bundle are in the folder `./Script Bundle`, last on `sys.path`, so they do not shadow installed
    modules. Columns of the result are converted to the documented types, rows are numbered from 0; the columns are
    known only after a run.

    The script runs on this computer with your permissions. It is checked (parsed, never executed) before a run.

    Errors: 0085 with the line of the script, also if it exits early, has no entry point or returns something else; 0102
    for a bundle with unsafe names.

    Example: `def azureml_main(dataframe1=None, dataframe2=None): return dataframe1.assign(total=1),`.
    """

    script: str = param(TEMPLATE, label="Python script", editor="code", language="python")
    """The code. It defines `azureml_main(dataframe1, dataframe2)`."""

    def run(
        self,
        dataset1: Table | None = None,
        dataset2: Table | None = None,
        script_bundle: Archive | None = None,
    ) -> Results:
        check_script(self.script)
        tables = [None if table is None else table.copy(deep=True) for table in (dataset1, dataset2)]
        with unpacked(script_bundle):
            try:
                returned = run_script(self.script, *tables)
            except (Exception, SystemExit) as error:
                raise _failed(error) from error
        return Results(*_tables(returned))

    def infer(self, dataset1: Any = None, dataset2: Any = None, script_bundle: Any = None) -> tuple[Schema, Schema]:
        return Schema.unknown(), Schema.unknown()

    def to_python(
        self,
        script: Script,
        dataset1: Variable | None = None,
        dataset2: Variable | None = None,
        script_bundle: Variable | None = None,
    ) -> tuple[str, ...]:
        check_script(self.script)
        returned = script.call(run_script, self.script, dataset1, dataset2, result="returned")
        first, second = script.variable("result_dataset"), script.variable("result_dataset2")
        tables = script.call(two_tables, Variable(returned), result="tables")
        script.line(f"{first}, {second} = {tables}")
        return first, second

    def summary(self) -> str:
        lines = [
            line for line in self.script.splitlines() if line.strip() and not line.startswith(("#", "import", "from"))
        ]
        return counted(len(lines), "line")


def check_script(text: str) -> None:
    """Raise ScriptFailed for bad syntax, or without an `azureml_main` of two arguments."""
    try:
        tree = ast.parse(text, FILE)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        where = f"line {line}: " if line else ""
        raise ScriptFailed(f"{where}{getattr(error, 'msg', error)}", "Correct the script.", row=line) from None
    functions = [node for node in tree.body if getattr(node, "name", "") == "azureml_main"]
    named = any(
        getattr(target, "id", "") == "azureml_main" for node in tree.body for target in getattr(node, "targets", ())
    )
    if functions and isinstance(functions[-1], ast.AsyncFunctionDef):
        raise ScriptFailed("azureml_main is async", "Define it with def.", parameter="Python script")
    if not functions and not named and "import *" not in text and "azureml_main" not in _imported(tree):
        raise ScriptFailed(
            "the script defines no azureml_main",
            "Write: def azureml_main(dataframe1=None, dataframe2=None):",
            parameter="Python script",
        )
    if functions and isinstance(functions[-1], ast.FunctionDef):
        arguments = functions[-1].args
        takes = len(arguments.args) + len(arguments.posonlyargs)
        if takes < 2 and not arguments.vararg:
            raise ScriptFailed(
                f"azureml_main takes {takes} of the two tables",
                "Write: def azureml_main(dataframe1=None, dataframe2=None):",
                row=functions[-1].lineno,
                parameter="Python script",
            )


def _imported(tree: ast.Module) -> set[str]:
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    return {alias.asname or alias.name for node in imports for alias in node.names}


def _failed(error: BaseException) -> ScriptFailed:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == FILE]
    line = frames[-1].lineno if frames else None
    where = f"line {line}: " if line else ""
    try:
        text = str(error)
    except Exception:
        text = "(its message cannot be shown)"
    if isinstance(error, SystemExit):
        problem, remedy = f"{where}the script called exit", "Return the tables instead."
    else:
        problem, remedy = f"{where}{type(error).__name__}: {text}", "Correct the script."
    if len(frames) > 1:
        sys.stderr.write("".join(["Traceback of the script:\n", *traceback.format_list(frames)]))
        remedy = f"{remedy} The log has the traceback."
    return ScriptFailed(problem, remedy, parameter="Python script", row=line)


def _tables(returned: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    try:
        tables = two_tables(returned)
    except TypeError as error:
        raise ScriptFailed(str(error), "Return one or two DataFrames.", parameter="Python script") from None
    try:
        first, second = (documented(table) for table in tables)
    except DesignerError as error:
        failed = ScriptFailed(f"the result cannot be used: {error.found}", error.remedy, column=error.place.column)
        raise failed.at(parameter="Python script") from error
    return first, second


def two_tables(returned: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The script's return value as two tables, the second empty if only one was returned; raises TypeError
    otherwise."""
    tables = [returned] if isinstance(returned, pd.DataFrame) else returned
    if not isinstance(tables, list | tuple):
        raise TypeError(f"azureml_main returned {'nothing' if returned is None else type(returned).__name__}")
    tables = [table for table in tables if table is not None]
    wrong = next((table for table in tables if not isinstance(table, pd.DataFrame)), None)
    if wrong is not None:
        raise TypeError(f"azureml_main returned {with_article(type(wrong).__name__)} among its tables")
    if not 1 <= len(tables) <= 2:
        raise TypeError(f"azureml_main returned {counted(len(tables), 'table')}")
    return tables[0], tables[1] if len(tables) == 2 else pd.DataFrame()
