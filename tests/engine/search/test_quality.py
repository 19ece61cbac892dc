"""A Bayesian sweep against the whole grid: nearly as good in a quarter of the fits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from designer.contract.files.sources import using
from designer.contract.ranges import Range
from designer.contract.search import VALUE
from designer.engine.search.propose import Proposer
from tests.engine.search.conftest import DATA
from tests.folder_sources import FolderSources
from tests.modules.learning import LIBRARY

RANGES = {
    "range_for_number_of_decision_trees": "8",
    "range_for_maximum_depth_of_the_decision_trees": "1; 4; 16; 64",
    "range_for_number_of_random_splits_per_node": "1; 32; 128; 1024",
    "range_for_minimum_number_of_samples_per_leaf_node": "1; 4; 16; 64",
}


class Read(FolderSources):
    """Sources that know the library of these tests."""

    def module(self, id: str, version: int, parameters: Any) -> Any:
        return LIBRARY.read(id, version, parameters)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("data", "learner", "metric"),
    [
        ("cancer", "two-class-decision-forest", "AUC"),
        ("wine", "multiclass-decision-forest", "Accuracy"),
        ("diabetes", "decision-forest-regression", "Coefficient of determination"),
    ],
)
def test_a_quarter_of_the_fits_comes_within_a_hundredth_of_the_best_of_the_grid(
    tmp_path: Path, data: str, learner: str, metric: str
) -> None:
    rows = DATA[data]()
    wired = LIBRARY[learner].read({"create_trainer_mode": "ParameterRange", **RANGES}).run()
    module, version, parameters = wired.maker

    def value(settings: dict[str, Any]) -> float:
        made = json.dumps([module, version, {**parameters, **settings}])
        trial = LIBRARY["trial"].read({"label_column": "target", "metric": metric, "learner": made})
        return float(trial.run(rows)[VALUE].mean())

    with using(Read(tmp_path)):
        best_of_grid = max(value(dict(settings)) for settings, _ in wired.variants)
        proposer = Proposer("tpe", {name: Range.from_json(each) for name, each in wired.ranges})
        best = 0.0
        for number in range(len(wired.variants) // 4):
            measured = value(proposer.propose(number))
            proposer.tell(number, [measured], measured)
            best = max(best, measured)
    assert len(wired.variants) == 64
    print(f"{data}: grid {best_of_grid:.4f}, Bayesian {best:.4f}")
    assert best >= 0.99 * best_of_grid
