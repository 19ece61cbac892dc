"""What a module does to rows and columns, declared in its class statement for other code to inspect."""

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
    "passes a file on",
    "passes a folder on",
    "queries a database",
]
"""The purpose for which Designer adds a module to a pipeline: in a fix, an inference pipeline, for a new dataset."""


@dataclass(frozen=True)
class Abilities:
    """The abilities of a module, each a class argument: `class SplitData(Module, category=..., splits_rows=True)`."""

    splits_rows: bool = False
    """Divides a table into tables that share no row."""

    samples_rows: bool = False
    """Samples rows of a table; samples of two such modules may overlap."""

    makes_rows: bool = False
    """Adds rows synthesized from existing rows."""

    folds_rows: bool = False
    """Cross-validates: trains on parts of its table and evaluates on the others."""

    validation: str = ""
    """The input whose rows replace folds for evaluation, if it is connected."""

    explains_model: bool = False
    """Explains a model without evaluating it, so that training rows are valid input."""

    label: str = ""
    """The parameter that names the label; the module learns from that column."""

    encodes_values: bool = False
    """Makes columns from the distinct values of all rows."""

    renames: bool = False
    """Renames columns without changing their meaning."""

    keeps_together: str = ""
    """The parameter of a split that names the group column; rows with equal values stay on one side."""

    by_column: bool = False
    """Processes each selected column independently of the others."""

    parallel: str = ""
    """The parameter with one value for each selected column, in the order of the selection."""

    runs_code: bool = False
    """Runs a user's script or query, whose reads and effects are unknown before the run."""

    is_program: bool = False
    """Is a program, which only the engine starts: no request can go through it."""

    needs_program: str = ""
    """The command line program that it calls, which must be on the PATH."""

    program_comes_with: str = ""
    """The command that installs that program."""

    purpose: Purpose = ""
    """The purpose for which Designer adds the module."""

    searches: bool = False
    """Tries settings in trials of their own, which the engine starts, see `designer.contract.search`."""

    hidden: bool = False
    """Has no entry in palettes and lists: other parts of Designer run it."""

    suggested: int = 0
    """The rank among the modules suggested first, from 1; 0 if it has none."""

    @property
    def holds_learned(self) -> bool:
        """Whether the module holds a saved model or transformation."""
        return self.purpose in ("holds a model", "holds a transformation")


NONE = Abilities()
NAMES = frozenset(field.name for field in fields(Abilities))
