"""t-Test: test means for significant differences."""

from __future__ import annotations

import warnings
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd

from designer.contract.errors import InfiniteValues, InvalidParameter, InvalidValues, TooFewRows
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Column, Kind, Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import ColumnName
from designer.contract.spread import are_exact, is_rounding, without_rounding
from designer.contract.values import Table
from designer.contract.wording.counting import counted

from ..columns.chosen import NUMBERS, chosen_column
from .numbers import present

ONE, PAIRED, COLUMNS, GROUPS = "One sample", "Paired samples", "Two columns", "Two groups of a column"
FIGURES = (
    "Count 1", "Count 2", "Mean 1", "Mean 2", "Difference", "t", "Degrees of freedom", "p-value", "Lower bound",
    "Upper bound",
)  # fmt: skip


def t_test(
    dataset: pd.DataFrame, test: str, first: str, second: str, mean: float, equal: bool, alternative: Any, level: float
) -> pd.DataFrame:
    """One row with the test statistics."""

    return compare_samples(*two_samples(dataset, test, first, second), test, mean, equal, alternative, level)


def compare_samples(
    one: np.ndarray[Any, Any],
    two: np.ndarray[Any, Any],
    test: str,
    mean: float,
    equal: bool,
    alternative: Any,
    level: float,
) -> pd.DataFrame:
    """One row with the statistics of a test of two samples; the second is empty for one sample."""
    from scipy import stats

    shifted = two + mean if mean else two
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # precision loss on nearly equal numbers
        if test == "One sample":
            result: Any = stats.ttest_1samp(one, mean, alternative=alternative)
        elif test == "Paired samples":
            result = stats.ttest_rel(one, shifted, alternative=alternative)
        else:
            result = stats.ttest_ind(one, shifted, equal_var=equal, alternative=alternative)
    bounds = result.confidence_interval(level)
    shift = 0.0 if test == "One sample" else mean
    means = one.mean(), two.mean() if len(two) else np.nan
    figures = {
        "Count 1": len(one),
        "Count 2": len(two),
        "Mean 1": means[0],
        "Mean 2": means[1],
        "Difference": means[0] - (mean if test == "One sample" else means[1]),
        "t": result.statistic,
        "Degrees of freedom": result.df,
        "p-value": result.pvalue,
        "Lower bound": bounds.low + shift,
        "Upper bound": bounds.high + shift,
    }
    row: dict[str, Any] = {"Test": pd.Series([test], dtype="str")}
    row |= {name: [float(value)] for name, value in figures.items()}
    return pd.DataFrame({**row, "Significant": [bool(result.pvalue < 1 - level)]})


def two_samples(dataset: pd.DataFrame, test: str, first: str, second: str) -> tuple[Any, Any]:
    """The numbers of the two samples to compare; the second is empty for one sample."""
    if test == "One sample":
        return sample_of(dataset[first]), np.zeros(0)
    if test == "Two columns":
        return sample_of(dataset[first]), sample_of(dataset[second])
    if test == "Paired samples":
        both = dataset[dataset[first].notna() & dataset[second].notna()]
        return present(both[first]), present(both[second])
    groups = dataset[second].dropna()
    low, high = sorted(groups.unique())[:2]
    one, two = (sample_of(dataset.loc[groups.index[groups == group], first]) for group in (low, high))
    return one, two


def sample_of(series: pd.Series[Any]) -> np.ndarray[Any, Any]:
    """The non-missing numbers; values within rounding error are made equal."""
    return without_rounding(present(series))


