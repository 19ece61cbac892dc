"""Data modules on a million rows by twenty mixed columns, beside the plain call that does the same: time and memory."""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import StandardScaler

from designer.contract.library import Library

ROWS = 1_000_000
TARGET = "<= 1.50 time, <= 2.00 memory"


@dataclass(frozen=True)
class Step:
    """A module with settings, and the plain call beside it."""

    module: str
    parameters: dict[str, Any]
    plain: Callable[[pd.DataFrame, pd.DataFrame], Any]
    two_tables: bool = False


def table(rows: int = ROWS) -> pd.DataFrame:
    """Decimals with missing values, whole numbers, text, categories, a flag and a date."""
    random = np.random.default_rng(0)
    columns: dict[str, Any] = {f"x{i}": random.normal(size=rows) for i in range(8)}
    columns |= {f"i{i}": random.integers(0, 1000, rows) for i in range(4)}
    columns |= {f"s{i}": pd.Series(random.choice(["aa", "bb", "cc", "dd"], rows), dtype="str") for i in range(4)}
    columns |= {f"c{i}": pd.Categorical(random.choice(["u", "v", "w"], rows)) for i in range(2)}
    moments = pd.Timestamp("2020-01-01") + pd.to_timedelta(random.integers(0, 10**6, rows), unit="s")
    frame = pd.DataFrame({**columns, "flag": random.random(rows) < 0.5, "moment": moments})
    for i in range(0, 8, 2):
        frame.loc[random.random(rows) < 0.05, f"x{i}"] = np.nan
    return frame


NUMBERS = [*(f"x{i}" for i in range(8)), *(f"i{i}" for i in range(4))]
DECIMALS = NUMBERS[:8]


def _with(frame: pd.DataFrame, names: list[str], columns: Iterable[Any]) -> pd.DataFrame:
    return frame.assign(**dict(zip(names, columns, strict=True)))


def _cut(frame: pd.DataFrame) -> list[pd.DataFrame]:
    order = np.random.RandomState(0).permutation(len(frame))
    parts = np.split(order, [int(len(frame) * 0.7)])
    return [frame.iloc[part].reset_index(drop=True) for part in parts]


def _indicators(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([frame, pd.get_dummies(frame[["c0", "c1"]], dtype="int64")], axis=1)


KEYS = ["i0", "i1", "s0"]
JOIN = {"left_keys": ["i0"], "right_keys": ["key"], "join_type": "Left Outer Join"}
STEPS = [
    Step(
        "clean-missing-data",
        {"columns": NUMBERS, "mode": "Replace with mean"},
        lambda f, _: _with(f, NUMBERS, SimpleImputer().fit_transform(f[NUMBERS]).T),
    ),
    Step("normalize-data", {}, lambda f, _: _with(f, NUMBERS, StandardScaler().fit_transform(f[NUMBERS]).T)),
    Step("convert-to-indicator-values", {"columns": ["c0", "c1"]}, lambda f, _: _indicators(f)),
    Step("select-columns-in-dataset", {"columns": NUMBERS}, lambda f, _: f[NUMBERS].copy()),
    Step(
        "edit-metadata",
        {"columns": ["s0", "s1"], "categorical": "Categorical"},
        lambda f, _: f.astype({"s0": "category", "s1": "category"}),
    ),
    Step("split-data", {"fraction": 0.7}, lambda f, _: _cut(f)),
    Step("join-data", JOIN, lambda f, k: f.merge(k, left_on="i0", right_on="key", how="left").copy(), two_tables=True),
    Step("add-rows", {}, lambda f, _: pd.concat([f, f], ignore_index=True)),
    Step("clip-values", {"columns": DECIMALS}, lambda f, _: _with(f, DECIMALS, (f[n].clip(upper=1) for n in DECIMALS))),
    Step(
        "apply-math-operation",
        {"basic": "CubeRoot", "columns": DECIMALS},
        lambda f, _: _with(f, [f"{n}_" for n in DECIMALS], (np.cbrt(f[n]) for n in DECIMALS)),
    ),
    Step(
        "group-data-into-bins",
        {"columns": DECIMALS},
        lambda f, _: _with(f, [f"{n}_" for n in DECIMALS], (pd.qcut(f[n], 10) for n in DECIMALS)),
    ),
    Step("remove-duplicate-rows", {"keys": KEYS}, lambda f, _: f.drop_duplicates(KEYS).reset_index(drop=True)),
    Step("partition-and-sample", {"rate": 0.1}, lambda f, _: f.sample(frac=0.1, random_state=0, ignore_index=True)),
    Step(
        "convert-to-dataset",
        {"action": "SetMissingValues", "missing_value": "aa"},
        lambda f, _: f.replace("aa", None),
    ),
    Step("filter-based-feature-selection", {"target": "x1", "count": 3}, lambda f, _: f[NUMBERS].corrwith(f["x1"])),
]


def measure() -> list[tuple[str, str, str]]:
    """Time and peak memory as ratios to the plain call; each is run three times in a process of its own."""
    library, frame = Library.scan(), table()
    keys = pd.DataFrame({"key": np.arange(1000), "value": np.random.default_rng(1).normal(size=1000)})
    rows = []
    for step in STEPS:
        module = library[step.module].read(step.parameters)
        inputs = [frame, keys] if step.two_tables else [frame] * len(module.spec().inputs)
        ours = _measured(lambda module=module, inputs=inputs: module.run(*inputs))
        plain = _measured(lambda step=step: step.plain(frame, keys))
        time_ratio = ours[0] / plain[0]
        memory_ratio = max(ours[1], 1) / max(plain[1], 1)
        rows.append((module.spec().title, f"{time_ratio:.2f} time, {memory_ratio:.2f} memory", TARGET))
    return rows


def _measured(work: Callable[[], Any]) -> tuple[float, float]:
    """The fastest of three runs in seconds, and the largest growth of resident memory in megabytes."""
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    child = context.Process(target=_work, args=(work, answers))
    child.start()
    child.join()
    if child.exitcode != 0:
        raise RuntimeError(f"a measured call ended with {child.exitcode}")
    seconds, megabytes = answers.get()
    return seconds, megabytes


def _work(work: Callable[[], Any], answers: Any) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    fastest = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        result = work()
        fastest = min(fastest, time.perf_counter() - start)
        del result
    answers.put((fastest, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024))
