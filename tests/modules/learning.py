"""Tables and shortcuts for the tests of learners, training, scoring and evaluation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from designer.contract.catalogue.library import Library
from designer.contract.schema import Column, Role, Schema
from designer.contract.values import TrainedModel, UntrainedModel, outline

LIBRARY = Library.scan()


def people(rows: int, seed: int = 0, unseen: bool = False) -> pd.DataFrame:
    """Rows with every kind of column and missing cells; `unseen` adds categories absent from training."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "age": random.normal(40, 12, rows).round(2),
            "children": pd.array(random.integers(0, 5, rows), dtype="Int64"),
            "member": random.random(rows) < 0.5,
            "city": pd.Series(
                random.choice(["Rome", "Oslo", "Lima", *(["Kyiv"] if unseen else [])], rows), dtype="str"
            ),
            "level": pd.Categorical(random.choice(["low", "high"], rows)),
            "since": pd.Timestamp("2020-01-01") + pd.to_timedelta(random.integers(0, 10**8, rows), unit="s"),
        }
    )
    strength = frame["age"] / 12 + 2 * (frame["city"] == "Oslo") + frame["children"].astype(float) * 0.5
    strength = strength - strength.mean() + random.normal(size=rows)
    for name, share in (("age", 0.05), ("children", 0.03), ("city", 0.05)):
        frame.loc[random.random(rows) < share, name] = None
    frame["wage"] = strength
    frame["rich"] = pd.Series(np.where(strength > 0, "yes", "no"), dtype="str")
    frame["grade"] = np.digitize(strength, [-1.0, 1.0])
    frame["count"] = random.poisson(np.exp(strength / 3))
    return frame


LABELS = {"wage", "rich", "grade", "count"}


def only(frame: pd.DataFrame, label: str) -> pd.DataFrame:
    """The frame with one of its label columns."""
    return frame.drop(columns=[name for name in LABELS - {label} if name in frame])


def learner(id: str, **parameters: Any) -> UntrainedModel:
    """The untrained model of a learner module."""
    return LIBRARY.read(id, LIBRARY[id].spec().version, parameters).run()


def train(id: str, frame: pd.DataFrame, label: str, **parameters: Any) -> TrainedModel:
    """A model trained by Train Model."""
    return LIBRARY["train-model"].read({"label_column": label}).run(learner(id, **parameters), frame)


def score(model: TrainedModel, frame: pd.DataFrame, append: bool = True) -> pd.DataFrame:
    """The scored table, with the roles that the engine would attach."""
    module = LIBRARY["score-model"].read({"append_score_columns_to_output": append})
    scored = module.run(model, frame)
    return Schema.of(scored).roles_from(module.infer(outline(model), Schema.of(frame))).attach(scored)


def with_label(frame: pd.DataFrame, label: str) -> pd.DataFrame:
    """The frame with a column that has the role Label."""
    return with_roles(frame, **{label: Role.LABEL})


def with_roles(frame: pd.DataFrame, **roles: Role) -> pd.DataFrame:
    """The frame with these roles."""
    schema = Schema.of(frame).map(lambda c: Column(c.name, c.kind, roles.get(c.name, c.role), c.categories))
    return schema.attach(frame.copy())
