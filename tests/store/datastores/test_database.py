"""Reading databases: the same rows and kinds from PostgreSQL, SQLite and DuckDB, and nothing but reading."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from sqlalchemy import create_engine, text

from designer.contract.errors import DesignerError, InvalidParameter, InvalidQuery
from designer.store.datastores.address import parsed
from designer.store.datastores.database import DatabaseStore, DatastoreUnreachable
from tests.servers import free_port, postgresql_server

ROWS = """
INSERT INTO orders VALUES (1, 'Ada', 12.5, TRUE, '2024-02-29'), (2, 'Bjørn', NULL, FALSE, '2023-12-31'),
(3, NULL, -0.25, NULL, NULL)
"""
TABLE = "CREATE TABLE orders (id BIGINT, name VARCHAR(20), price NUMERIC(10, 2), paid BOOLEAN, day DATE)"

ODD_TABLE = """
CREATE TABLE odd (big NUMERIC(30), doc JSONB, raw BYTEA, at TIMESTAMPTZ, tag UUID, clock TIME)
"""
ODD_ROW = """
INSERT INTO odd VALUES (123456789012345678901234567890, '{"a": [1]}', 'x', '2024-01-01 12:00+02',
'00000000-0000-0000-0000-000000000001', '12:30')
"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgresql_server() as address:
        engine = create_engine(f"postgresql+pg8000://reader:secret@{address}/shop")
        with engine.begin() as connection:
            for command in (TABLE, ROWS, ODD_TABLE, ODD_ROW):
                connection.execute(text(command))
        engine.dispose()
        yield address


def _sqlite(folder: Path) -> str:
    with sqlite3.connect(folder / "shop.db") as connection:
        connection.execute(TABLE)
        connection.execute(ROWS)
    connection.close()
    return f"sqlite:///{folder / 'shop.db'}"


def _duckdb(folder: Path) -> str:
    with duckdb.connect(str(folder / "shop.duckdb")) as connection:
        connection.execute(TABLE)
        connection.execute(ROWS)
    return f"duckdb:///{folder / 'shop.duckdb'}"


FILES: dict[str, Callable[[Path], str]] = {"sqlite": _sqlite, "duckdb": _duckdb}


def opened(address: str, **secrets: str) -> DatabaseStore:
    return DatabaseStore("shop", parsed(address)[0], secrets)


