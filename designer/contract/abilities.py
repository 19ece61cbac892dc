"""What a module does to rows and columns, as far as others must know: declared in its class statement."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

Purpose = Literal[
    "",
    "applies transformations",
    "selects columns",
    "removes duplicates",
    "splits by time",
    "holds a model",
    "holds a transformation",
    "takes requests",
    "answers requests",
    "reads files",
    "reads datasets",
]
"""What Designer itself puts a module into a pipeline for: a fix, an inference pipeline, a new dataset."""


@dataclass(frozen=True)
class Abilities:
    """Each is an argument of the class statement: `class SplitData(Module, category=..., splits_rows=True)`."""

    splits_rows: bool = False
    """Divides a table into tables that share no row."""

    samples_rows: bool = False
    """Takes some rows of a table; another of its kind may take the same or others."""

    makes_rows: bool = False
    """Adds rows that are made of the rows there are."""

    folds_rows: bool = False
    """Trains on parts of its table and measures on the other parts."""

    validation: str = ""
    """The input whose rows are measured in place of folds, where it is wired."""

    explains_model: bool = False
    """Shows how a model answers, and measures nothing: rows that trained it serve as well as others."""

    label: str = ""
    """The parameter that names the column to predict: the module learns from that column."""

    encodes_values: bool = False
    """Makes columns of the values that all rows have."""

    renames: bool = False
    """Gives columns new names and leaves their meaning."""

    keeps_together: str = ""
    """The parameter of a split that names the column whose rows stay on one side."""

    by_column: bool = False
    """Treats each column of its selection by itself: leaving one out changes nothing of the others."""

    parallel: str = ""
    """The parameter with a value for each column of the module's selection, in its order."""

    runs_code: bool = False
    """Runs a script or a query of the user; only running it shows what it reads and does."""

    purpose: Purpose = ""
    """What Designer itself adds the module for."""

    suggested: int = 0
    """Its place among the modules suggested first, from 1; 0 for those without one."""

    @property
    def holds_learned(self) -> bool:
        """Whether the module brings into a pipeline what another one learned."""
        return self.purpose in ("holds a model", "holds a transformation")


NONE = Abilities()
NAMES = frozenset(field.name for field in fields(Abilities))
