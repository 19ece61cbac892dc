"""Texts of the endpoint page: certificates, versions, the form and its answers."""

from typing import Any

import pytest

from designer.contract.files.read_options import ReadOptions
from designer.contract.schema import Column, Kind, Schema
from designer.store.records import Endpoint, EndpointKey, EndpointVersion
from designer.ui.views.endpoint.texts import (
    answer_of,
    certificate,
    form,
    key_rows,
    problems_of,
    refused_field,
    row_of,
    unknown_values,
    version_rows,
)

SCHEMA = Schema(
    (
        Column("age", Kind.INTEGER),
        Column("gain", Kind.DECIMAL),
        Column("work", Kind.STRING, categories=("Private", "State")),
        Column("member", Kind.BOOLEAN),
        Column("since", Kind.DATETIME),
    )
)


def version(number: int, **fields: Any) -> EndpointVersion:
    return EndpointVersion(endpoint="e", version=number, created=0.0, **fields)


def test_the_form_gives_back_the_row_it_was_filled_from() -> None:
    row = {"age": 52, "gain": 1.5, "work": "State", "member": True, "since": "2026-05-14"}
    assert row_of(SCHEMA, {field.name: field.value for field in form(SCHEMA, row)}) == row


def test_an_empty_field_is_missing_and_a_wrong_one_is_sent_as_it_is() -> None:
    sent = row_of(SCHEMA, {"age": "old", "gain": " ", "work": "Private"})
    assert sent == {"age": "old", "gain": None, "work": "Private", "member": None, "since": None}


GERMAN = ReadOptions(separator=";", decimal=",", thousands=".")


@pytest.mark.parametrize(
    ("reading", "text", "number"),
    [(GERMAN, "1,5", 1.5), (GERMAN, "1.234,5", 1234.5), (GERMAN, "1.234", 1234.0), (ReadOptions(), "1.5", 1.5),
     (ReadOptions(decimal=","), "1,5", 1.5), (ReadOptions(decimal=","), "1.5", 1.5), (None, "1.5", 1.5)],
)  # fmt: skip
def test_numbers_are_read_and_written_as_in_the_training_file(
    reading: ReadOptions | None, text: str, number: float
) -> None:
    assert row_of(SCHEMA, {"gain": text}, reading)["gain"] == number
    assert problems_of(SCHEMA, {"gain": text}, reading) == {}
    written = {field.name: field.value for field in form(SCHEMA, {"gain": number}, reading)}
    assert written["gain"] == str(number).replace(".", reading.decimal if reading else ".")
    assert row_of(SCHEMA, written, reading)["gain"] == number


def test_a_field_that_cannot_be_sent_says_why_in_words() -> None:
    typed = {"age": "4.5", "gain": "1,5", "since": "soon", "work": "Army", "member": "true"}
    assert problems_of(SCHEMA, typed) == {
        "age": "'4.5' is not a whole number.",
        "gain": "'1,5' is not a number; write it like 1.5.",
        "since": "'soon' is not a date; write it like 2026-11-20.",
    }
    assert problems_of(SCHEMA, {"gain": "1.5.2"}, GERMAN) == {"gain": "'1.5.2' is not a number; write it like 1,5."}
    fields = {each.name: each.problem for each in form(SCHEMA, typed, None, problems_of(SCHEMA, typed))}
    assert fields["age"] == "'4.5' is not a whole number."
    assert fields["work"] == ""
    assert refused_field("score.missing_value", "null in 'gain'") == "The model needs a value here."


def test_known_categories_are_offered_and_an_unknown_one_stays() -> None:
    fields = {field.name: field for field in form(SCHEMA, {"work": "Army"})}
    assert (fields["work"].editor, fields["work"].choices) == ("choice", ["Private", "State", "Army"])
    assert fields["age"].editor == "number"


def test_the_answer_leads_with_its_label_and_is_compared_with_training() -> None:
    row = {"age": 52, "Scored Labels": ">50K", "Scored Probabilities": 0.873}
    same = answer_of(row, {"age": 52}, {"Scored Labels": ">50K", "Scored Probabilities": 0.873})
    assert (same.headline, same.probability, same.probability_words) == (">50K", "0.873", "same as in training")
    other = answer_of(row, {"age": 52}, {"Scored Labels": ">50K", "Scored Probabilities": 0.9})
    assert other.probability_words == "differs from training"
    assert answer_of(row, {"age": 52}, None).probability_words == ""


