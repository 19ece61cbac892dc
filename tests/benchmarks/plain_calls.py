"""The equivalent of each data module in plain pandas, scikit-learn, SciPy or SQLite, and the input tables."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from imblearn.over_sampling import SMOTE
from scipy import stats
from scipy.stats import chi2_contingency
from sklearn.decomposition import PCA, LatentDirichletAllocation
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.experimental import enable_iterative_imputer
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer, HashingVectorizer
from sklearn.impute import IterativeImputer, SimpleImputer
from sklearn.preprocessing import MinMaxScaler, StandardScaler, TargetEncoder

assert enable_iterative_imputer
DECIMALS = [f"x{i}" for i in range(8)]
WHOLE = [f"i{i}" for i in range(4)]
NUMBERS = [*DECIMALS, *WHOLE]
TEXTS = [f"s{i}" for i in range(4)]
FULL = ["x1", "x3", "x5", "x7", *WHOLE]
TEXT_ROWS = 50_000


@dataclass(frozen=True)
class Tables:
    """The inputs of a step: the large table, a small one to join, and others derived from the large one."""

    frame: pd.DataFrame
    keys: pd.DataFrame
    reviews: pd.DataFrame

    @property
    def other(self) -> pd.DataFrame:
        """A table of further columns for the rows of the large one."""
        return self.frame[DECIMALS].add_prefix("other ")

    @property
    def full(self) -> pd.DataFrame:
        """The columns without missing cells and a label; one row in a hundred is of the rarer class."""
        label = pd.Series(np.where(self.frame["i0"] < 10, "rare", "usual"), dtype="str")
        return self.frame[FULL].assign(label=label)


@dataclass(frozen=True)
class Step:
    """A module with settings, and the equivalent plain call; `inputs` names their input tables."""

    module: str
    plain: Callable[..., Any]
    parameters: dict[str, Any]
    inputs: tuple[str, ...] = ("frame",)
    what: str = ""


def tables(rows: int) -> Tables:
    """Decimals with missing values, whole numbers, text, categories, a flag and a date; short reviews."""
    random = np.random.default_rng(0)
    columns: dict[str, Any] = {name: random.normal(size=rows) for name in DECIMALS}
    columns |= {name: random.integers(0, 1000, rows) for name in WHOLE}
    columns |= {name: pd.Series(random.choice(["aa", "bb", "cc", "dd"], rows), dtype="str") for name in TEXTS}
    columns |= {f"c{i}": pd.Categorical(random.choice(["u", "v", "w"], rows)) for i in range(2)}
    moments = pd.Timestamp("2020-01-01") + pd.to_timedelta(random.integers(0, 10**6, rows), unit="s")
    frame = pd.DataFrame({**columns, "flag": random.random(rows) < 0.5, "moment": moments})
    for i in range(0, 8, 2):
        frame.loc[random.random(rows) < 0.05, f"x{i}"] = np.nan
    keys = pd.DataFrame({"key": np.arange(1000), "value": np.random.default_rng(1).normal(size=1000)})
    return Tables(frame, keys, _reviews(min(rows, TEXT_ROWS)))


def _reviews(rows: int) -> pd.DataFrame:
    random = np.random.default_rng(2)
    words = np.array([f"word{chr(97 + i % 26)}{chr(97 + i // 26)}" for i in range(300)] + ["the", "Isn't", "42", "a-b"])
    chance = 1 / np.arange(3, len(words) + 3)
    picked = random.choice(words, (rows, 12), p=chance / chance.sum())
    return pd.DataFrame({"text": pd.Series([" ".join(row) for row in picked], dtype="str")})


def _with(frame: pd.DataFrame, names: list[str], columns: Iterable[Any]) -> pd.DataFrame:
    return frame.assign(**dict(zip(names, columns, strict=True)))


def _cut(frame: pd.DataFrame) -> list[pd.DataFrame]:
    order = np.random.RandomState(0).permutation(len(frame))
    parts = np.split(order, [int(len(frame) * 0.7)])
    return [frame.iloc[part].reset_index(drop=True) for part in parts]


def _parted(frame: pd.DataFrame, chosen: pd.Series[bool]) -> list[pd.DataFrame]:
    return [frame[part].reset_index(drop=True) for part in (chosen, ~chosen)]


def _folds(frame: pd.DataFrame) -> pd.DataFrame:
    folds = np.arange(len(frame)) % 5 + 1
    np.random.RandomState(0).shuffle(folds)
    return frame.assign(fold=folds)


def _queried(frame: pd.DataFrame, query: str) -> pd.DataFrame:
    with sqlite3.connect(":memory:") as database:
        frame.to_sql("t1", database, index=False)
        rows = pd.read_sql(query, database)
    database.close()
    return rows


def _pivoted(frame: pd.DataFrame) -> pd.DataFrame:
    wide = frame.pivot_table(index="i0", columns="s0", values="x0", aggfunc="mean").reset_index()
    return wide.rename_axis(columns=None)


def _melted(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.melt(["i0", "s0"], DECIMALS[:4], var_name="Variable", value_name="Value")


def _lumped(frame: pd.DataFrame) -> pd.DataFrame:
    groups = {"aa": "a", "bb": "a", "cc": "b"}
    return _with(frame, TEXTS, (frame[n].map(groups).fillna("Other").astype("category") for n in TEXTS))


def _replaced_by_means(frame: pd.DataFrame) -> pd.DataFrame:
    grouped = {name: frame.groupby(name)["x1"] for name in TEXTS}
    means = {f"Mean({n})": g.transform("mean") for n, g in grouped.items()}
    return frame.drop(columns=TEXTS).assign(**means, **{f"Std({n})": g.transform("std") for n, g in grouped.items()})


def _target_encoded(frame: pd.DataFrame) -> pd.DataFrame:
    encoded = TargetEncoder(cv=5, target_type="continuous").fit_transform(frame[TEXTS], frame["x1"])
    return _with(frame, TEXTS, encoded.T)


def _imputed(frame: pd.DataFrame) -> pd.DataFrame:
    return _with(frame, DECIMALS[:4], IterativeImputer(max_iter=2).fit_transform(frame[DECIMALS[:4]]).T)


def _components(frame: pd.DataFrame) -> pd.DataFrame:
    components = PCA(n_components=2).fit_transform(frame[FULL])
    return frame.drop(columns=FULL).assign(PC1=components[:, 0], PC2=components[:, 1])


def _discriminants(frame: pd.DataFrame) -> pd.DataFrame:
    scores = LinearDiscriminantAnalysis().fit(frame[FULL], frame["s0"]).transform(frame[FULL])
    return frame.drop(columns=FULL).assign(**{f"Discriminant{i + 1}": scores[:, i] for i in range(scores.shape[1])})


def _correlated(frame: pd.DataFrame) -> pd.DataFrame:
    scores = frame[NUMBERS].drop(columns="x1").corrwith(frame["x1"]).abs().sort_values(ascending=False)
    return frame[["x1", *scores.index[:3]]].copy()


def _chi_squared(frame: pd.DataFrame) -> pd.DataFrame:
    scores = {n: chi2_contingency(pd.crosstab(frame[n], frame["c0"])).statistic for n in [*TEXTS, "c1", "flag"]}
    scores |= {n: chi2_contingency(pd.crosstab(pd.qcut(frame[n], 10), frame["c0"])).statistic for n in NUMBERS}
    best = sorted(scores, key=lambda name: -scores[name])[:3]
    return frame[["c0", *best]].copy()


def _calendar(frame: pd.DataFrame) -> pd.DataFrame:
    moment = frame["moment"].dt
    parts = {"year": moment.year, "month": moment.month, "day": moment.day, "hour": moment.hour}
    parts["weekday"] = moment.dayofweek + 1
    return frame.assign(**{f"moment_{name}": part.astype("int64") for name, part in parts.items()})


def _lagged(frame: pd.DataFrame) -> pd.DataFrame:
    ordered = frame.sort_values("moment", kind="stable")
    before = ordered.groupby("s0")["x1"].shift(1)
    rolled = before.groupby(ordered["s0"]).rolling(3).mean().droplevel(0)
    return frame.assign(x1_lag_1=before, x1_mean_3=rolled, moment_month=frame["moment"].dt.month.astype("int64"))


def _by_time(frame: pd.DataFrame) -> list[pd.DataFrame]:
    ordered = frame.sort_values("moment", kind="stable", ignore_index=True)
    end = int(len(ordered) * 0.75)
    return [ordered.iloc[:end], ordered.iloc[end:].reset_index(drop=True)]


def _summary(frame: pd.DataFrame) -> pd.DataFrame:
    cells = frame[[*NUMBERS, "flag"]].astype("float64")
    figures = cells.describe(percentiles=[0.005, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.995]).T
    figures["Mode"] = [cells[name].mode().iloc[0] for name in cells]
    figures = figures.assign(deviation=(cells - cells.mean()).abs().mean(), skew=cells.skew(), kurt=cells.kurt())
    return frame.nunique().to_frame("unique").assign(missing=frame.isna().sum()).join(figures)


def _resampled(table: pd.DataFrame) -> pd.DataFrame:
    made, label = SMOTE(sampling_strategy={"rare": 2 * int((table["label"] == "rare").sum())}, k_neighbors=1,
                        random_state=0).fit_resample(table[FULL], table["label"])  # fmt: skip
    resampled: pd.DataFrame = pd.concat([made, label], axis=1).astype(table.dtypes.to_dict())
    return resampled


def _indicators(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([frame, pd.get_dummies(frame[["c0", "c1"]], dtype="int64")], axis=1)


def _cleaned_text(reviews: pd.DataFrame) -> pd.DataFrame:
    cleaned = []
    for text in reviews["text"]:
        lower = re.sub(r"[^\w\s]", " ", re.sub(r"(?<!\S)\d+(?!\S)", " ", text.lower()))
        cleaned.append(" ".join(word for word in lower.split() if word not in ENGLISH_STOP_WORDS))
    return reviews.assign(cleaned=pd.Series(cleaned, dtype="str"))


def _wide(reviews: pd.DataFrame, cells: Any) -> pd.DataFrame:
    new = pd.DataFrame(cells).add_prefix("text ")
    return pd.concat([reviews, new], axis=1)


def _topics(reviews: pd.DataFrame) -> pd.DataFrame:
    counts = CountVectorizer(token_pattern=r"[^\W_]+", max_features=1000).fit_transform(reviews["text"])
    model = LatentDirichletAllocation(5, learning_method="online", max_iter=2, random_state=0)
    return _wide(reviews, model.fit_transform(counts))


def _counted(reviews: pd.DataFrame) -> pd.DataFrame:
    counter = CountVectorizer(token_pattern=r"[^\W_]{3,25}", min_df=5, binary=True)
    return _wide(reviews, counter.fit_transform(reviews["text"]).toarray().astype("float64"))


def _hashed(reviews: pd.DataFrame) -> pd.DataFrame:
    hashing = HashingVectorizer(
        n_features=256, ngram_range=(1, 2), token_pattern=r"[^\W_]+", alternate_sign=False, norm=None
    )
    return _wide(reviews, hashing.transform(reviews["text"]).toarray().astype("int64"))


KEYS = ["i0", "i1", "s0"]
SQL = "select s0, i0, avg(x1) as x1, count(*) as n from t1 where x3 > 0 group by s0, i0"
TEXT_STEPS = {"contractions", "lemmas", "sentences", "repeats", "emails", "urls", "backslashes"}
TOPICS = {"columns": ["text"], "topics": 5, "size": 1, "show_all": True, "iterations": 2, "dictionary_prior": 1000}
JOIN = {"left_keys": ["i0"], "right_keys": ["key"]}
STEPS = [
    Step("add-columns", lambda f, o: pd.concat([f, o], axis=1), {}, ("frame", "other")),
    Step("add-rows", lambda f, g: pd.concat([f, g], ignore_index=True), {}, ("frame", "frame")),
    Step(
        "apply-math-operation",
        lambda f: _with(f, [f"{n}_" for n in DECIMALS], (np.cbrt(f[n]) for n in DECIMALS)),
        {"basic": "CubeRoot", "columns": DECIMALS}, what="cube root",
    ),
    Step(
        "apply-math-operation", lambda f: _with(f, [f"{n}_" for n in NUMBERS], (f[n] / 3.0 for n in NUMBERS)),
        {"category": "Operations", "arithmetic": "Divide", "constant": 3.0, "columns": NUMBERS}, what="divide",
    ),
    Step(
        "apply-math-operation",
        lambda f: _with(f, [f"{n}_" for n in FULL], (f[n].astype("float64") > 0.5 for n in FULL)),
        {"category": "Compare", "comparison": "GreaterThan", "constant": 0.5, "columns": FULL}, what="compare",
    ),
    Step(
        "apply-math-operation", lambda f: _with(f, [f"{n}_" for n in DECIMALS], (f[n].round(2) for n in DECIMALS)),
        {"category": "Rounding", "rounding": "RoundDigits", "precision": 2, "columns": DECIMALS}, what="round",
    ),
    Step("apply-sql-transformation", lambda f: _queried(f, "select * from t1"), {}, what="all rows"),
    Step("apply-sql-transformation", lambda f: _queried(f, SQL), {"query": SQL}, what="group"),
    Step(
        "clean-missing-data", lambda f: _with(f, NUMBERS, SimpleImputer().fit_transform(f[NUMBERS]).T),
        {"columns": NUMBERS, "mode": "Replace with mean"}, what="mean",
    ),
    Step(
        "clean-missing-data", lambda f: _with(f, NUMBERS, SimpleImputer(strategy="median").fit_transform(f[NUMBERS]).T),
        {"columns": NUMBERS, "mode": "Replace with median"}, what="median",
    ),
    Step(
        "clean-missing-data", lambda f: f.fillna({name: f[name].mode().iloc[0] for name in [*TEXTS, "x0", "c0"]}),
        {"columns": [*TEXTS, "x0", "c0"], "mode": "Replace with mode"}, what="mode",
    ),
    Step("clean-missing-data", lambda f: f.fillna(dict.fromkeys(NUMBERS, 0)), {"columns": NUMBERS}, what="value"),
    Step("clean-missing-data", lambda f: f.dropna(ignore_index=True), {"mode": "Remove entire row"}, what="rows"),
    Step(
        "clip-values", lambda f: _with(f, DECIMALS, (f[n].clip(upper=1) for n in DECIMALS)), {"columns": DECIMALS},
        what="constant",
    ),
    Step(
        "clip-values", lambda f: _with(f, DECIMALS, (f[n].clip(*f[n].quantile([0.01, 0.99])) for n in DECIMALS)),
        {"columns": DECIMALS, "thresholds": "ClipPeaksAndSubPeaks", "both": "Percentile"}, what="percentiles",
    ),
    Step(
        "clip-values", lambda f: _with(f, WHOLE, (f[n].clip(100, 900) for n in WHOLE)),
        {"columns": WHOLE, "thresholds": "ClipPeaksAndSubPeaks", "upper_value": 900, "lower_value": 100}, what="whole",
    ),
    Step("convert-to-csv", lambda f: f.to_csv(index=False).encode(), {}),
    Step(
        "convert-to-dataset", lambda f: f.replace("aa", None), {"action": "SetMissingValues", "missing_value": "aa"},
        what="missing",
    ),
    Step(
        "convert-to-dataset",
        lambda f: f.replace({n: {"7": "8"} if n in TEXTS else {7: 8} for n in [*NUMBERS, *TEXTS]}),
        {"action": "ReplaceValues", "replace": "Custom", "custom_value": "7", "new_value": "8"}, what="value",
    ),
    Step("convert-to-indicator-values", _indicators, {"columns": ["c0", "c1"]}),
    Step(
        "edit-metadata", lambda f: f.astype({"s0": "category", "s1": "category"}),
        {"columns": ["s0", "s1"], "categorical": "Categorical"}, what="categorical",
    ),
    Step(
        "edit-metadata", lambda f: f.astype(dict.fromkeys(WHOLE, "str")), {"columns": WHOLE, "data_type": "String"},
        what="text",
    ),
    Step(
        "edit-metadata", lambda f: f.astype(dict.fromkeys(WHOLE, "float64")),
        {"columns": WHOLE, "data_type": "Double"}, what="decimal",
    ),
    Step(
        "edit-metadata", lambda f: f.rename(columns=dict(zip(WHOLE, "abcd", strict=True))),
        {"columns": WHOLE, "new_names": "a,b,c,d", "fields": "Clear features"}, what="names",
    ),
    Step(
        "group-by",
        lambda f: f.groupby(["s0", "i0"], dropna=False, as_index=False)[["x0", "x1"]].agg(["mean", "max"]),
        {"by": ["s0", "i0"], "values": ["x0", "x1"], "functions": "mean, max"}, what="mean, max",
    ),
    Step(
        "group-by",
        lambda f: f.groupby(["c0", "s1"], observed=True, dropna=False, as_index=False)[["s0", "i0"]].nunique(),
        {"by": ["c0", "s1"], "values": ["s0", "i0"], "functions": "distinct"}, what="distinct",
    ),
    Step(
        "group-by",
        lambda f: f.groupby("i0", as_index=False)[DECIMALS].agg(["median", "count", "std"]),
        {"by": ["i0"], "values": DECIMALS, "functions": "median, count, std"}, what="median, count, std",
    ),
    Step("group-categorical-values", _lumped, {"columns": TEXTS, "groups": "a: aa, bb\nb: cc"}),
    Step(
        "group-data-into-bins",
        lambda f: _with(f, [f"{n}_" for n in DECIMALS], (pd.qcut(f[n], 10) for n in DECIMALS)),
        {"columns": DECIMALS}, what="quantiles",
    ),
    Step(
        "group-data-into-bins",
        lambda f: _with(f, DECIMALS, (pd.cut(f[n], 20, labels=range(1, 21)) for n in DECIMALS)),
        {"columns": DECIMALS, "mode": "Equal Width", "bins": 20, "output_mode": "Inplace"}, what="width",
    ),
    Step(
        "join-data", lambda f, k: f.merge(k, left_on="i0", right_on="key", how="left"),
        {**JOIN, "join_type": "Left Outer Join"}, ("frame", "keys"), what="left",
    ),
    Step(
        "join-data", lambda f, k: f.merge(k, left_on="i0", right_on="key"), JOIN, ("frame", "keys"), what="inner",
    ),
    Step("multiple-imputation", _imputed, {"columns": DECIMALS[:4], "rounds": 2}),
    Step(
        "normalize-data", lambda f: _with(f, NUMBERS, StandardScaler().fit_transform(f[NUMBERS]).T), {}, what="z-score"
    ),
    Step(
        "normalize-data", lambda f: _with(f, NUMBERS, MinMaxScaler().fit_transform(f[NUMBERS]).T),
        {"method": "MinMax"}, what="min-max",
    ),
    Step(
        "partition-and-sample", lambda f: f.sample(frac=0.1, random_state=0).sort_index().reset_index(drop=True),
        {"rate": 0.1, "mode": "Sampling"}, what="sample",
    ),
    Step("partition-and-sample", _folds, {"mode": "Assign to Folds"}, what="folds"),
    Step("pivot", _pivoted, {"rows": ["i0"], "column": "s0", "values": "x0"}),
    Step("principal-component-analysis", _components, {"columns": FULL, "count": 2}),
    Step("remove-duplicate-rows", lambda f: f.drop_duplicates(KEYS, ignore_index=True), {"keys": KEYS}),
    Step(
        "sample-rows", lambda f: f.sample(frac=0.1, random_state=0).sort_index().reset_index(drop=True), {},
    ),
    Step("select-columns-in-dataset", lambda f: f[NUMBERS], {"columns": NUMBERS}),
    Step("select-columns-transform", lambda f: list(f.columns), {}),
    Step("smote", _resampled, {"label": "label"}, ("full",)),
    Step("sort", lambda f: f.sort_values(["s0", "x0"], kind="stable", ignore_index=True), {"columns": ["s0", "x0"]}),
    Step("split-data", _cut, {"fraction": 0.7}, what="rows"),
    Step(
        "split-data", lambda f: _parted(f, f["i0"] > 500),
        {"mode": "Relative Expression", "relation": '\\"i0" > 500'}, what="relative",
    ),
    Step(
        "split-data", lambda f: _parted(f, f["s0"].str.contains("^a")),
        {"mode": "Regular Expression", "pattern": '\\"s0" ^a'}, what="regular",
    ),
    Step("target-encoding", _target_encoded, {"columns": TEXTS, "target": "x1"}),
    Step("time-features", _calendar, {"time": "moment"}, what="calendar"),
    Step(
        "time-features", _lagged,
        {"time": "moment", "values": ["x1"], "lags": "1", "windows": "3", "series": ["s0"], "year": False,
         "day": False, "hour": False, "weekday": False}, what="lags",
    ),
    Step("time-series-split", _by_time, {"time": "moment"}),
    Step("unpivot", _melted, {"keep": ["i0", "s0"], "columns": DECIMALS[:4]}),
    Step(
        "filter-based-feature-selection", _correlated, {"target": "x1", "count": 3}, what="Pearson",
    ),
    Step(
        "filter-based-feature-selection", _chi_squared, {"target": "c0", "count": 3, "method": "ChiSquared"},
        what="chi-squared",
    ),
    Step("fisher-linear-discriminant-analysis", _discriminants, {"columns": FULL, "label": "s0"}),
    Step("compute-elementary-statistics", lambda f: f[NUMBERS].std(), {"method": "Sample standard deviation"}),
    Step("compute-linear-correlation", lambda f: f[NUMBERS].corr(), {}, what="Pearson"),
    Step("compute-linear-correlation", lambda f: f[FULL].corr("spearman"),
         {"columns": FULL, "method": "Spearman"}, what="Spearman"),
    Step("replace-discrete-values", _replaced_by_means, {"columns": TEXTS, "reference": "x1", "keep": False}),
    Step("summarize-data", _summary, {}),
    Step(
        "t-test", lambda f: stats.ttest_ind(f["x0"], f["x1"], nan_policy="omit", equal_var=False),
        {"test": "Two columns", "first": "x0", "second": "x1"},
    ),
    Step("extract-n-gram-features-from-text", _counted, {"column": "text"}, ("reviews",)),
    Step("feature-hashing", _hashed, {"columns": ["text"], "bits": 8}, ("reviews",)),
    Step("latent-dirichlet-allocation", _topics, TOPICS, ("reviews",)),
    Step("preprocess-text", _cleaned_text, dict.fromkeys(TEXT_STEPS, False), ("reviews",)),
    Step(
        "replace-text", lambda r: r.assign(text=r["text"].map(partial(re.sub, r"word(\w)", r"\1"))),
        {"columns": ["text"], "find": r"word(\w)", "replacement": r"\1"}, ("reviews",),
    ),
]  # fmt: skip
