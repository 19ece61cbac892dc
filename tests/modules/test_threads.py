"""Threads are used only where the result does not depend on their number."""

from __future__ import annotations

import pickle

from sklearn.cluster import KMeans
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.multiclass import OneVsRestClassifier
from threadpoolctl import threadpool_info, threadpool_limits

from designer.contract.threads import allowed, allowing
from modules.train.threads import fitting_threads
from tests.modules.learning import only, people, train


def openmp_threads() -> int:
    return max(pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "openmp")


def test_only_histograms_are_summed_by_several_threads() -> None:
    trees = HistGradientBoostingClassifier()
    with threadpool_limits(1):
        assert allowed() == 1
        with fitting_threads(trees):
            assert openmp_threads() == 1
        with allowing(3):
            for estimator, count in ((trees, 3), (OneVsRestClassifier(trees), 3), (KMeans(), 1)):
                with fitting_threads(estimator):
                    assert openmp_threads() == count
        assert openmp_threads() == 1


def test_boosted_trees_are_the_same_with_any_number_of_threads() -> None:
    rows = only(people(3000), "rich")
    answers = []
    for count in (1, 2, 5):
        with threadpool_limits(1), allowing(count):
            model = train("two-class-boosted-decision-tree", rows, "rich")
        answers.append(pickle.dumps(model.estimator))
    assert answers[0] == answers[1] == answers[2]
