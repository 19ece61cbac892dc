"""Datastores on their page: registered, looked into, a dataset made of a file and of a query, a file uploaded."""

import sqlite3
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from designer.store.workspace import Workspace
from tests.browser.conftest import Observed, Server

pytestmark = pytest.mark.browser


def test_from_an_address_to_a_dataset(
    page: Page, server: Server, workspace: Workspace, observed: Observed, tmp_path: Path
) -> None:
    (tmp_path / "lake" / "2024").mkdir(parents=True)
    (tmp_path / "lake" / "2024" / "prices.csv").write_text("city;price\nOslo;2,5\nBergen;4,0\n")
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("CREATE TABLE orders (id INTEGER, price REAL)")
        connection.execute("INSERT INTO orders VALUES (1, 2.5), (2, 4.0)")
    connection.close()
    page.goto(f"{server.origin}/datasets")
    page.get_by_role("link", name="Datastores").click()
    register(page, "lake", str(tmp_path / "lake"))
    page.get_by_role("button", name="2024").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.path().read_text().startswith("city;price")
    (tmp_path / "photo.bin").write_bytes(b"\0\1\2")
    page.locator("#datastore-file").set_input_files(tmp_path / "photo.bin")
    expect(page.get_by_text("photo.bin is in 'lake'.")).to_be_visible()
    assert (tmp_path / "lake" / "2024" / "photo.bin").read_bytes() == b"\0\1\2"
    (tmp_path / "photo.bin").write_bytes(b"changed")
    (tmp_path / "other.bin").write_bytes(b"1")
    for answer, content in (("Keep", b"\0\1\2"), ("Replace", b"changed")):
        page.locator("#datastore-file").set_input_files([tmp_path / "photo.bin", tmp_path / "other.bin"])
        expect(page.get_by_role("dialog")).to_contain_text("'2024/photo.bin' is in 'lake' already")
        page.get_by_role("dialog").get_by_role("button", name=answer).click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.get_by_text("2 files are in 'lake'.")).to_have_count(int(answer == "Replace"))
        assert (tmp_path / "lake" / "2024" / "photo.bin").read_bytes() == content
    page.locator("tr", has_text="photo.bin").get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator("tr", has_text="photo.bin")).to_have_count(0)
    page.get_by_role("button", name="Make a dataset").click()
    expect(page.get_by_text("Dataset is in")).to_have_count(0)
    page.wait_for_url("**/datasets/view?name=prices")
    assert workspace.datasets.get("prices").rows == 2

    page.goto(f"{server.origin}/datastores")
    register(page, "shop", f"sqlite:///{tmp_path / 'shop.db'}")
    page.get_by_role("button", name="orders").click()
    expect(page.get_by_role("table", name="Rows of the query").get_by_role("row")).to_have_count(3)
    page.get_by_role("textbox", name="Query").fill("SELECT id FROM orders WHERE price > 3")
    page.get_by_role("button", name="Show rows").click()
    expect(page.get_by_role("table", name="Rows of the query").get_by_role("row")).to_have_count(2)
    page.get_by_label("Name of a dataset").fill("dear")
    page.locator(".datastores").get_by_role("button", name="Make a dataset").click()
    page.wait_for_url("**/datasets/view?name=dear")
    assert workspace.datasets.get("dear").rows == 1

    page.goto(f"{server.origin}/datastores")
    register(page, "far", "postgresql://ada@127.0.0.1:1/shop")
    expect(page.get_by_role("alert")).to_contain_text("'far' does not answer")
    expect(page.get_by_role("textbox", name="Query")).to_be_disabled()
    expect(page.get_by_text("The database has no table.")).to_have_count(0)
    page.get_by_role("button", name="shop", exact=True).click()
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("button", name="shop", exact=True)).to_have_count(0)
    assert observed.troubles == []


def test_details_are_seen_in_a_small_window(page: Page, server: Server, workspace: Workspace, tmp_path: Path) -> None:
    for number in range(20):
        workspace.datastores.register(f"store{number:02}", str(tmp_path))
    page.set_viewport_size({"width": 1000, "height": 700})
    page.goto(f"{server.origin}/datastores")
    details = page.locator(".with-details > .card").last
    expect(details).not_to_be_in_viewport()
    page.get_by_role("button", name="store03").click()
    expect(details.get_by_text("store03")).to_be_in_viewport()
    expect(details.get_by_text("This folder is empty.")).to_be_in_viewport()


def register(page: Page, name: str, address: str) -> None:
    page.get_by_role("button", name="New datastore").click()
    page.get_by_role("dialog").get_by_label("Name").fill(name)
    page.get_by_role("dialog").get_by_label("Address").fill(address)
    page.get_by_role("button", name="Register").click()
    expect(page.locator(".datastores > .card").last).to_contain_text(address)
