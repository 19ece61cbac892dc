"""Metrics of two runs as text: which run is better, and ties after rounding."""

from designer.ui.views.run.comparison import metric_row
from designer.workbench.results.comparison import MetricPair


def test_the_better_metric_is_marked_also_where_lower_is_better() -> None:
    auc, loss = metric_row(MetricPair("m", "AUC", 0.8, 0.9)), metric_row(MetricPair("m", "Log Loss", 0.4, 0.3))
    assert (auc.better, auc.difference) == (1, "+0.100")
    assert (loss.better, loss.difference) == (1, "−0.100")


def test_a_metric_without_a_value_is_a_dash() -> None:
    row = metric_row(MetricPair("m", "AUC", None, 0.9))
    assert (row.first, row.difference, row.better) == ("–", "", -1)


def test_what_looks_the_same_is_not_called_better() -> None:
    row = metric_row(MetricPair("m", "AUC", 0.9001, 0.90012))
    assert (row.first, row.second, row.difference, row.better) == ("0.900", "0.900", "0", -1)
