"""`make hardening`: try every row that has a test, and write docs/hardening.md.

`python -m tests.hardening.report U01 F ...` tries these rows, or all of a letter, and --quick leaves out what is marked
slow; the other rows keep the result of their last run, with its day.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path

from tests.hardening.table import FILES, HERE, Row, rows, tries

ROOT = Path(__file__).parent.parent.parent
TARGET = ROOT / "docs" / "hardening.md"
STORED = Path(__file__).parent / "verdicts.json"
VERDICTS = ("exact", "in part", "wrong", "not run yet", "not tried")
HEAD = """# Bad inputs, faults and loads

Written by `make hardening`. A row is *exact* where all its tests passed, *in part* where some were skipped on this
machine, *wrong* where one failed, *not run yet* where its tests were not run since they were written, and *not tried*
where it has none, or none that could run here; each with the day of its last run. The letters say what has to be as
before afterwards: D the database, A stored results, T working folders, S the process, X no trace of code, path or
secret in the answer. The check of each letter, and this report, are first shown to catch a planted defect:
`tests/hardening/test_intact.py`, `tests/hardening/test_table.py`.
"""


@dataclass(frozen=True)
class Outcome:
    """The outcome of one test."""

    state: str
    """passed, failed or skipped."""
    seconds: float = 0.0
    note: str = ""
    """The reason for a skip, or the figure that the test measured."""


@dataclass(frozen=True)
class Result:
    """The verdict on a row, and when its tests were run."""

    verdict: str
    day: str
    seconds: float = 0.0
    notes: tuple[str, ...] = ()


def main() -> int:
    """Run the tests and write the report; 1 where a row is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", help="rows or letters to try (default: all)")
    parser.add_argument("--quick", action="store_true", help="leave out what is marked slow")
    options = parser.parse_args()
    chosen, table = tuple(options.rows), rows()
    tried = [row for row in table if row.tests and (not chosen or row.id in chosen or row.id[0] in chosen)]
    outcomes: dict[str, Outcome] = {}
    results = {id: Result(**{**fields, "notes": tuple(fields["notes"])}) for id, fields in _read().items()}
    for file, tests in groupby(named_by(tried), key=_file):
        print(f"{file}", flush=True)
        outcomes |= _outcomes(list(tests), options.quick)
        judge(results, tried, outcomes, file)
        _write(table, results)  # after each file, so that nothing is lost if the next one is broken off
    return int(any(result.verdict == "wrong" for result in results.values()))


def _file(test: str) -> str:
    return test.partition("::")[0]


def judge(results: dict[str, Result], tried: Iterable[Row], outcomes: Mapping[str, Outcome], file: str) -> None:
    """Judge the rows whose last file was run."""
    for row in tried:
        named = named_by([row])
        is_last = max(map(_file, named)) == file
        if is_last and any(tries(row, node) for node in outcomes):
            results[row.id] = result_of(row, outcomes, time.strftime("%d %B %Y"))


def _write(table: list[Row], results: Mapping[str, Result]) -> None:
    tested = {row.id: results[row.id] for row in table if row.id in results and row.tests}
    document = {id: asdict(result) for id, result in tested.items()}
    STORED.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    TARGET.write_text(report(table, tested), encoding="utf-8")


def named_by(tried: Iterable[Row]) -> list[str]:
    """The tests of rows as pytest takes them."""
    named = {test for row in tried for test in row.tests if test != HERE}
    return sorted(named | (set(FILES) if any(HERE in row.tests for row in tried) else set()))


def result_of(row: Row, outcomes: Mapping[str, Outcome], day: str) -> Result:
    """The result of a row from the outcomes of its tests, which are by node id."""
    mine = [outcome for node, outcome in outcomes.items() if tries(row, node)]
    states = {outcome.state for outcome in mine}
    if "failed" in states:
        verdict = "wrong"
    elif "passed" not in states:
        verdict = "not tried"
    else:
        verdict = "in part" if "skipped" in states else "exact"
    notes = tuple(dict.fromkeys(outcome.note for outcome in mine if outcome.note))
    return Result(verdict, day, round(sum(outcome.seconds for outcome in mine), 1), notes)


def report(table: list[Row], results: Mapping[str, Result]) -> str:
    """The table as a page."""
    shown = {row.id: results.get(row.id, Result("not run yet" if row.tests else "not tried", "")) for row in table}
    counts = Counter(result.verdict for result in shown.values())
    tried = counts["exact"] + counts["in part"] + counts["wrong"]
    states = ", ".join(f"{counts[state]} {state}" for state in VERDICTS)
    lines = [HEAD, f"{len(table)} rows, {tried} tried: {states}.\n"]
    for group, members in groupby(table, key=lambda row: row.group):
        lines += [f"## {group}\n", "| | Tried | Right | Letters | Found | Last run |", "|---|---|---|---|---|---|"]
        lines += [_line(row, shown[row.id]) for row in members]
        lines.append("")
    lines += ["## Rows without a test\n", *[f"- {row.id}, {row.tried}: {row.reason}." for row in table if row.reason]]
    return "\n".join(lines) + "\n"


def _line(row: Row, result: Result) -> str:
    notes = f": {'; '.join(result.notes)}" if result.notes else ""
    why = f": {row.reason}" if row.reason else notes
    ran = f"{result.day}, {result.seconds:,.1f} s" if result.day else ""
    return f"| {row.id} | {row.tried} | {row.right} | {row.letters} | {result.verdict}{why} | {ran} |"


def _read() -> dict[str, dict[str, object]]:
    results: dict[str, dict[str, object]] = json.loads(STORED.read_text(encoding="utf-8")) if STORED.exists() else {}
    return results


def _outcomes(tests: list[str], is_quick: bool) -> dict[str, Outcome]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "outcomes.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-o", "junit_family=xunit1", f"--junitxml={file}", *tests]
        command += ["-m", "not slow"] if is_quick else []
        subprocess.run(command, cwd=ROOT, check=False)
        return outcomes_of(ElementTree.parse(file).getroot())


def outcomes_of(root: ElementTree.Element) -> dict[str, Outcome]:
    """The outcome of each test by node id."""
    return {f"{case.get('file')}::{case.get('name')}": _outcome(case) for case in root.iter("testcase")}


def _outcome(case: ElementTree.Element) -> Outcome:
    seconds = float(case.get("time") or 0)
    if (skipped := case.find("skipped")) is not None:
        return Outcome("skipped", seconds, f"skipped: {skipped.get('message', '')}")
    failed = case.find("failure") is not None or case.find("error") is not None
    figures = [each.get("value", "") for each in case.iter("property") if each.get("name") == "figure"]
    return Outcome("failed" if failed else "passed", seconds, ", ".join(figures))


if __name__ == "__main__":
    sys.exit(main())
