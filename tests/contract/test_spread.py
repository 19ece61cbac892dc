"""Telling signal from rounding error in the spread of numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from designer.contract.spread import above_base, quantile_edges, raised, whole_base, without_rounding

NEXT = [3.3, 3.3000000000000003]


@pytest.mark.parametrize(
    "cells",
    [
        NEXT * 30,
        [0.1 + 0.2, 0.3] * 20,
        [sum([0.1] * 10), 1.0],
        [1e8, np.nextafter(1e8, np.inf), np.nan] * 10,
        [-1e-300, np.nextafter(-1e-300, 0)],
        [1e16, 1e16 + 2],
    ],
)
def test_numbers_that_differ_by_their_last_bits_are_equal(cells: list[float]) -> None:
    rounded = without_rounding(np.array(cells))
    assert len(np.unique(rounded[~np.isnan(rounded)])) == 1
    assert (np.isnan(rounded) == np.isnan(cells)).all()


@pytest.mark.parametrize(
    "cells",
    [
        [1.0, 1.0 + 1e-12] * 1000,
        [1e15, 1e15 + 1] * 50,
        [1.7e9, 1.7e9 + 1e-3] * 5000,
        [-1.0, 1.0],
        [0.0, 5e-324],
        [np.nan, 1.0],
        [-np.inf, np.inf],
        [],
    ],
)
def test_what_arithmetic_can_tell_apart_is_kept(cells: list[float]) -> None:
    numbers = np.array(cells)
    assert without_rounding(numbers) is numbers


def test_whole_numbers_beyond_2_53_keep_the_digits_in_which_they_differ() -> None:
    whole = pd.Series([2**60 + 1, 2**60 + 2, 2**60 + 3])
    base = whole_base(whole)
    assert base == 2**60 + 1
    assert above_base(whole, base).tolist() == [0, 1, 2]
    ends = pd.Series([-(2**63), None, 2**63 - 1], dtype="Int64")
    assert above_base(ends, whole_base(ends))[[0, 2]].tolist() == [0, 2.0**64]
    assert np.isnan(above_base(ends, whole_base(ends))[1])
    assert raised(1.0, 2**53 + 1) == 2.0**53 + 2
    assert whole_base(pd.Series([1, 2**53])) == 0


def test_an_edge_that_falls_on_a_number_is_that_number() -> None:
    random = np.random.default_rng(0)
    for parts in range(2, 40):
        cells = np.sort(random.normal(size=parts * 3 + 1).round(2))
        assert quantile_edges(cells, parts) == cells[3 : 3 * parts : 3].tolist()
    cells = random.normal(size=1000)
    expected = np.quantile(cells, np.linspace(0, 1, 8))[1:-1]
    np.testing.assert_allclose(quantile_edges(cells, 7), expected, rtol=1e-13)
