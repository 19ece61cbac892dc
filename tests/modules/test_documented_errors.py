"""The errors documented on the pages of the data modules, by error number."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.contract.files.sources import using
from designer.contract.module import Module
from designer.engine.exchange import for_module
from tests.folder_sources import FolderSources

LIBRARY = Library.scan()
CATEGORIES = ("Data Input and Output", "Data Transformation", "Feature Selection", "Statistical Functions")
TABLE = pd.DataFrame(
    {
        "x": [1.0, 2.0, 4.0, 3.0, 5.0, 8.0],
        "n": [1, 2, 3, 4, 5, 6],
        "gap": [1.0, np.nan, 3.0, 4.0, 5.0, 6.0],
        "endless": [1.0, np.inf, 3.0, 4.0, 5.0, 6.0],
        "empty": [np.nan] * 6,
        "same": [1.0] * 6,
        "s": pd.Series(["a", "b", "a", "b", "a", "c"], dtype="str"),
        "one": pd.Series(["a"] * 6, dtype="str"),
        "two": pd.Series(["a", "b", "a", "b", "a", "b"], dtype="str"),
        "c": pd.Categorical(["u", "v", "u", "v", None, "u"]),
        "d": pd.date_range("2024-01-01", periods=6),
        "late": pd.to_datetime(["2024-01-01", None, *["2024-01-02"] * 4]),
    }
)
MANY = pd.DataFrame({"s": pd.Series([f"v{i}" for i in range(5001)], dtype="str"), "x": 1.0, "t": "a", "n": range(5001)})
PLAIN = TABLE[["x", "n", "two"]]
WIDE = pd.DataFrame(np.eye(3, 501)).rename(columns=str)
NONE: dict[str, Any] = {"rules": [{"by": "kinds", "kinds": ["Boolean"]}]}
TWICE = pd.DataFrame([[1.0, 2.0]], columns=["x", "x"])


def at(text: str) -> dict[str, Any]:
    return {"columns": {"rules": [{"by": "indices", "indices": text}]}}


CASES: list[tuple[str, str, dict[str, Any], tuple[pd.DataFrame, ...]]] = [
    ("add-rows", "0008", {}, (TABLE, TABLE[["x"]])),
    ("add-rows", "0010", {}, (TABLE[["x"]], TABLE[["n"]])),
    ("add-rows", "0016", {}, (TABLE[["x"]], TABLE[["s"]].set_axis(["x"], axis=1))),
    ("add-rows", "0045", {}, (TABLE[["c"]], TABLE[["n"]].astype("category").set_axis(["c"], axis=1))),
    ("apply-math-operation", "0017", {"columns": ["s"]}, (TABLE,)),
    ("apply-math-operation", "0001", {"columns": ["y"]}, (TABLE,)),
    ("apply-math-operation", "0032", {"category": "Compare", "constant": float("nan")}, (TABLE,)),
    ("apply-math-operation", "0033", {"category": "Operations", "constant": float("inf")}, (TABLE,)),
    (
        "apply-math-operation",
        "0027",
        {"category": "Operations", "columns": ["x"], "second_type": "ColumnSet", "second_columns": ["x", "n"]},
        (TABLE,),
    ),
    ("apply-sql-transformation", "0069", {"query": "select y from t1"}, (TABLE,)),
    ("apply-sql-transformation", "0028", {"query": "select * from t1"}, (TABLE[["x"]].assign(X=1),)),
    ("clean-missing-data", "0008", {"minimum_ratio": 0.9, "maximum_ratio": 0.1}, (TABLE,)),
    ("clean-missing-data", "0017", {"columns": ["late"], "mode": "Replace with mean"}, (TABLE,)),
    ("clean-missing-data", "0002", {"columns": ["gap"], "value": "none"}, (TABLE,)),
    ("clip-values", "0008", {"thresholds": "ClipPeaksAndSubPeaks", "lower_value": 2}, (TABLE,)),
    ("clip-values", "0017", {"columns": ["s"]}, (TABLE,)),
    ("clip-values", "0011", {"columns": NONE}, (TABLE,)),
    ("compute-elementary-statistics", "0011", {"columns": NONE}, (TABLE,)),
    ("compute-elementary-statistics", "0017", {"columns": ["s"]}, (TABLE,)),
    ("compute-linear-correlation", "0011", {"columns": NONE}, (TABLE,)),
    ("compute-linear-correlation", "0017", {"columns": ["s"]}, (TABLE,)),
    ("compute-linear-correlation", "0021", {"columns": ["x"]}, (TABLE.head(0),)),
    ("compute-linear-correlation", "0033", {"columns": ["endless"]}, (TABLE,)),
    ("compute-linear-correlation", "0008", {"method": "Kendall"}, (WIDE,)),
    ("convert-to-indicator-values", "0056", {"columns": ["s"]}, (TABLE,)),
    ("convert-to-indicator-values", "0028", {"columns": ["c"]}, (TABLE.assign(**{"c- u": 1}),)),
    ("dataset", "0003", {}, ()),
    ("dataset", "0065", {"name": "none"}, ()),
    ("edit-metadata", "0042", {"columns": ["s"], "data_type": "Integer"}, (TABLE,)),
    ("edit-metadata", "0002", {"columns": ["s"], "data_type": "DateTime", "date_format": "%Q"}, (TABLE,)),
    ("edit-metadata", "0002", {"columns": ["n"], "data_type": "DateTime", "date_format": "%Y %Y"}, (TABLE,)),
    ("edit-metadata", "0027", {"columns": ["s", "n"], "new_names": "a"}, (TABLE,)),
    ("edit-metadata", "0028", {"columns": ["s"], "new_names": "n"}, (TABLE,)),
    ("edit-metadata", "0037", {"columns": ["s", "n"], "fields": "Labels"}, (TABLE,)),
    ("enter-data-manually", "0049", {"data": "a,b\n1,2,3"}, ()),
    ("export-data", "0003", {}, (TABLE,)),
    ("export-data", "0029", {"path": "https://example.org/a.csv"}, (TABLE,)),
    ("export-data", "0057", {"path": "there.csv", "overwrite": False}, (TABLE,)),
    ("filter-based-feature-selection", "0001", {"target": "y"}, (TABLE,)),
    ("filter-based-feature-selection", "0003", {}, (TABLE,)),
    ("filter-based-feature-selection", "0005", {"target": "x", "count": 0}, (TABLE,)),
    ("filter-based-feature-selection", "0018", {"target": "empty"}, (TABLE,)),
    ("fisher-linear-discriminant-analysis", "0008", {"label": "two", "columns": ["x", "n"], "count": 2}, (TABLE,)),
    ("fisher-linear-discriminant-analysis", "0017", {"label": "two", "columns": ["s"]}, (TABLE,)),
    ("fisher-linear-discriminant-analysis", "0021", {"label": "two", "columns": ["x"]}, (TABLE.head(2),)),
    ("fisher-linear-discriminant-analysis", "0023", {"label": "one", "columns": ["x"]}, (TABLE,)),
    ("fisher-linear-discriminant-analysis", "0039", {"label": "two", "columns": ["same"]}, (TABLE,)),
    ("fisher-linear-discriminant-analysis", "0033", {"label": "two", "columns": ["endless"]}, (TABLE,)),
    ("group-by", "0008", {"by": ["s"], "values": ["x"], "functions": "midpoint"}, (TABLE,)),
    ("group-by", "0017", {"by": ["s"], "values": ["d"], "functions": "sum"}, (TABLE,)),
    ("group-by", "0028", {"by": ["x_mean"], "values": ["x"]}, (TABLE.assign(x_mean=1),)),
    ("group-by", "0039", {"values": ["n"], "functions": "sum"}, (TABLE.assign(n=2**62),)),
    ("group-categorical-values", "0011", {"columns": NONE, "groups": "a: b"}, (TABLE,)),
    ("group-categorical-values", "0008", {"columns": ["s"], "groups": "a: b\nc: b"}, (TABLE,)),
    ("group-categorical-values", "0017", {"columns": ["n"], "groups": "a: b"}, (TABLE,)),
    ("group-data-into-bins", "0017", {"columns": ["x", "s"]}, (TABLE,)),
    ("group-data-into-bins", "0019", {"mode": "Custom Edges", "edges": "3, 1"}, (TABLE,)),
    ("group-data-into-bins", "0002", {"mode": "Custom Edges", "edges": "3, x"}, (TABLE,)),
    ("group-data-into-bins", "0008", {"bins": 0}, (TABLE,)),
    ("import-data", "0003", {}, ()),
    ("import-data", "0029", {"path": "https://example.org/a.csv"}, ()),
    ("import-data", "0049", {"path": "ragged.csv"}, ()),
    ("import-data", "0028", {"path": "twice.csv"}, ()),
    ("import-data", "0061", {"path": "m*.csv"}, ()),
    ("import-data", "0010", {"path": "k*.csv"}, ()),
    ("import-data", "0065", {"path": "none.csv"}, ()),
    ("import-data", "0157", {"path": "m1.csv", "datastore": "none"}, ()),
    ("import-file", "0003", {}, ()),
    ("import-file", "0065", {"path": "none.csv"}, ()),
    ("import-file", "0157", {"path": "m1.csv", "datastore": "none"}, ()),
    ("import-folder", "0003", {}, ()),
    ("import-folder", "0065", {"path": "/none"}, ()),
    ("import-folder", "0157", {"path": ".", "datastore": "none"}, ()),
    ("import-from-database", "0003", {}, ()),
    ("import-from-database", "0003", {"datastore": "shop"}, ()),
    ("import-from-database", "0157", {"datastore": "none", "query": "select 1"}, ()),
    ("join-data", "0001", {"left_keys": ["y"], "right_keys": ["n"]}, (TABLE, TABLE)),
    ("join-data", "0027", {"left_keys": ["x"], "right_keys": ["x", "n"]}, (TABLE, TABLE)),
    ("join-data", "0154", {"left_keys": ["x"], "right_keys": ["s"]}, (TABLE, TABLE)),
    ("multiple-imputation", "0008", {"rounds": 100}, (pd.DataFrame(np.eye(2, 1001)).rename(columns=str),)),
    ("multiple-imputation", "0017", {"columns": ["s"]}, (TABLE,)),
    ("multiple-imputation", "0021", {"columns": ["x"]}, (TABLE.head(0),)),
    ("multiple-imputation", "0033", {"columns": ["endless"]}, (TABLE,)),
    ("multiple-imputation", "0080", {"columns": ["x", "empty"]}, (TABLE,)),
    ("normalize-data", "0017", {"columns": ["s"]}, (TABLE,)),
    ("normalize-data", "0021", {"columns": ["x"]}, (TABLE.head(0),)),
    ("normalize-data", "0039", {"method": "LogNormal", "columns": ["zero"]}, (TABLE.assign(zero=0.0),)),
    ("normalize-data", "0039", {"columns": ["vast"]}, (TABLE.assign(vast=[1e308, -1e308] * 3),)),
    ("normalize-data", "0033", {"columns": ["endless"]}, (TABLE,)),
    ("partition-and-sample", "0018", {"mode": "Pick Fold"}, (TABLE,)),
    (
        "partition-and-sample",
        "0007",
        {"mode": "Assign to Folds", "method": "Partition with customized proportions", "proportions": "0.7, 0.7"},
        (TABLE,),
    ),
    ("pivot", "0014", {"column": "s", "values": "x"}, (MANY,)),
    ("pivot", "0017", {"column": "s", "values": "d"}, (TABLE,)),
    ("pivot", "0028", {"rows": ["a"], "column": "s", "values": "x"}, (TABLE.rename(columns={"n": "a"}),)),
    ("principal-component-analysis", "0008", {"columns": ["x"], "count": 2}, (TABLE,)),
    ("principal-component-analysis", "0017", {"columns": ["s"]}, (TABLE,)),
    ("principal-component-analysis", "0021", {"columns": ["x", "n"]}, (TABLE.head(1),)),
    ("principal-component-analysis", "0033", {"columns": ["endless"], "count": 1}, (TABLE,)),
    ("principal-component-analysis", "0028", {"columns": ["x"], "count": 1}, (TABLE.assign(PC1=1),)),
    ("read-table", "0065", {"path": "none.csv"}, (TABLE,)),
    ("remove-duplicate-rows", "0001", {"keys": ["y"]}, (TABLE,)),
    ("remove-duplicate-rows", "0003", {}, (TABLE,)),
    ("replace-discrete-values", "0011", {"columns": NONE, "reference": "x"}, (TABLE,)),
    ("replace-discrete-values", "0008", {"columns": ["s"], "reference": "s"}, (TABLE,)),
    ("replace-discrete-values", "0014", {"columns": ["t"], "reference": "s"}, (MANY,)),
    ("replace-discrete-values", "0017", {"columns": ["n"], "reference": "x"}, (TABLE,)),
    ("replace-discrete-values", "0028", {"columns": ["s"], "reference": "x"}, (TABLE.assign(**{"Mean(x|s)": 1}),)),
    ("replace-discrete-values", "0033", {"columns": ["s"], "reference": "endless"}, (TABLE,)),
    ("sample-rows", "0021", {"mode": "Number of rows", "count": 7}, (TABLE,)),
    ("sample-rows", "0039", {"weights": "gap"}, (TABLE,)),
    ("sample-rows", "0017", {"weights": "s"}, (TABLE,)),
    ("saved-model", "0065", {"artifact": "gone"}, ()),
    ("saved-transformation", "0065", {"artifact": "gone"}, ()),
    ("saved-model", "0013", {"artifact": "other"}, ()),
    ("saved-transformation", "0013", {"artifact": "other"}, ()),
    ("select-columns-in-dataset", "0001", {"columns": ["y"]}, (TABLE,)),
    ("select-columns-in-dataset", "0011", {"columns": NONE}, (TABLE,)),
    ("select-columns-in-dataset", "0059", at("2-"), (TABLE,)),
    ("select-columns-in-dataset", "0060", at("1-99"), (TABLE,)),
    ("smote", "0018", {"label": "s"}, (TABLE[["x", "s"]],)),
    ("smote", "0018", {"label": "two"}, (TABLE[["gap", "two"]],)),
    ("smote", "0033", {"label": "two"}, (TABLE[["endless", "two"]],)),
    ("smote", "0020", {"label": "two"}, (TABLE[["s", "two"]],)),
    ("smote", "0021", {"label": "two", "neighbors": 3}, (PLAIN,)),
    ("sort", "0011", {"columns": NONE}, (TABLE,)),
    ("split-data", "0001", {"mode": "Relative Expression", "relation": '\\"y" > 1'}, (TABLE,)),
    ("split-data", "0008", {"mode": "Regular Expression", "pattern": '\\"s" ('}, (TABLE,)),
    ("summarize-data", "0020", {}, (TABLE[[]],)),
    ("summarize-data", "0028", {}, (TWICE,)),
    ("t-test", "0017", {"first": "s"}, (TABLE,)),
    ("t-test", "0021", {"first": "x"}, (TABLE.head(1),)),
    ("t-test", "0039", {"first": "same"}, (TABLE,)),
    ("t-test", "0033", {"first": "endless"}, (TABLE,)),
    ("t-test", "0039", {"test": "Two groups of a column", "first": "x", "group": "s"}, (TABLE,)),
    ("target-encoding", "0011", {"columns": NONE, "target": "x"}, (TABLE,)),
    ("target-encoding", "0017", {"columns": ["n"], "target": "x"}, (TABLE,)),
    ("target-encoding", "0021", {"columns": ["s"], "target": "x", "folds": 7}, (TABLE,)),
    ("target-encoding", "0023", {"columns": ["s"], "target": "same"}, (TABLE,)),
    ("target-encoding", "0023", {"columns": ["t"], "target": "s"}, (MANY,)),
    ("target-encoding", "0033", {"columns": ["s"], "target": "endless"}, (TABLE,)),
    ("spline-features", "0017", {"columns": ["s"]}, (TABLE,)),
    ("spline-features", "0021", {"columns": ["x"]}, (TABLE.head(0),)),
    ("spline-features", "0028", {"columns": ["x"]}, (TABLE.assign(x_spline_1=1),)),
    ("spline-features", "0033", {"columns": ["endless"]}, (TABLE,)),
    ("spline-features", "0039", {"columns": ["vast"]}, (TABLE.assign(vast=[1e308, -1e308] * 3),)),
    ("time-features", "0017", {"time": "s"}, (TABLE,)),
    ("time-features", "0008", {"time": "d", "values": ["x"], "lags": "soon"}, (TABLE,)),
    ("time-features", "0028", {"time": "d"}, (TABLE.assign(d_year=1),)),
    ("time-features", "0033", {"time": "d", "values": ["endless"], "windows": "2"}, (TABLE,)),
    ("time-series-split", "0017", {"time": "s"}, (TABLE,)),
    ("time-series-split", "0021", {"time": "n", "mode": "Fold"}, (TABLE.head(5),)),
    ("time-series-split", "0039", {"time": "late"}, (TABLE,)),
    ("time-series-split", "0042", {"time": "d", "mode": "Moment", "moment": "now"}, (TABLE,)),
    ("unpivot", "0011", {"columns": NONE}, (TABLE,)),
    ("unpivot", "0008", {"keep": ["x"], "columns": ["x"]}, (TABLE,)),
    ("unpivot", "0028", {"keep": ["n"], "columns": ["x"], "name": "n"}, (TABLE,)),
]
ELSEWHERE = {("permutation-feature-importance", code) for code in ("0013", "0021", "0024", "0105")} | {
    ("multiple-imputation", "0001"),
    ("import-from-database", "0069"),
}  # need a trained model, a second table or a database: covered in the tests of the module
OF_WIRES = "0003"  # an unconnected required input is rejected before any module runs


@pytest.mark.parametrize(
    ("id", "code", "settings", "tables"), CASES, ids=[f"{c[0]}-{c[1]}-{i}" for i, c in enumerate(CASES)]
)
def test_an_error_has_the_number_that_its_page_names(
    id: str, code: str, settings: dict[str, Any], tables: tuple[pd.DataFrame, ...], tmp_path: Path
) -> None:
    (tmp_path / "there.csv").write_text("a\n1\n")
    for name, header in (("m1", "a"), ("m2", "a,b"), ("k1", "a"), ("k2", "b")):
        (tmp_path / f"{name}.csv").write_text(f"{header}\n")
    (tmp_path / "ragged.csv").write_text("a,b\n1\n")
    (tmp_path / "twice.csv").write_text("a,a\n1,2\n")
    with using(FolderSources(tmp_path, artifacts={"other": "text"})), pytest.raises(DesignerError) as refused:
        _run(LIBRARY[id].read(settings), tables, tmp_path)
    assert refused.value.code == code, refused.value


def _run(module: Module, tables: tuple[pd.DataFrame, ...], folder: Path) -> None:
    ports = (port.name for port in module.spec().inputs)
    module.run(**for_module(module, dict(zip(ports, tables, strict=False)), folder / "in"))


@pytest.mark.parametrize("id", [id for id, m in LIBRARY.modules.items() if m.spec().category in CATEGORIES])
def test_every_number_on_a_page_is_checked(id: str) -> None:
    paragraphs = LIBRARY[id].spec().documentation.split("\n\n")
    named = {
        code for text in paragraphs if text.strip().startswith("Errors:") for code in re.findall(r"\b\d{4}\b", text)
    }
    checked = {code for module, code, *_ in [*CASES, *ELSEWHERE] if module == id}
    assert named - checked <= ({OF_WIRES} if LIBRARY[id].spec().inputs else set())
