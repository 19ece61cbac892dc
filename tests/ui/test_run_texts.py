"""Texts of the rows in the list of runs."""

from datetime import datetime

from designer.pipeline.document import to_document
from designer.pipeline.graph import Pipeline
from designer.store.records import Run
from designer.ui.views.run.texts import reason_of, run_rows


def test_runs_of_the_same_minute_are_told_to_the_second() -> None:
    noon, now = datetime(2026, 11, 20, 12, 4, 5).timestamp(), datetime(2026, 11, 20, 18).timestamp()
    document = to_document(Pipeline())
    runs = [Run(id=str(after), document=document, created=noon + after) for after in (0, 12, 300)]
    rows = run_rows(runs, {}, now)
    assert [(row.id, row.started) for row in rows] == [
        ("0", "today 12:04:05"),
        ("12", "today 12:04:17"),
        ("300", "today 12:09"),
    ]


def test_the_class_of_an_error_is_said_in_words() -> None:
    reason = reason_of({"message": "'prize' is not there", "remedy": "Correct the script.", "type": "ScriptFailed"})
    assert (reason.message, reason.remedy, reason.kind) == (
        "'prize' is not there", "Correct the script.", "Script failed"
    )  # fmt: skip
