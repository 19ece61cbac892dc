"""The table holds: every row once, with tests that exist or a reason; and the report tells a failure."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

import pytest

from tests.hardening import test_documents, test_growing_tables, test_hostile_files, test_scripts, test_uploads
from tests.hardening.report import ROOT, Outcome, Result, judge, named_by, outcomes_of, report, result_of
from tests.hardening.table import FILES, HERE, Row, rows, tries

TEXT = "## Group\nA1 | a | b | D | here\nA10 | a | b | D | here tests/x.py::test_y\nB1 | c | d | D | - not built\n"
BUILT = [
    *test_uploads.ROWS,
    *test_hostile_files.ROWS,
    *test_documents.LARGE,
    *test_growing_tables.GROWING,
    *test_scripts.SCRIPTS,
    *test_scripts.QUERIES,
    *("U37", "U38", "U43", "I19", "I23"),
]


def test_every_row_is_there_once() -> None:
    counted = Counter(re.sub(r"\d", "", row.id) for row in rows())
    assert counted == {"U": 43, "I": 23, "M": 24, "Y": 24, "Q": 21, "R": 28, "C": 16, "E": 22, "F": 48, "L": 28}
    assert len({row.id for row in rows()}) == 277


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.id)
def test_a_row_names_tests_that_exist_or_says_why_there_are_none(row) -> None:  # type: ignore[no-untyped-def]
    assert bool(row.tests) != bool(row.reason)
    for test in row.tests:
        if test == HERE:
            assert any(name == row.id or name.startswith(f"{row.id} ") for name in BUILT) or len(row.tests) > 1
            continue
        file, _, name = test.partition("::")
        assert (ROOT / file).is_file(), test
        assert not name or f"def {name}(" in (ROOT / file).read_text(), test


def test_every_row_that_is_built_is_in_the_table() -> None:
    known = {row.id for row in rows() if HERE in row.tests}
    assert {name.split(" ")[0] for name in BUILT} <= known


DAY = "1 May 2030"


def test_a_failure_makes_its_row_wrong_and_no_other() -> None:
    table = rows(TEXT)
    outcomes = {
        "tests/hardening/t.py::test_a[A1]": Outcome("passed", 1.0),
        "tests/hardening/t.py::test_a[A1 more]": Outcome("failed", 2.0),
        "tests/hardening/t.py::test_a[A10]": Outcome("passed", 3.0),
        "tests/x.py::test_y[3]": Outcome("passed", 4.0, "p99 7 ms"),
        "tests/x.py::test_yes": Outcome("failed"),
    }
    results = {row.id: result_of(row, outcomes, DAY) for row in table if row.tests}
    assert [result.verdict for result in results.values()] == ["wrong", "exact"]
    assert not tries(table[0], "tests/hardening/t.py::test_a[A10]")
    page = report(table, results)
    assert "3 rows, 2 tried: 1 exact, 0 in part, 1 wrong, 0 not run yet, 1 not tried." in page
    assert "| A10 | a | b | D | exact: p99 7 ms | 1 May 2030, 7.0 s |" in page
    assert "| B1 | c | d | D | not tried: not built |  |" in page
    assert "- B1, c: not built." in page
    assert "| A10 | a | b | D | not run yet |  |" in report(table, {})


def test_a_skipped_test_is_no_exact_row() -> None:
    _, second, _ = rows(TEXT)
    skipped = Outcome("skipped", 0.0, "skipped: no room")
    here = "tests/hardening/t.py::test_a[A10]"
    assert result_of(second, {here: skipped}, DAY) == Result("not tried", DAY, 0.0, ("skipped: no room",))
    both = {here: Outcome("passed"), "tests/x.py::test_y": skipped}
    assert result_of(second, both, DAY).verdict == "in part"
    assert result_of(second, {**both, "tests/x.py::test_y[1]": Outcome("failed")}, DAY).verdict == "wrong"
    assert "in part: skipped: no room | 1 May 2030" in report([second], {"A10": result_of(second, both, DAY)})


def test_outcomes_are_read_from_what_pytest_wrote() -> None:
    root = ElementTree.fromstring(
        '<testsuites><testsuite><testcase file="t.py" name="a" time="1.5"/><testcase file="t.py" name="b"><failure/>'
        '</testcase><testcase file="t.py" name="c"><error/></testcase><testcase file="t.py" name="d">'
        '<skipped message="no disk"/></testcase><testcase file="t.py" name="e"><properties>'
        '<property name="figure" value="3 of 3"/></properties></testcase></testsuite></testsuites>'
    )
    assert outcomes_of(root) == {
        "t.py::a": Outcome("passed", 1.5),
        "t.py::b": Outcome("failed"),
        "t.py::c": Outcome("failed"),
        "t.py::d": Outcome("skipped", 0.0, "skipped: no disk"),
        "t.py::e": Outcome("passed", 0.0, "3 of 3"),
    }


def test_what_is_chosen_is_all_that_runs() -> None:
    first, second, third = rows(TEXT)
    assert named_by([first]) == list(FILES)
    assert named_by([first, second]) == [*FILES, "tests/x.py::test_y"]
    assert named_by([third]) == []


def test_a_row_is_judged_once_the_last_of_its_files_was_run() -> None:
    row = Row("Z1", "Z", "tried", "right", "D", ("tests/a.py::test_a", "tests/b.py::test_b"))
    results: dict[str, Result] = {}
    outcomes = {"tests/a.py::test_a": Outcome("passed")}
    judge(results, [row], outcomes, "tests/a.py")
    assert results == {}
    judge(results, [row], {**outcomes, "tests/b.py::test_b": Outcome("failed")}, "tests/b.py")
    assert results["Z1"].verdict == "wrong"


def test_a_test_that_fails_is_seen_by_a_real_run(tmp_path: Path) -> None:
    (tmp_path / "test_planted.py").write_text(
        "import pytest\n@pytest.mark.parametrize('row', ['A1', 'A10'])\ndef test_a(row):\n    assert row != 'A1'\n"
    )
    file = tmp_path / "outcomes.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-o", "junit_family=xunit1", f"--junitxml={file}", "."]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 1
    states = {node.partition("::")[2]: outcome.state for node, outcome in outcomes_of(
        ElementTree.parse(file).getroot()).items()}  # fmt: skip
    assert states == {"test_a[A1]": "failed", "test_a[A10]": "passed"}
