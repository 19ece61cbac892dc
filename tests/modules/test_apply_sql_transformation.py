"""Error messages of Apply SQL Transformation for queries that do not fit the tables."""

from __future__ import annotations

import pandas as pd
import pytest

from designer.contract.errors import DesignerError
from tests.modules.learning import LIBRARY

SALES = pd.DataFrame({"city": ["Rome", "Oslo"], "price": [3.0, 4.0], "Tax rate": [0.1, 0.2]})


def refused(query: str, *tables: pd.DataFrame) -> DesignerError:
    with pytest.raises(DesignerError) as error:
        LIBRARY["apply-sql-transformation"].read({"query": query}).run(*tables)
    return error.value


@pytest.mark.parametrize(
    ("query", "problem", "remedy"),
    [
        ("select pirce from t1", "no column 'pirce' in t1", "Did you mean 'price'?"),
        ("select t1.cty from t1", "no column 'cty' in t1", "Did you mean 'city'?"),
        ("select [tax rat] from t1", "no column 'tax rat' in t1", "Did you mean 'Tax rate'?"),
        ("select sum(a.prise) from t1 as a", "no column 'prise' in t1", "Did you mean 'price'?"),
        ("select zzz from t1", "no column 'zzz' in t1", "city, price, Tax rate"),
        ("select * from sales", "no table 'sales'", "The only table is t1."),
        ("select * from t2", "no table 't2'", "The only table is t1."),
    ],
)
def test_what_the_query_misses_is_named_with_the_nearest_name(query: str, problem: str, remedy: str) -> None:
    error = refused(query, SALES)
    assert problem in error.found
    assert remedy in error.remedy
    assert error.code == "0069"


def test_a_column_of_two_tables_is_named_with_both() -> None:
    error = refused("select price from t1, t2", SALES, SALES)
    assert error.found == "column 'price' is in t1 and in t2"
    assert error.remedy == 'Write t1."price" or t2."price".'


def test_columns_that_differ_in_capitals_only_are_named() -> None:
    table = pd.DataFrame({"Key": [1, 2], "KEY": [8, 9], "v": [3, 4]})
    error = refused("select sum(v) as total from t1", table)
    assert "'Key' and 'KEY' differ in letter case only" in error.found
    assert "Rename one" in error.remedy
    assert error.place.port == "t1"


def test_letters_beyond_ascii_are_told_apart_by_capitals() -> None:
    table = pd.DataFrame({"É": [1], "é": [2]})
    result = LIBRARY["apply-sql-transformation"].read({"query": 'select "É" + "é" as both from t1'}).run(table)
    assert result["both"].tolist() == [3]