class TTest(
    Module,
    category="Statistical Functions",
    icon="scale",
    id="t-test",
    title="t-Test",
    no_onnx="a test needs all rows",
    synonyms=("student", "welch", "hypothesis test", "p-value", "significance", "compare means", "A/B test"),
):
    """Test whether a mean differs significantly from a number, or two means from each other.

    *One sample* compares the mean of a column with a number. *Paired samples* compares two columns row by row, *Two
    columns* as independent samples, *Two groups of a column* the rows of a column grouped by the two values of a second
    column (in sort order; rows without a group are left out). Independent samples use Welch's test unless equal
    variances are assumed. Missing cells are ignored; for pairs, the whole pair.

    The result has one row: the counts and means, the difference, t, the degrees of freedom, the p-value, the
    confidence interval of the difference (of the mean itself for one sample), and whether the p-value is below one
    minus the confidence level.

    Errors: 0017 for a non-numeric column, 0021 for samples with fewer than two numbers, 0033 for infinite values,
    samples without any variation or a grouping column without exactly two values.

    Example: 1, 2, 3, 4, 5 against 2 has t = 1.414 with 4 degrees of freedom and p = 0.230.
    """

    test: Literal["One sample", "Paired samples", "Two columns", "Two groups of a column"] = param(ONE, label="Test")
    """The kind of test."""

    first: ColumnName = param("", label="Column")
    """A numeric column."""

    second: ColumnName = param("", label="Second column", when={"test": (PAIRED, COLUMNS)})
    """The numeric column to compare it with."""

    group: ColumnName = param("", label="Grouping column", when={"test": GROUPS})
    """A column with two values that define the groups."""

    mean: float = param(0.0, label="Null hypothesized mean")
    """The mean, or the difference of means, under the null hypothesis."""

    equal_variances: bool = param(False, label="Assume equal variances", when={"test": (COLUMNS, GROUPS)})
    """Use Student's test with the pooled variance instead of Welch's."""

    alternative: Literal["Two-tailed", "Greater", "Less"] = param("Two-tailed", label="Hypothesis type")
    """The alternative hypothesis: the mean is different, greater or less."""

    level: float = param(0.95, gt=0, lt=1, label="Confidence level")
    """The confidence level of the interval."""

    @property
    def reads_other_rows(self) -> bool:
        """A test depends on all rows."""
        return True

    def run(self, dataset: Table) -> Annotated[Table, "Results dataset"]:
        settings = self._settings(Schema.of(dataset))
        first, second = settings.pop("first"), settings.pop("second")
        return compare_samples(*self._samples(dataset, first, second), **settings)

    def infer(self, dataset: Schema) -> Schema:
        figures = [Column(name, Kind.DECIMAL) for name in FIGURES]
        return Schema((Column("Test", Kind.STRING), *figures, Column("Significant", Kind.BOOLEAN)))

    def to_python(self, script: Script, dataset: Variable) -> tuple[str, ...]:
        return (script.call(t_test, dataset, **self._settings(dataset.schema), result="test"),)

    def explain(self, inputs: Any, outputs: Any) -> str:
        row = outputs["results_dataset"].iloc[0]
        verdict = "differs" if row["Significant"] else "does not differ"
        return f"It {verdict} at the confidence level {self.level:g}: p = {row['p-value']:.3g}."

    def summary(self) -> str:
        return f"{self.test}: {self.first}" if self.first else self.test

    def _settings(self, schema: Schema) -> dict[str, Any]:
        second = ""
        if self.test in (PAIRED, COLUMNS):
            second = chosen_column(self.second, schema, NUMBERS, "Second column")
        elif self.test == GROUPS:
            second = self.group.of(schema)
        first = chosen_column(self.first, schema, NUMBERS, "Column")
        if not np.isfinite(self.mean):
            raise InvalidParameter("the mean is not finite", "Use a number.", parameter="Null hypothesized mean")
        alternative = {"Two-tailed": "two-sided", "Greater": "greater", "Less": "less"}[self.alternative]
        return {"test": self.test, "first": first, "second": second, "mean": self.mean, "equal": self.equal_variances,
                "alternative": alternative, "level": self.level}  # fmt: skip

    def _samples(self, dataset: Table, first: str, second: str) -> tuple[Any, Any]:
        if self.test == GROUPS and dataset[second].nunique() != 2:
            raise InvalidValues(
                f"column '{second}' has {counted(dataset[second].nunique(), 'value')}",
                "Choose a column with exactly two, or select rows first.",
                parameter="Grouping column",
                column=second,
            )
        pair = two_samples(dataset, self.test, first, second)
        samples = list(pair)[: 1 if self.test == ONE else 2]
        if min(map(len, samples)) < 2:
            raise TooFewRows(
                f"a sample of column '{first}' has {min(map(len, samples))} numbers",
                "A test needs at least two.",
                parameter="Column",
                column=first,
            )
        spans = [(sample.min(), sample.max()) for sample in samples]
        if not np.isfinite(spans).all():
            raise InfiniteValues("a sample holds an infinite value", "Clip it first.", parameter="Column", column=first)
        if self.test == PAIRED:
            differences = samples[0] - samples[1]
            spans = [(differences.min(), differences.max())]
            largest = max(float(np.abs(sample).max()) for sample in samples)
            rounded = is_rounding(np.ptp(differences), largest, len(differences))
            spans = [(0.0, 0.0)] if rounded and not all(map(are_exact, samples)) else spans
        if all(lowest == highest for lowest, highest in spans):
            raise InvalidValues(
                "the numbers do not vary",
                "A test needs variation; choose other columns.",
                parameter="Column",
                column=first,
            )
        return pair
