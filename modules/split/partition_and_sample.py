"""Partition and Sample: a sample, the first rows, or folds."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd

from designer.contract.errors import DuplicateColumns, InvalidParameter
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Column, Kind, Role, Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import ColumnName
from designer.contract.values import Table
from designer.contract.wording.counting import counted

from .split_data import shares

ASSIGN, PICK, SAMPLE, HEAD = "Assign to Folds", "Pick Fold", "Sampling", "Head"
EVENLY, CUSTOM = "Partition evenly", "Partition with customized proportions"
FOLDS = "Fold Assignments"


class PartitionAndSample(
    Module,
    category="Data Transformation",
    icon="group",
    at_inference="pass through",
    samples_rows=True,
    no_onnx="the rows are selected jointly",
    synonyms=("sample", "head", "fold", "cross validation", "subset"),
):
    """Take a sample of the rows, the first rows, or assign rows to folds and pick one.

    *Sampling* takes int(n x rate) rows at random (stratified: the share of each value of the key) in the order of the
    table. *Head* takes the first rows. *Assign to Folds* writes the fold of each row, counted from 1, to the column
    `Fold Assignments`, which is not a feature; rows are assigned round-robin, optionally after shuffling, and within
    each value of the key if stratified. With replacement, as many rows as the table has are drawn at random, some
    several times. Proportions that sum to less than 1 leave a last fold for the rest. *Pick Fold* returns the rows of
    one fold (or all others) without that column. The same seed gives the same rows, including seed 0.

    Errors: 0018 for a fold that does not exist, 0007 for proportions above 1.

    Example: `mode = Head, rows = 100`: the first hundred rows.
    """

    mode: Literal["Assign to Folds", "Pick Fold", "Sampling", "Head"] = param(SAMPLE, label="Partition or sample mode")
    """What to take."""

    replacement: bool = param(False, label="Use replacement in the partitioning", when={"mode": ASSIGN})
    """Draw rows with replacement before assigning them."""

    randomized: bool = param(True, label="Randomized split", when={"mode": ASSIGN})
    """Shuffle the rows before assigning them."""

    seed: int = param(0, ge=0, le=2**32 - 1, label="Random seed", when={"mode": ASSIGN})
    """The same seed gives the same folds."""

    method: Literal["Partition evenly", "Partition with customized proportions"] = param(
        EVENLY, label="Specify the partitioner method", when={"mode": ASSIGN}
    )
    """Folds of equal size, or of custom proportions."""

    folds: int = param(
        5, ge=1, le=100_000, label="Specify number of folds to split evenly into", when={"method": EVENLY}
    )
    """Number of folds."""

    stratified: bool = param(False, label="Stratified split", when={"method": EVENLY})
    """Stratify: assign the rows of each value of a column separately."""

    key: ColumnName = param(ColumnName(""), label="Stratification key column", when={"stratified": True})
    """The column to stratify by."""

    proportions: str = param("", label="List of proportions separated by comma", when={"method": CUSTOM})
    """The fraction of each fold, like 0.5, 0.3; the rest makes a last fold."""

    custom_stratified: bool = param(
        False, label="Stratified split for customized fold assignment", when={"method": CUSTOM}
    )
    """Stratify: assign the rows of each value of a column separately."""

    custom_key: ColumnName = param(
        ColumnName(""),
        label="Stratification key column for customized fold assignment",
        when={"custom_stratified": True},
    )
    """The column to stratify by."""

    fold: int = param(1, ge=1, label="Specify which fold to be sampled from", when={"mode": PICK})
    """The fold to take, counted from 1."""

    complement: bool = param(False, label="Pick complement of the selected fold", when={"mode": PICK})
    """Take all other folds instead."""

    rate: float = param(0.01, ge=0, le=1, label="Rate of sampling", when={"mode": SAMPLE})
    """The fraction of the rows to take."""

    sample_seed: int = param(0, ge=0, le=2**32 - 1, label="Random seed for sampling", when={"mode": SAMPLE})
    """The same seed gives the same rows."""

    sample_stratified: bool = param(False, label="Stratified split for sampling", when={"mode": SAMPLE})
    """Stratify: take the fraction within each value of a column."""

    sample_key: ColumnName = param(
        ColumnName(""), label="Stratification key column for sampling", when={"sample_stratified": True}
    )
    """The column to stratify by."""

    rows: int = param(10, ge=0, label="Number of rows to select", when={"mode": HEAD})
    """Number of rows to take; a smaller table is taken whole."""

    def run(self, dataset: Table) -> Annotated[Table, "oDataset"]:
        match self.mode:
            case "Head":
                return dataset.head(self.rows).copy()
            case "Sampling":
                return sample_share(dataset, **self._sample(Schema.of(dataset)))
            case "Assign to Folds":
                return assign_folds(dataset, **self._folds(Schema.of(dataset)))
            case "Pick Fold":
                return self._pick(dataset)

    def infer(self, dataset: Schema) -> Schema:
        if self.mode == ASSIGN:
            return dataset.append(Column(FOLDS, Kind.INTEGER, Role.NONE))
        return dataset.drop([FOLDS]) if self.mode == PICK else dataset

    def to_python(self, script: Script, dataset: Variable) -> tuple[str, ...]:
        match self.mode:
            case "Head":
                return self._head(script, dataset)
            case "Sampling":
                return (script.call(sample_share, dataset, **self._sample(dataset.schema), result="sample"),)
            case "Assign to Folds":
                return (script.call(assign_folds, dataset, **self._folds(dataset.schema), result="folds"),)
            case "Pick Fold":
                return (script.call(pick_fold, dataset, FOLDS, self.fold, self.complement, result="fold"),)

    def summary(self) -> str:
        details = {
            HEAD: counted(self.rows, "row"),
            SAMPLE: f"{self.rate:g} of the rows",
            PICK: f"fold {self.fold}",
            ASSIGN: self.method,
        }
        return f"{self.mode}: {details[self.mode]}"

    def _head(self, script: Script, dataset: Variable) -> tuple[str, ...]:
        name = script.variable("head")
        script.line(f"{name} = {dataset}.head({self.rows})")
        return (name,)

    def _sample(self, schema: Schema) -> dict[str, Any]:
        key = self.sample_key.of(schema) if self.sample_stratified else None
        return {"rate": self.rate, "seed": self.sample_seed, "key": key}

    def _folds(self, schema: Schema) -> dict[str, Any]:
        if FOLDS in schema:
            raise DuplicateColumns(f"the table has a column '{FOLDS}' already", "Leave it out first.")
        evenly = self.method == EVENLY
        stratified, key = (self.stratified, self.key) if evenly else (self.custom_stratified, self.custom_key)
        return {
            "name": FOLDS,
            "sizes": self.folds if evenly else self._proportions(),
            "seed": self.seed if self.randomized or self.replacement else None,
            "replacement": self.replacement,
            "key": key.of(schema) if stratified else None,
        }

    def _proportions(self) -> list[float]:
        label = "List of proportions separated by comma"
        try:
            sizes = [float(part) for part in self.proportions.split(",") if part.strip()]
        except ValueError:
            sizes = []
        if not sizes or any(not size > 0 for size in sizes):
            raise InvalidParameter(
                f"'{self.proportions}' is not a list of shares", "Write shares like 0.5, 0.3.", parameter=label
            )
        if sum(sizes) > 1 + 1e-9:
            wrong = InvalidParameter(f"the shares sum to {sum(sizes):g}", "The sum must be at most 1.", parameter=label)
            wrong.code = "0007"
            raise wrong
        return sizes

    def _pick(self, dataset: Table) -> Table:
        if FOLDS not in dataset.columns:
            problem, remedy = "the table has no folds", "Assign them first, with the mode Assign to Folds."
        elif not (dataset[FOLDS] == self.fold).any():
            problem, remedy = f"there is no fold {self.fold}", f"Folds are 1 to {dataset[FOLDS].max()}."
        else:
            return pick_fold(dataset, FOLDS, self.fold, self.complement)
        wrong = InvalidParameter(problem, remedy, parameter="Specify which fold to be sampled from")
        wrong.code = "0018"
        raise wrong


def sample_share(dataset: pd.DataFrame, rate: float, seed: int, key: str | None) -> pd.DataFrame:
    """int(n x rate) rows at random, in table order; stratified if a key is given."""
    order = np.random.RandomState(seed).permutation(len(dataset))
    chosen = order[: int(len(dataset) * rate)] if key is None else order[shares(dataset[key].iloc[order], rate)]
    return dataset.iloc[np.sort(chosen)].reset_index(drop=True)


def assign_folds(
    dataset: pd.DataFrame, name: str, sizes: int | list[float], seed: int | None, replacement: bool, key: str | None
) -> pd.DataFrame:
    """The rows with their folds, counted from 1: a number of equal folds, or fractions and one for the rest."""
    count = len(dataset)
    random = np.random.RandomState(seed)
    if replacement:
        dataset = dataset.iloc[np.sort(random.randint(0, max(count, 1), count))].reset_index(drop=True)
    order = np.arange(count) if seed is None else random.permutation(count)
    place: np.ndarray[Any, Any] = np.arange(count)
    size: np.ndarray[Any, Any] | int = count
    if key:
        codes = pd.factorize(dataset[key].iloc[order], use_na_sentinel=False)[0]
        place, size = pd.Series(codes).groupby(codes).cumcount().to_numpy(), np.bincount(codes)[codes]
    folds = (
        place % sizes if isinstance(sizes, int) else np.searchsorted(np.cumsum(sizes), (place + 0.5) / size, "right")
    )
    column = np.empty(count, dtype="int64")
    column[order] = folds + 1
    return dataset.assign(**{name: column})


def pick_fold(dataset: pd.DataFrame, name: str, fold: int, complement: bool) -> pd.DataFrame:
    """The rows of one fold, or of all others, without the column of folds."""
    inside = dataset[name] == fold
    return dataset[~inside if complement else inside].drop(columns=name).reset_index(drop=True)
