"""Tables of users, items and ratings."""

from __future__ import annotations

import numpy as np
import pandas as pd

from designer.contract.errors import DesignerError, InfiniteValues, TooFewRows, WrongColumnType
from designer.contract.schema import Schema
from designer.contract.values import Table
from designer.contract.wording.counting import counted

from .matrix_factorization import names_of


class WrongColumnCount(DesignerError):
    """The table has a wrong number of columns (0022)."""

    code = "0022"


class RatedTwice(DesignerError):
    """A user rates an item more than once (0034)."""

    code = "0034"


def check_triples(table: Table, port: str) -> Table:
    """Check that a table has user, item and rating, in this order."""
    if table.shape[1] != 3:
        problem = f"the table has {counted(table.shape[1], 'column')}"
        raise WrongColumnCount(problem, "It needs three: user, item, rating.", port=port)
    rating = Schema.of(table).columns[2]
    if not rating.kind.is_numeric:
        problem = f"the third column '{rating.name}' is {rating.kind}"
        raise WrongColumnType(problem, "Ratings are numbers.", port=port, column=rating.name)
    known = table[table.notna().all(axis=1)].reset_index(drop=True)
    if not len(known):
        raise TooFewRows("no row has a user, an item and a rating", "Wire a table of ratings.", port=port)
    if np.isinf(known.iloc[:, 2].to_numpy(dtype="float64")).any():
        raise InfiniteValues(
            f"column '{rating.name}' holds an infinite value", "Clip it.", port=port, column=rating.name
        )
    return once(known, port)


def once(table: Table, port: str) -> Table:
    """The table, after checking that each pair of user and item is unique."""
    pairs = pd.DataFrame({place: names_of(table.iloc[:, place]) for place in (0, 1)})
    twice = pairs.duplicated()
    if twice.any():
        user, item = pairs[twice].iloc[0]
        problem = f"user '{user}' rated item '{item}' more than once"
        raise RatedTwice(problem, "Keep one with Remove Duplicate Rows.", port=port)
    return table
