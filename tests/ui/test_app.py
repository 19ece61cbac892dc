"""Failing event handlers: what the page shows and what the log records."""

import json
import re

import pytest

from designer.contract.errors import DesignerError
from designer.ui.app import PAGES, report_failure


def test_our_own_error_is_shown_in_its_words() -> None:
    shown = json.dumps(str(report_failure(DesignerError("no column 'incme'", "Did you mean 'income'?"))))
    assert "incme" in shown


def test_any_other_error_is_shown_as_a_number_that_the_log_explains(caplog: pytest.LogCaptureFixture) -> None:
    shown = str(report_failure(ValueError("/home/someone/secret.csv")))
    assert "secret" not in shown
    number = re.search(r"under number ([0-9a-f]{8})", shown)
    assert number is not None
    assert number[1] in caplog.text
    assert "secret.csv" in caplog.text


def test_every_page_has_its_own_address_and_title() -> None:
    assert len({page.route for page in PAGES}) == len(PAGES)
    assert all(page.title for page in PAGES)
