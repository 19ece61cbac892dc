"""Numbers with their nouns."""

import pytest

from designer.contract.wording.counting import counted, table_size


@pytest.mark.parametrize(
    ("number", "noun", "words"),
    [
        (0, "row", "0 rows"), (1, "row", "1 row"), (1204, "row", "1,204 rows"), (1, "held-out row", "1 held-out row"),
        (2, "pass", "2 passes"), (2, "class", "2 classes"), (3, "query", "3 queries"), (2, "key", "2 keys"),
        (1, "entry", "1 entry"), (2, "box", "2 boxes"), (2, "batch", "2 batches"),
    ],
)  # fmt: skip
def test_a_number_goes_with_the_form_of_its_noun(number: int, noun: str, words: str) -> None:
    assert counted(number, noun) == words


def test_the_size_of_a_table_names_one_row_or_one_column_as_one() -> None:
    assert table_size(1, 2000) == "1 row × 2,000 columns"
    assert table_size(45211, 1) == "45,211 rows × 1 column"
