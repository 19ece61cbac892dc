"""Difficult tables as input of modules for text, statistics, time, reshaping, reduction and encoding.

A module returns documented types that match the inferred columns, or raises a DesignerError with a place.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.contract.files.sources import using
from tests.folder_sources import FolderSources
from tests.modules.readings import hard_tables, run

LIBRARY = Library.scan()
TABLES = hard_tables()
ALL = {"start": "all"}
SETTINGS: list[tuple[str, dict[str, Any]]] = [
    ("sort", {"columns": ALL}),
    ("sample-rows", {"share": 1, "strata": "moment"}),
    ("sample-rows", {"mode": "Number of rows", "count": 2, "weights": "number"}),
    (
        "group-by",
        {"by": ["text", "moment", "flag"], "values": ALL, "functions": "first, mode, distinct, count, missing"},
    ),
    ("group-by", {"values": ["number", "whole", "empty"], "functions": "sum, mean, std, min, max, median, var"}),
    ("group-by", {"by": ["number"], "values": ["moment", "text"], "functions": "min, max"}),
    ("pivot", {"rows": ["whole"], "column": "level", "values": "moment", "function": "first"}),
    ("pivot", {"column": "moment", "values": "number"}),
    ("pivot", {"column": "number", "values": "text", "function": "max"}),
    ("unpivot", {"keep": ["whole"], "columns": {"start": "all", "rules": [{"action": "exclude", "names": ["whole"]}]}}),
    ("unpivot", {"columns": ["number", "empty"], "drop_missing": True}),
    ("summarize-data", {}),
    ("compute-elementary-statistics", {"method": "Sample kurtosis"}),
    ("compute-elementary-statistics", {"method": "Geometric mean", "columns": ["flag", "number"]}),
    ("compute-linear-correlation", {}),
    ("compute-linear-correlation", {"columns": ["whole", "constant", "empty"], "method": "Kendall"}),
    ("t-test", {"first": "whole"}),
    ("t-test", {"test": "Paired samples", "first": "whole", "second": "constant"}),
    ("t-test", {"test": "Two groups of a column", "first": "whole", "group": "moment"}),
    ("replace-discrete-values", {"reference": "whole"}),
    ("replace-discrete-values", {"reference": "number"}),
    ("replace-discrete-values", {"columns": ["level"], "reference": "text"}),
    ("time-features", {"time": "moment", "week": True, "cycles": True, "values": ["whole"], "windows": "1, 2"}),
    ("time-features", {"time": "moment", "values": ["number"], "windows": "2", "series": ["text"]}),
    ("time-series-split", {"time": "moment"}),
    ("time-series-split", {"time": "moment", "mode": "Moment", "moment": "2024-03-31"}),
    ("time-series-split", {"time": "number", "mode": "Fold", "folds": 2, "fold": 1}),
    ("principal-component-analysis", {"count": 1}),
    ("principal-component-analysis", {"columns": ["whole", "constant"], "scale": True}),
    ("fisher-linear-discriminant-analysis", {"label": "level", "columns": ["whole", "constant"]}),
    ("fisher-linear-discriminant-analysis", {"label": "text"}),
    ("group-categorical-values", {"columns": ["text", "level"], "mode": "Rare values", "most": 1}),
    ("group-categorical-values", {"columns": ["level"], "groups": "x: a"}),
    ("target-encoding", {"target": "whole", "folds": 2}),
    ("target-encoding", {"target": "flag", "folds": 2, "columns": ["level"]}),
    ("multiple-imputation", {}),
    ("multiple-imputation", {"columns": ["whole", "constant"]}),
    ("replace-text", {"find": "x+"}),
    ("preprocess-text", {}),
    ("feature-hashing", {"bits": 4}),
    ("extract-n-gram-features-from-text", {"column": "text", "least": 1, "longest": 999_999}),
    ("latent-dirichlet-allocation", {"topics": 2}),
    ("convert-word-to-vector", {"column": "text", "least": 1, "size": 3, "epochs": 1}),
]
OURS = sorted({id for id, _ in SETTINGS})


@pytest.mark.parametrize(("id", "settings"), SETTINGS, ids=[f"{id}-{i}" for i, (id, _) in enumerate(SETTINGS)])
@pytest.mark.parametrize("name", list(TABLES))
def test_a_hard_table_gives_a_result_or_one_of_our_errors(
    id: str, settings: dict[str, Any], name: str, tmp_path: Path
) -> None:
    module = LIBRARY.read(id, 1, settings)
    refusal: DesignerError | None = None
    try:
        with using(FolderSources(tmp_path)):
            run(module, TABLES[name])
    except DesignerError as error:
        refusal = error
    assert refusal is None or refusal.remedy
    assert refusal is None or str(refusal.place) or refusal.place.column
    assert refusal is not None or name != "twice"


@pytest.mark.parametrize("id", OURS)
def test_a_selection_that_matches_nothing_is_named(id: str) -> None:
    module = LIBRARY[id]
    pickers = [p for p in module.spec().parameters if p.editor in ("columns", "column") and not p.when]
    table = pd.DataFrame({"x": [1.0, 2.0], "t": pd.Series(["a", "b"], dtype="str")})
    for picker in pickers:
        missing: Any = "nothing" if picker.editor == "column" else ["nothing"]
        others = {p.name: "t" for p in pickers if p.editor == "column"}
        with pytest.raises(DesignerError) as caught:
            module.read({**others, picker.name: missing}).run(table)
        assert str(caught.value)


@pytest.mark.slow  # ran last on 30 November 2026
def test_ten_thousand_columns_are_answered_in_seconds() -> None:
    wide = pd.DataFrame(np.zeros((3, 10_000)), columns=[f"c{i}" for i in range(10_000)])
    answers = {
        "summarize-data": ({}, (10_000, 22)),
        "sort": ({"columns": ["c1"]}, (3, 10_000)),
        "sample-rows": ({"mode": "First rows"}, (3, 10_000)),
        "unpivot": ({"columns": ALL}, (30_000, 2)),
        "group-by": ({"values": ALL}, (1, 10_000)),
    }
    for id, (settings, shape) in answers.items():
        assert LIBRARY.read(id, 1, settings).run(wide).shape == shape
