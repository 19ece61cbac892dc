"""Addresses of datastores: what is read, what is kept, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from designer.contract.errors import InvalidParameter
from designer.store.datastores.address import Address, checked_secrets, parsed


@pytest.mark.parametrize(
    ("text", "kept", "kind", "place"),
    [
        ("/data/in", "/data/in", "folder", "/data/in"),
        ("file:///data/in", "/data/in", "folder", "/data/in"),
        ("s3://sales/2024/", "s3://sales/2024", "s3", "sales/2024"),
        ("s3://sales?endpoint=http://127.0.0.1:9000&region=eu-central-1",
         "s3://sales?endpoint=http://127.0.0.1:9000&region=eu-central-1", "s3", "sales"),
        ("gcs://bucket", "gs://bucket", "gs", "bucket"),
        ("abfss://raw@account.dfs.core.windows.net/in", "abfs://raw@account/in", "abfs", "raw/in"),
        ("postgresql+psycopg://ada@db:5433/shop", "postgresql://ada@db:5433/shop", "postgresql", "shop"),
        ("mysql://db.example/shop", "mysql://db.example/shop", "mysql", "shop"),
        ("sqlite:////data/sales.db", "sqlite:////data/sales.db", "sqlite", "/data/sales.db"),
        ("duckdb:////data/a%20b.duckdb", "duckdb:////data/a b.duckdb", "duckdb", "/data/a b.duckdb"),
    ],
)  # fmt: skip
def test_an_address_is_read_and_written_alike(text: str, kept: str, kind: str, place: str) -> None:
    address, secrets = parsed(text)
    assert (str(address), address.kind, address.place, secrets) == (kept, kind, place, {})
    assert parsed(str(address))[0] == address


def test_relative_places_are_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert parsed("in")[0] == Address("folder", str(tmp_path / "in"))
    assert parsed("sqlite:///sales.db")[0] == Address("sqlite", str(tmp_path / "sales.db"))


def test_secrets_leave_the_address() -> None:
    address, secrets = parsed("postgresql://ada:p%40ss@db/shop")
    assert str(address) == "postgresql://ada@db/shop"
    assert secrets == {"password": "p@ss"}
    address, secrets = parsed("s3://sales?access_key=A&secret_key=B&region=eu-west-1")
    assert str(address) == "s3://sales?region=eu-west-1"
    assert secrets == {"access_key": "A", "secret_key": "B"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no address is given"),
        ("ftp://host/x", "'ftp://' is not the address of a datastore"),
        ("s3://", "names no bucket"),
        ("s3://user:key@bucket", "holds a password"),
        ("s3://bucket?reggion=x", "Did you mean 'region'?"),
        ("abfs://container", "names no container or no account"),
        ("postgresql://host", "names no host or no database"),
        ("postgresql://host:port/x", "cannot be read"),
        ("sqlite:///", "names no file"),
        ("sqlite://sales.db", "lacks a slash"),
    ],
)
def test_what_is_no_address_is_refused(text: str, words: str) -> None:
    with pytest.raises(InvalidParameter) as refusal:
        parsed(text)
    assert words in str(refusal.value)


def test_secrets_that_a_kind_does_not_know_are_refused() -> None:
    assert checked_secrets("s3", {"access_key": "A", "session_token": ""}) == {"access_key": "A"}
    with pytest.raises(InvalidParameter, match="Its secrets are: access_key, secret_key, session_token"):
        checked_secrets("s3", {"password": "x"})
    with pytest.raises(InvalidParameter, match="takes none"):
        checked_secrets("folder", {"password": "x"})
