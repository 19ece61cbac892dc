"""A tree ensemble for an ONNX graph: ai.onnx.ml 5 TreeEnsemble in double precision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from designer.contract.onnx import OnnxGraph

_LESS_OR_EQUAL, _MEMBER = 0, 6
_SUM = 1
_NO_CATEGORY = -1.0


class TreeEnsemble:
    """A tree ensemble under construction: nodes and leaves as parallel lists, as in the operator's attributes."""

    def __init__(self, targets: int) -> None:
        self._targets = targets
        self._roots: list[int] = []
        self._features: list[int] = []
        self._thresholds: list[float] = []
        self._modes: list[int] = []
        self._branches: dict[bool, list[int]] = {True: [], False: []}
        self._leaf_marks: dict[bool, list[int]] = {True: [], False: []}
        self._missing_left: list[int] = []
        self._members: list[float] = []
        self._leaf_targets: list[int] = []
        self._leaf_weights: list[float] = []

    def leaf(self, target: int, weight: float) -> int:
        """A leaf that adds `weight` to `target`."""
        self._leaf_targets.append(target)
        self._leaf_weights.append(float(weight))
        return len(self._leaf_targets) - 1

    def split(self, feature: int, threshold: float, missing_left: bool, members: Sequence[int] | None = None) -> int:
        """A split node: at most the threshold, or membership. `branch` sets its children."""
        self._features.append(int(feature))
        self._thresholds.append(0.0 if members is not None else float(threshold))
        self._modes.append(_LESS_OR_EQUAL if members is None else _MEMBER)
        self._missing_left.append(int(missing_left))
        if members is not None:
            self._members += [*(map(float, members) if members else (_NO_CATEGORY,)), np.nan]
        for side in (True, False):
            self._branches[side].append(0)
            self._leaf_marks[side].append(0)
        return len(self._features) - 1

    def branch(self, node: int, left: bool, target: int, is_leaf: bool) -> None:
        """Set the left (true) or right (false) child of a node."""
        self._branches[left][node] = target
        self._leaf_marks[left][node] = int(is_leaf)

    def root(self, node: int, is_leaf: bool) -> None:
        """Add a root; a single-leaf tree becomes a split with equal children."""
        if is_leaf:
            leaf, node = node, self.split(0, 0.0, missing_left=True)
            self.branch(node, True, leaf, True)
            self.branch(node, False, leaf, True)
        self._roots.append(node)

    def emit(self, graph: OnnxGraph, matrix: str) -> str:
        """The sums [N, targets]."""
        extra = {"membership_values": _tensor(self._members)} if self._members else {}
        return str(
            graph.ml(
                "TreeEnsemble",
                matrix,
                n_targets=self._targets,
                aggregate_function=_SUM,
                post_transform=0,
                tree_roots=self._roots,
                nodes_featureids=self._features,
                nodes_splits=_tensor(self._thresholds),
                nodes_modes=np.array(self._modes, dtype=np.uint8),
                nodes_truenodeids=self._branches[True],
                nodes_falsenodeids=self._branches[False],
                nodes_trueleafs=self._leaf_marks[True],
                nodes_falseleafs=self._leaf_marks[False],
                nodes_missing_value_tracks_true=self._missing_left,
                leaf_targetids=self._leaf_targets,
                leaf_weights=_tensor(self._leaf_weights),
                **extra,
            )
        )


def _tensor(values: list[float]) -> Any:
    return np.array(values, dtype=np.float64)
