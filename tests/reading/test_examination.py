"""Findings about an imported file, and the corrections a user makes."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from designer.contract.errors import ColumnNotFound, ConversionFailed
from designer.contract.schema import Kind, Role, Schema, kind_of
from designer.reading.examination import (
    Choices,
    Finding,
    auc_alone,
    convert,
    corrected,
    findings,
    read_as_chosen,
    shares,
    task_of,
)

ROWS = 60


def table() -> pd.DataFrame:
    """One column for each kind of finding."""
    draw = np.random.default_rng(3)
    answer = np.where(np.arange(ROWS) < 10, "yes", "no")
    return pd.DataFrame(
        {
            "zip": [f"0{n % 20:04d}" for n in range(ROWS)],
            "job": ["?" if n % 9 == 0 else f"job {n % 4}" for n in range(ROWS)],
            "visits": [-1 if n % 3 else n for n in range(ROWS)],
            "price": [f"{n},50" for n in range(ROWS)],
            "when": pd.date_range("2026-05-05", periods=ROWS),
            "region": ["EU"] * ROWS,
            "customer ID": draw.permutation(10_000)[:ROWS],
            "minutes": np.where(answer == "yes", 100, 1) + np.arange(ROWS) % 5,
            "answer": answer,
        }
    )


def findings_by_id(choices: Choices | None = None) -> dict[str, Finding]:
    chosen = choices or Choices()
    frame = table()
    return {finding.id: finding for finding in findings(frame, corrected(frame, chosen), chosen)}


def test_every_kind_of_doubt_is_noted_once() -> None:
    notes = findings_by_id(Choices(label="answer"))
    assert set(notes) == {
        "zeros zip", "marker job", "sentinel visits", "decimal price", "date when", "constant region",
        "identifier customer ID", "telling minutes", "uneven",
    }  # fmt: skip


def test_questions_come_first() -> None:
    tones = [finding.tone for finding in findings_by_id(Choices(label="answer")).values()]
    assert tones == sorted(tones, key=["decide", "done", "info"].index)


def test_what_the_user_declined_is_not_asked_again() -> None:
    assert "marker job" not in findings_by_id(Choices(kept=("marker job",)))


def test_a_marker_read_as_missing_is_no_longer_there_and_no_longer_noted() -> None:
    choices = Choices(missing_in={"job": ("?",)})
    read = corrected(table(), choices)
    assert read["job"].isna().sum() == 7
    assert "marker job" not in findings_by_id(choices)


def test_a_column_becomes_a_number_once_its_markers_are_gone() -> None:
    frame = pd.DataFrame({"age": ["31", "?", "45"]})
    read = corrected(frame, Choices(missing_in={"age": ("?",)}))
    assert kind_of(read["age"]) is Kind.INTEGER
    assert read["age"].tolist()[0] == 31


def test_a_sentinel_read_as_missing_keeps_whole_numbers_whole() -> None:
    read = corrected(table(), Choices(missing_in={"visits": ("-1",)}))
    assert kind_of(read["visits"]) is Kind.INTEGER
    assert read["visits"].isna().sum() == 40


def test_decimal_commas_are_read_only_when_asked() -> None:
    assert kind_of(corrected(table(), Choices())["price"]) is Kind.STRING
    assert corrected(table(), Choices(decimal="comma"))["price"].tolist()[:2] == [0.5, 1.5]


def test_a_left_out_column_is_gone_and_the_label_has_its_role() -> None:
    read = corrected(table(), Choices(left_out=("region",), label="answer"))
    assert "region" not in read.columns
    assert Schema.of(read)["answer"].role is Role.LABEL


def test_a_label_that_was_left_out_is_named() -> None:
    with pytest.raises(ColumnNotFound, match="answer"):
        corrected(table(), Choices(left_out=("answer",), label="answer"))


def test_a_conversion_that_loses_a_cell_is_refused_with_its_row() -> None:
    with pytest.raises(ConversionFailed, match="row 2"):
        convert(pd.Series(["1", "about 2", "3"], name="n"), "n", Kind.INTEGER)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_type_can_be_kept_and_text_holds_everything(kind: Kind) -> None:
    assert kind_of(convert(pd.Series(["2026-01-02", None], name="c"), "c", Kind.STRING)) is Kind.STRING
    series = {Kind.DATETIME: ["2026-01-02"], Kind.BOOLEAN: ["true"]}.get(kind, ["1"])
    assert kind_of(convert(pd.Series([*series, None], name="c"), "c", kind)) is kind


def test_choices_survive_json() -> None:
    choices = Choices(decimal="comma", kinds={"a": "String"}, missing_in={"b": ("?",)}, left_out=("c",), label="d")
    assert Choices.from_json(choices.to_json()) == choices


def test_the_task_follows_from_the_label() -> None:
    assert task_of(pd.Series(["a", "b"])) == "two-class"
    assert task_of(pd.Series(["a", "b", "c"])) == "multiclass"
    assert task_of(pd.Series([0, 1, 0])) == "two-class"
    assert task_of(pd.Series(range(100))) == "regression"
    assert task_of(pd.Series([0.5, 1.5])) == "regression"
    assert task_of(pd.Series([0.0, 1.0, None, 1.0])) == "two-class"
    assert task_of(pd.Series([1, 2, 3, 4, 5])) == "regression"
    assert task_of(pd.Series([1, 2, 3] * 3)) == "multiclass"


def test_the_area_of_one_column_is_that_of_scikit_learn() -> None:
    from sklearn.metrics import roc_auc_score

    draw = np.random.default_rng(5)
    number = pd.Series(draw.normal(size=200).round(1))
    label = pd.Series(np.where(number + draw.normal(size=200) > 1, "rare", "often"))
    assert auc_alone(number, label) == pytest.approx(roc_auc_score(label == "rare", number))


def test_shares_add_up_without_the_missing() -> None:
    assert shares(pd.Series(["a", "a", None, "b"])) == [("a", pytest.approx(2 / 3)), ("b", pytest.approx(1 / 3))]


def test_a_comma_before_three_digits_is_asked_with_both_readings() -> None:
    frame = pd.DataFrame({"total": pd.Series(["1,250", "3,410", "612"], dtype="str")})
    (note,) = findings(frame, frame, Choices())
    assert (note.tone, note.action, note.value) == ("decide", "read as thousands", ",")
    assert "1250" in note.text
    assert "1.250" in note.text


def test_a_point_before_three_digits_is_asked_where_commas_are_decimal() -> None:
    frame = pd.DataFrame({"pulses": pd.Series(["2.500", "410", "1.125"], dtype="str")})
    (note,) = findings(frame, frame, Choices(decimal="comma"))
    assert (note.action, note.value) == ("read as thousands", ".")


def test_digits_are_those_of_the_file_or_refused_with_the_row() -> None:
    ids = pd.Series(["9007199254740995", None, "1234567890123456789"], name="id", dtype="str")
    assert convert(ids, "id", Kind.INTEGER).tolist() == [9007199254740995, pd.NA, 1234567890123456789]
    for cell in ("51_3", "12E3", "9223372036854775808"):
        with pytest.raises(ConversionFailed, match="row 1"):
            convert(pd.Series([cell, "1"], name="n", dtype="str"), "n", Kind.INTEGER)


def test_a_file_of_a_header_alone_says_so() -> None:
    frame = pd.DataFrame({"a": pd.Series([], dtype="float64")})
    assert [note.title for note in findings(frame, frame, Choices())] == ["There are no rows"]


def test_rows_that_repeat_another_are_counted_and_the_way_out_is_named() -> None:
    frame = pd.DataFrame({"a": [1.0, 2.0, 2.0]})
    (note,) = findings(frame, frame, Choices(), copies=1)
    assert note.title == "1 row repeats another"
    assert "Remove Duplicate Rows" in note.text
    assert findings(frame, frame, Choices(), copies=2)[0].title == "2 rows repeat another"


def test_a_column_whose_type_is_chosen_is_read_from_the_text_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(
        "price,day,flag,stars,code\n1.50,2026-05-01,True,5,5_13\n 2.00,2026-05-02,False,?,4_000\n"
        '"",2026-05-03,True,4.0,7\n'
    )
    texts = dict.fromkeys(("price", "day", "flag", "stars"), "String")
    original, table = read_as_chosen(path, Choices(kinds=texts, missing_in={"stars": ("?",)}))
    assert kind_of(original["price"]) is Kind.DECIMAL
    assert table["price"].tolist()[:2] == ["1.50", " 2.00"]
    assert table["day"].tolist() == ["2026-05-01", "2026-05-02", "2026-05-03"]
    assert table["flag"].tolist() == ["True", "False", "True"]
    assert table["stars"].tolist()[::2] == ["5", "4.0"]
    assert table["price"].isna().tolist() == [False, False, True]
    _, numbers = read_as_chosen(path, Choices(kinds={"stars": "Integer"}, missing_in={"stars": ("?",)}))
    assert numbers["stars"].tolist() == [5, pd.NA, 4]
    _, grades = read_as_chosen(path, Choices(kinds={"price": "Categorical"}))
    assert grades["price"].cat.categories.tolist() == [" 2.00", "1.50"]
    with pytest.raises(ConversionFailed, match="column 'code', row 1: '5_13' is not a whole number"):
        read_as_chosen(path, Choices(kinds={"code": "Integer"}))
