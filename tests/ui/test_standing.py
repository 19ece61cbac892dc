"""The trend over a pipeline's runs, against values computed by hand."""

from designer.ui.views.run.standing import Standing, standing
from designer.workbench.results.headline import Headline


def auc(value: float) -> Headline:
    return Headline("AUC", value)


def error(value: float) -> Headline:
    return Headline("MAE", value, is_error=True)


def test_nothing_is_said_where_nothing_was_evaluated() -> None:
    assert standing([]) == Standing()


def test_one_run_has_a_best_and_no_change() -> None:
    trend = standing([auc(0.9)])
    assert (trend.metric, trend.best, trend.change, trend.tone, trend.path) == ("AUC", "0.900", "–", "", "")


def test_the_best_is_the_highest_and_the_change_is_that_of_the_last_run() -> None:
    trend = standing([auc(0.9), auc(0.95), auc(0.93)])
    assert (trend.best, trend.change, trend.tone) == ("0.950", "−0.020", "bad")


def test_of_an_error_less_is_better() -> None:
    trend = standing([error(41.2), error(43.9), error(41.6)])
    assert (trend.best, trend.change, trend.tone) == ("41.2", "−2.3", "ok")


def test_a_change_that_rounds_to_nothing_is_none() -> None:
    assert (standing([auc(0.9), auc(0.90001)]).change, standing([auc(0.9), auc(0.90001)]).tone) == ("0", "")


def test_figures_of_another_metric_are_left_out() -> None:
    trend = standing([error(3.0), auc(0.7), auc(0.8)])
    assert (trend.best, trend.change) == ("0.800", "+0.100")
    assert trend.path == "M3.0 17.0 L81.0 3.0"
    assert (trend.x, trend.y) == (81.0, 3.0)