@pytest.fixture(params=["postgresql", "sqlite", "duckdb"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> DatabaseStore:
    if request.param == "postgresql":
        return opened(f"postgresql://reader@{request.getfixturevalue('server')}/shop", password="secret")
    return opened(FILES[request.param](tmp_path))


def test_a_query_gives_its_rows_in_documented_kinds(shop: DatabaseStore, request: pytest.FixtureRequest) -> None:
    table = shop.table("SELECT * FROM orders ORDER BY id", {})
    assert list(table.columns) == ["id", "name", "price", "paid", "day"]
    assert table["id"].tolist() == [1, 2, 3]
    assert table["name"].tolist()[:2] == ["Ada", "Bjørn"]
    assert table["name"].isna().tolist() == [False, False, True]
    assert table["price"].tolist()[0::2] == [12.5, -0.25]
    assert table["price"].isna().tolist() == [False, True, False]
    if "sqlite" not in request.node.name:  # it has neither booleans nor dates
        assert str(table["paid"].dtype) == "boolean"
        assert table["day"].tolist()[:2] == [pd.Timestamp("2024-02-29"), pd.Timestamp("2023-12-31")]


def test_values_are_bound_and_never_pasted(shop: DatabaseStore) -> None:
    query = "SELECT id FROM orders WHERE name = :name OR id = :id ORDER BY id"
    assert shop.table(query, {"name": "Ada", "id": 3})["id"].tolist() == [1, 3]
    assert shop.table(query, {"name": "x' OR '1'='1", "id": 0})["id"].tolist() == []
    with pytest.raises(InvalidParameter, match="the name 'id', and no value is given"):
        shop.table(query, {"name": "Ada"})
    with pytest.raises(InvalidParameter, match="no name 'more'"):
        shop.table(query, {"name": "Ada", "id": 1, "more": 2})


def test_no_rows_are_an_empty_table(shop: DatabaseStore) -> None:
    assert list(shop.table("SELECT id, name FROM orders WHERE id > 9", {}).columns) == ["id", "name"]
    assert len(shop.table("SELECT id FROM orders ORDER BY id", {}, limit=2)) == 2


@pytest.mark.parametrize("query", ["DELETE FROM orders", "UPDATE orders SET id = 0", "DROP TABLE orders"])
def test_nothing_but_reading(shop: DatabaseStore, query: str) -> None:
    with pytest.raises(DesignerError):
        shop.table(query, {})
    assert len(shop.table("SELECT * FROM orders", {})) == 3


def test_the_words_of_the_database_come_back(shop: DatabaseStore) -> None:
    with pytest.raises(InvalidQuery, match=r"refuses the query: .*nowhere") as refusal:
        shop.table("SELECT * FROM nowhere", {})
    assert refusal.value.code == "0069"
    with pytest.raises(InvalidParameter, match="the query is empty"):
        shop.table("  ", {})
    with pytest.raises(DesignerError, match="id"):
        shop.table("SELECT id, id FROM orders", {})


def test_tables_are_listed(shop: DatabaseStore) -> None:
    assert "orders" in shop.tables()
    shop.test()


def test_kinds_that_only_a_server_has(server: str) -> None:
    odd = opened(f"postgresql://reader@{server}/shop", password="secret")
    table = odd.table("SELECT big, doc, at, tag, clock FROM odd", {})
    assert table.iloc[0].tolist() == [
        "123456789012345678901234567890", '{"a":[1]}', pd.Timestamp("2024-01-01 10:00", tz="UTC"),
        "00000000-0000-0000-0000-000000000001", "12:30:00.000000",
    ]  # fmt: skip
    with pytest.raises(InvalidQuery, match="column 'raw' holds binary"):
        odd.table("SELECT raw FROM odd", {})


def test_many_rows_come_in_pieces(server: str) -> None:
    shop = opened(f"postgresql://reader@{server}/shop", password="secret")
    query = "SELECT n, CASE WHEN n > 70000 THEN n * 1.5 END AS late FROM generate_series(1, 80000) AS s(n)"
    table = shop.table(query, {})
    assert table["n"].tolist() == list(range(1, 80_001))
    assert table["late"].isna().sum() == 70_000
    assert table["late"].iloc[-1] == 120_000


def test_a_server_that_refuses_or_is_not_there(server: str) -> None:
    with pytest.raises(DatastoreUnreachable, match="refuses the user or the password of 'shop'") as refusal:
        opened(f"postgresql://reader@{server}/shop", password="wrong").test()
    assert "wrong" not in str(refusal.value.to_json())
    with pytest.raises(DatastoreUnreachable, match="there is no database 'nothing'"):
        opened(f"postgresql://reader@{server}/nothing", password="secret").test()
    for scheme in ("postgresql", "mysql"):
        with pytest.raises(DatastoreUnreachable, match="'shop' does not answer"):
            opened(f"{scheme}://reader@127.0.0.1:{free_port()}/shop", password="x").test()


@pytest.mark.parametrize("kind", FILES)
def test_files_that_are_no_database(kind: str, tmp_path: Path) -> None:
    gone = opened(f"{kind}:///{tmp_path / 'gone'}")
    with pytest.raises(DesignerError, match="the file of 'shop' is gone"):
        gone.test()
    (tmp_path / "text").write_text("no database, but a text that is long enough to have pages " * 40)
    with pytest.raises(DesignerError, match="the file of 'shop' is no"):
        opened(f"{kind}:///{tmp_path / 'text'}").tables()


@pytest.mark.parametrize("kind", FILES)
def test_the_stamp_follows_the_file(kind: str, tmp_path: Path) -> None:
    shop = opened(FILES[kind](tmp_path))
    first = shop.stamp()
    assert first is not None
    assert shop.stamp() == first
    (tmp_path / ("shop.db-wal" if kind == "sqlite" else "shop.duckdb.wal")).write_bytes(b"more")
    assert shop.stamp() != first
    assert opened("postgresql://reader@127.0.0.1/shop").stamp() is None


def test_mixed_columns_of_sqlite_are_named(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("CREATE TABLE mixed (x)")
        connection.execute("INSERT INTO mixed VALUES (1), ('two')")
    connection.close()
    with pytest.raises(InvalidQuery, match="column 'x' mixes kinds of values"):
        opened(f"sqlite:///{tmp_path / 'shop.db'}").table("SELECT x FROM mixed", {})
