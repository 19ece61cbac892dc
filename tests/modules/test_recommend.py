"""Train, Score and Evaluate Recommender."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import ndcg_score

from designer.contract.errors import DesignerError
from designer.contract.schema import Schema
from designer.contract.values import outline
from tests.modules.learning import LIBRARY


def ratings() -> pd.DataFrame:
    """Ratings by users of two tastes for most of 12 items of two kinds."""
    random = np.random.default_rng(0)
    lines = [
        (f"u{user}", f"i{item}", (5.0 if user % 2 == item % 2 else 1.0) + random.integers(-1, 2) * 0.5)
        for user in range(30)
        for item in range(12)
        if random.random() < 0.6
    ]
    return pd.DataFrame(lines, columns=["user", "item", "rating"])


RATINGS = ratings()
MODEL = LIBRARY["train-svd-recommender"].read({"number_of_factors": 8, "learning_rate": 0.05}).run(RATINGS)


def score(table: pd.DataFrame, training: pd.DataFrame | None = None, **parameters: object) -> pd.DataFrame:
    module = LIBRARY["score-svd-recommender"].read(parameters)
    scored = module.run(MODEL, table, training)
    inferred = module.infer(outline(MODEL), Schema.of(table))
    assert [(c.name, c.kind) for c in inferred] == [(c.name, c.kind) for c in Schema.of(scored)]
    return scored


def evaluate(test: pd.DataFrame, scored: pd.DataFrame) -> pd.DataFrame:
    return LIBRARY["evaluate-recommender"].read({}).run(test, scored)


def test_tastes_are_learned() -> None:
    every = pd.DataFrame([(f"u{u}", f"i{i}") for u in range(30) for i in range(12)], columns=["user", "item"])
    scored = score(every)
    alike = every["user"].str[1:].astype(int) % 2 == every["item"].str[1:].astype(int) % 2
    assert scored["Rating"][alike].mean() > scored["Rating"][~alike].mean() + 2.5
    assert scored["Rating"].between(RATINGS["rating"].min(), RATINGS["rating"].max()).all()


def test_the_same_seed_gives_the_same_model() -> None:
    again = LIBRARY["train-svd-recommender"].read({"number_of_factors": 8, "learning_rate": 0.05}).run(RATINGS)
    np.testing.assert_array_equal(again.estimator["user_factors"], MODEL.estimator["user_factors"])


def test_an_unknown_user_counts_as_an_average_one() -> None:
    predicted = score(pd.DataFrame({"user": ["nobody"], "item": ["nothing"]}))
    assert predicted["Rating"].iloc[0] == pytest.approx(RATINGS["rating"].mean())


def test_unrated_items_are_suggested_from_what_the_user_has_not_rated() -> None:
    kind = {"recommender_prediction_kind": "Item Recommendation", "maximum_number_of_items_to_recommend_to_a_user": 3}
    selection = "From Unrated Items (to suggest new items to users)"
    suggested = score(RATINGS[["user"]], RATINGS, **kind, recommended_item_selection=selection)
    rated = set(zip(RATINGS["user"], RATINGS["item"], strict=True))
    for user, *items in suggested.itertuples(index=False):
        assert not {(user, item) for item in items} & rated
    with pytest.raises(DesignerError, match="training data is not connected") as refused:
        score(RATINGS, None, **kind, recommended_item_selection=selection)
    assert refused.value.code == "0003"


def test_ranking_is_measured_by_normalized_gain() -> None:
    test = pd.DataFrame({"user": list("aaabb"), "item": list("xyzxy"), "rating": [3.0, 2, 1, 1, 5]})
    scored = pd.DataFrame({"User": ["a", "b"], "Item 1": ["y", "y"], "Item 2": ["x", "x"], "Item 3": ["z", None]})
    expected = np.mean([ndcg_score([[3, 2, 1]], [[2, 3, 1]]), 1.0])
    # scikit-learn uses linear gains too.
    assert evaluate(test, scored)["NDCG"].iloc[0] == pytest.approx(expected)


def test_ratings_are_measured_on_the_pairs_that_both_tables_hold() -> None:
    test = pd.DataFrame({"user": list("aab"), "item": list("xyx"), "rating": [3.0, 2, 1]})
    scored = pd.DataFrame({"User": ["a", "a", "c"], "Item": ["x", "y", "x"], "Rating": [4.0, 4, 1]})
    metrics = evaluate(test, scored)
    assert (metrics["MAE"].iloc[0], metrics["RMSE"].iloc[0]) == pytest.approx((1.5, np.sqrt(2.5)))


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (RATINGS[["user", "item"]], "0022"),
        (RATINGS[["user", "item", "item"]].set_axis(["a", "b", "c"], axis=1), "0017"),
        (pd.concat([RATINGS, RATINGS.head(1)], ignore_index=True), "0034"),
        (RATINGS.head(0), "0021"),
    ],
)
def test_tables_that_are_no_ratings_are_refused(table: pd.DataFrame, code: str) -> None:
    with pytest.raises(DesignerError) as refused:
        LIBRARY["train-svd-recommender"].read({}).run(table)
    assert refused.value.code == code


RECOMMEND = {"recommender_prediction_kind": "Item Recommendation"}


def test_rated_items_are_ranked_for_users_with_enough_of_them() -> None:
    pairs = pd.DataFrame({"user": ["u0", "u0", "u0", "u1"], "item": ["i1", "i0", "i3", "i2"]})
    ranking = score(pairs, **RECOMMEND)
    assert ranking["User"].tolist() == ["u0"]
    predicted = score(pairs).set_index("Item")["Rating"]
    ranked = [ranking[f"Item {place}"].iloc[0] for place in (1, 2, 3)]
    assert predicted[ranked].is_monotonic_decreasing
    assert set(ranked) == {"i0", "i1", "i3"}
    assert list(ranking) == ["User", *(f"Item {place}" for place in range(1, 6))]
    assert ranking[["Item 4", "Item 5"]].isna().all(axis=None)
    everybody = score(pairs, **RECOMMEND, minimum_size_of_the_recommendation_pool_for_a_single_user=1)
    assert everybody["User"].tolist() == ["u0", "u1"]


def test_all_items_are_candidates_and_ratings_stand_behind_them() -> None:
    settings = {
        "recommended_item_selection": "From All Items",
        "maximum_number_of_items_to_recommend_to_a_user": 2,
        "whether_to_return_the_predicted_ratings_of_the_items_along_with_the_labels": True,
    }
    ranking = score(RATINGS[["user"]].head(1), **RECOMMEND, **settings)
    assert list(ranking) == ["User", "Item 1", "Rating 1", "Item 2", "Rating 2"]
    user = RATINGS["user"].iloc[0]
    every = score(pd.DataFrame({"user": [user] * 12, "item": [f"i{i}" for i in range(12)]}))
    assert ranking[["Rating 1", "Rating 2"]].iloc[0].tolist() == every["Rating"].nlargest(2).tolist()


def test_the_rating_is_mean_biases_and_factors_within_the_range_of_training() -> None:
    learned = MODEL.estimator
    user, item = learned["users"].index("u3"), learned["items"].index("i5")
    expected = learned["mean"] + learned["user_bias"][user] + learned["item_bias"][item]
    expected += float(learned["user_factors"][user] @ learned["item_factors"][item])
    predicted = score(pd.DataFrame({"user": ["u3"], "item": ["i5"]}))["Rating"].iloc[0]
    assert predicted == pytest.approx(min(max(expected, learned["low"]), learned["high"]))


def test_numbers_of_users_and_items_are_known_whether_written_with_a_point_or_not() -> None:
    table = pd.DataFrame({"user": [1, 2, 1, 2], "item": [10, 20, 20, 10], "rating": [5.0, 1.0, 4.0, 2.0]})
    model = LIBRARY["train-svd-recommender"].read({"learning_rate": 0.1}).run(table)
    scoring = LIBRARY["score-svd-recommender"].read({})
    whole, pointed = (scoring.run(model, table[["user", "item"]].astype(kind), None) for kind in ("int64", "float64"))
    pd.testing.assert_frame_equal(whole, pointed)
    assert whole["User"].tolist() == ["1", "2", "1", "2"]
    assert whole["Rating"].nunique() > 1
    assert evaluate(table.astype({"user": "float64"}), whole)["MAE"].iloc[0] < 1


def test_steps_that_are_too_large_are_refused() -> None:
    with pytest.raises(DesignerError, match="diverge at a learning rate of 2") as refused:
        LIBRARY["train-svd-recommender"].read({"learning_rate": 2.0, "number_of_factors": 50}).run(RATINGS)
    assert refused.value.place.parameter == "Learning rate"


def test_what_cannot_be_measured_or_searched_is_refused() -> None:
    scored = pd.DataFrame({"User": ["u0"], "Item": ["i0"], "Rating": ["good"]})
    twice = pd.DataFrame({"User": ["u0"] * 2, "Item": ["i0"] * 2, "Rating": [1.0, 2.0]})
    unrated = {"recommended_item_selection": "From Unrated Items (to suggest new items to users)"}
    for call, code in (
        (lambda: evaluate(RATINGS, scored), "0017"),
        (lambda: evaluate(RATINGS, twice), "0034"),
        (lambda: score(RATINGS[["user"]], RATINGS[["user"]], **RECOMMEND, **unrated), "0022"),
    ):
        with pytest.raises(DesignerError) as refused:
            call()
        assert refused.value.code == code