def test_a_probability_says_of_which_class_it_is() -> None:
    row = {"Scored Labels": "nein", "Scored Probabilities": 0.17}
    assert answer_of(row, {}, None, "ja").probability_name == "Probability of ja"
    assert answer_of(row, {}, None).probability_name == "Scored Probabilities"


def test_every_probability_of_several_classes_is_shown() -> None:
    row = {"Scored Labels": "b", "Scored Probabilities_a": 0.25, "Scored Probabilities_b": 0.75}
    assert dict(answer_of(row, {}, None).others) == {
        "Scored Probabilities_a": "0.250",
        "Scored Probabilities_b": "0.750",
    }


def test_a_value_that_training_did_not_have_is_named() -> None:
    row = {"age": 40, "work": "Astronaut", "member": True}
    assert unknown_values(SCHEMA, row) == [
        "work: “Astronaut” is not among the values of training; it counts as none of them."
    ]
    assert unknown_values(SCHEMA, {**row, "work": "State"}) == []
    assert unknown_values(SCHEMA, {**row, "work": None}) == []


def test_one_version_is_live_and_the_others_can_take_its_place() -> None:
    endpoint = Endpoint(name="e", created=0.0, changed=0.0, default_version=2)
    rows = version_rows(endpoint, [version(3), version(2), version(1), version(4, state="failed")], {}, {})
    assert [(row.number, row.state, row.action) for row in rows] == [
        (3, "Idle", "Promote"), (2, "Live", ""), (1, "Idle", "Roll back"), (4, "Failed", ""),
    ]  # fmt: skip


def test_keys_are_masked_unless_asked_for() -> None:
    keys = [EndpointKey(endpoint="e", slot=slot, digest="d", shown="dsg_1234", created=0.0) for slot in ("primary",)]
    assert key_rows(keys, {})[0].shown.startswith("dsg_1234•")
    assert key_rows(keys, {"primary": "dsg_whole"})[0].shown == "dsg_whole"


@pytest.mark.parametrize(("differences", "passed"), [(0, True), (3, False)])
def test_the_certificate_says_how_many_rows_agree(differences: int, passed: bool) -> None:
    path = {"path": "HTTP", "against": "training run", "rows": 6000, "differences": differences, "largest": 6.7e-16}
    document = {"passed": passed, "held_out": 6000, "identical": 6000 - differences, "edge": 56, "largest": 6.7e-16}
    summary = certificate(version(1, certificate={**document, "paths": [path], "checked": 1.0}))
    assert summary.passed is passed
    assert summary.identical == f"{6000 - differences:,} of 6,000"
    assert summary.largest == "6.7e−16"
    assert summary.paths[0].is_same is passed


def test_a_version_without_a_comparison_has_no_certificate() -> None:
    assert not certificate(version(1)).exists
    assert not certificate(None).exists


def test_a_text_column_of_many_values_is_typed_with_suggestions() -> None:
    codes = tuple(f"code {number}" for number in range(35_040))
    schema = Schema((Column("code", Kind.STRING, categories=codes),))
    (field,) = form(schema, {"code": "code 3499"})
    assert field.editor == "suggest"
    assert field.choices == ["code 3499", *(f"code 3499{i}" for i in range(10))]
    (empty,) = form(schema, {})
    assert empty.choices == list(codes[:20])


def test_the_certificate_of_a_part_of_the_held_out_rows_says_so() -> None:
    facts = {"held_out": 20_000, "available": 90_000, "sent": 19_990, "edge": 1, "identical": 19_990, "passed": True}
    shown = certificate(version(1, certificate=facts))
    assert shown.words == (
        "19,990 of 90,000 held-out rows, evenly spread, and 1 edge row were sent through HTTP and compared with the "
        "training run, labels and probabilities. 10 held-out rows without a score in training stayed out."
    )
    assert shown.identical == "19,990 of 19,990"
    whole = certificate(version(1, certificate={**facts, "available": 20_000, "sent": 20_000}))
    assert whole.words.startswith("Every held-out row and 1 edge row were sent through HTTP and compared with")
