"""Sample Rows: sizes, strata, weights and seeds."""

from __future__ import annotations

import pandas as pd
import pytest

from designer.contract.errors import InvalidValues, TooFewRows
from modules.reshape.sample_rows import SampleRows
from tests.modules.readings import run, same_as_script

TABLE = pd.DataFrame({"id": range(150), "kind": [("a", "b", "c")[i % 3] for i in range(150)], "w": [0, 0, 1] * 50})
TABLE["kind"] = TABLE["kind"].astype("str")


def test_a_tenth_of_150_rows_is_15_in_the_order_of_the_table() -> None:
    sample = run(SampleRows.read({}), TABLE)
    assert len(sample) == 15
    assert sample["id"].is_monotonic_increasing
    assert sample["id"].is_unique


def test_the_same_seed_takes_the_same_rows_and_another_takes_others() -> None:
    one, two, other = (run(SampleRows.read({"seed": seed}), TABLE)["id"].tolist() for seed in (1, 1, 2))
    assert one == two != other


def test_pandas_takes_the_same_rows() -> None:
    sample = run(SampleRows.read({"mode": "Number of rows", "count": 20, "seed": 3}), TABLE)
    assert sample["id"].tolist() == sorted(TABLE.sample(20, random_state=3)["id"])


def test_each_stratum_gives_its_share() -> None:
    sample = run(SampleRows.read({"share": 0.2, "strata": "kind"}), TABLE)
    assert sample["kind"].value_counts().to_dict() == {"a": 10, "b": 10, "c": 10}


def test_rows_of_weight_zero_are_never_taken() -> None:
    sample = run(SampleRows.read({"mode": "Number of rows", "count": 50, "weights": "w"}), TABLE)
    assert sample["id"].tolist() == list(range(2, 150, 3))


def test_ends_of_the_table() -> None:
    assert run(SampleRows.read({"mode": "First rows", "count": 2}), TABLE)["id"].tolist() == [0, 1]
    assert run(SampleRows.read({"mode": "Last rows", "count": 2}), TABLE)["id"].tolist() == [148, 149]


def test_with_replacement_more_rows_than_there_are() -> None:
    module = SampleRows.read({"mode": "Number of rows", "count": 500, "with_replacement": True})
    assert len(run(module, TABLE)) == 500


def test_the_script_takes_the_same_rows() -> None:
    same_as_script(SampleRows.read({"share": 0.3, "strata": "kind", "weights": "w"}).model_copy(update={"weights": ""}), TABLE)  # noqa: E501  # fmt: skip


def test_too_few_rows_and_bad_weights_are_named() -> None:
    with pytest.raises(TooFewRows, match="the table has 150 rows"):
        run(SampleRows.read({"mode": "Number of rows", "count": 151}), TABLE)
    with pytest.raises(TooFewRows, match="a group of 'kind' has 0 rows"):
        run(SampleRows.read({"strata": "kind", "weights": "w"}), TABLE)
    with pytest.raises(InvalidValues, match="'w'"):
        run(SampleRows.read({"weights": "w"}), TABLE.assign(w=-1))
