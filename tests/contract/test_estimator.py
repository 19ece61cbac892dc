"""The base classes of transformations and learners."""

from __future__ import annotations

import pickle

import pandas as pd
import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import WrongModel
from designer.contract.schema import Schema
from tests.contract.toy import SubtractMean, ToyRidge
from tests.parity import assert_same_in_onnx, through_script

FRAME = pd.DataFrame({"x": [1.0, 3.0], "s": ["a", "b"]})


def test_fit_and_apply_give_all_readings() -> None:
    module = SubtractMean.read({})
    shifted, transformation = module.run(FRAME)
    assert shifted["x"].tolist() == [-1, 1]
    assert transformation.apply(pd.DataFrame({"x": [5.0]}))["x"].tolist() == [3]
    schema, outline = module.infer(Schema.of(FRAME))
    assert schema == outline.infer(Schema.of(FRAME)) == Schema.of(FRAME)
    written, function = through_script(module, {"dataset": FRAME})
    pd.testing.assert_frame_equal(written, shifted)
    assert function(pd.DataFrame({"x": [5.0]}))["x"].tolist() == [3]
    assert_same_in_onnx(FRAME, shifted, lambda graph, columns: module.apply_onnx(transformation.state, graph, columns))


def test_a_stored_transformation_is_bound_again_by_the_library() -> None:
    transformation = SubtractMean.read({}).run(FRAME).transformation
    loaded = pickle.loads(pickle.dumps(transformation))
    with pytest.raises(WrongModel, match="not bound"):
        loaded.apply(FRAME)
    library = Library({"subtract-mean": SubtractMean})
    pd.testing.assert_frame_equal(library.bind(loaded).apply(FRAME), transformation.apply(FRAME))
    assert b"toy" not in pickle.dumps(transformation)


def test_a_learner_sweeps_what_it_declares() -> None:
    names = [p.name for p in ToyRidge.spec().parameters]
    assert names == ["create_trainer_mode", "alpha", "range_for_alpha"]
    model = ToyRidge.read({"alpha": 2.0}).run()
    assert model.estimator.alpha == 2.0
    swept = ToyRidge.read({"create_trainer_mode": "ParameterRange", "range_for_alpha": "0.5; 3"}).run()
    assert [settings["alpha"] for settings, _ in swept.variants] == [0.5, 3]
    assert [estimator.alpha for _, estimator in swept.variants] == [0.5, 3]
