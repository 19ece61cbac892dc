"""Use multiple threads for learners whose results do not depend on the thread count."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from designer.contract.threads import allowed


@contextmanager
def fitting_threads(estimator: Any) -> Iterator[None]:
    """Fit learners whose result does not depend on the threads with all that the run allows, others unchanged.

    scikit-learn sums each feature's histogram in one thread, in the order of the rows, so the trees of histogram
    gradient boosting are the same. Estimators of other packages declare it by the attribute `follows_thread_limit`.
    """
    count = allowed()
    if count == 1 or not (is_histogram_based(estimator) or getattr(estimator, "follows_thread_limit", False)):
        yield
        return
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=count, user_api="openmp"):
        yield


def is_histogram_based(estimator: Any) -> bool:
    """Whether a learner, or the one it wraps per class, is histogram gradient boosting."""
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    kinds = (HistGradientBoostingClassifier, HistGradientBoostingRegressor)
    return isinstance(estimator, kinds) or isinstance(getattr(estimator, "estimator", None), kinds)


def without_threads(estimator: Any) -> None:
    """Remove the thread count that scikit-learn stores in boosted trees, so that equal models have equal bytes."""
    for fitted in (estimator, *getattr(estimator, "estimators_", ())):
        mapper = getattr(fitted, "_bin_mapper", None)
        if mapper is not None:
            mapper.n_threads = 1
