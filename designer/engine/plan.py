"""What a run will do with each node, and why, in words. Looks up results by key; computes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.contract.module import Spec
from designer.engine.key import Parts, key_of, key_parts
from designer.engine.placing import READING, Placing
from designer.pipeline.graph import Pipeline
from designer.pipeline.parameters import bound
from designer.pipeline.walk import Visit, handed_on, reaching, title_of, visit_of
from designer.store.artifacts.values import Stored
from designer.store.results import CachedResult

Action = Literal["reuse", "run", "wait", "bypass", "skip", "fail"]
Lookup = Callable[[str], CachedResult | None]
Outlets = Mapping[tuple[str, str], Stored]


@dataclass(frozen=True)
class Step:
    """What will be done with a node.

    `wait`: a node upstream runs first, and only then is it known whether this one is reused. `skip`: a node upstream
    fails or passes nothing on. `fail`: the node cannot run, see `error`. `compute` is where it runs, empty for this
    computer.
    """

    node: str
    action: Action
    reason: str
    key: str | None = None
    parts: Parts = field(default_factory=dict)
    outputs: Mapping[str, Stored] = field(default_factory=dict)
    result: CachedResult | None = None
    error: DesignerError | None = None
    compute: str = ""


@dataclass(frozen=True)
class Plan:
    """The steps of a run in order."""

    steps: Mapping[str, Step]

    @property
    def running(self) -> list[str]:
        """The nodes that run, or wait for one that does."""
        return [id for id, step in self.steps.items() if step.action in ("run", "wait")]


@dataclass(frozen=True)
class Planner:
    """Plans one node at a time, from the results of the nodes upstream."""

    pipeline: Pipeline
    library: Library
    lookup: Lookup
    force: bool = False
    previous: Callable[[str], Parts | None] = lambda node: None
    placing: Placing = field(default_factory=Placing)

    def chosen(self, to: str | None) -> list[str]:
        """The node ids of a run in topological order: all, or `to` and its ancestors.

        Raises DesignerError where the pipeline has no node `to`.
        """
        if to is None:
            return self.pipeline.order()
        if to not in self.pipeline.nodes:
            raise DesignerError(f"the pipeline has no node '{to}'", "Name one of its nodes.")
        wanted = self.pipeline.ancestors(to) | {to}
        return [id for id in self.pipeline.order() if id in wanted]

    def step(self, id: str, outlets: Outlets, actions: Mapping[str, Action]) -> Step:
        """Plan a node, given the actions planned upstream and the outputs available there."""
        visit = visit_of(self.pipeline, id, self.library)
        try:
            blocked = self._blocked(visit, outlets, actions)
            if not visit.node.disabled or visit.is_on_cycle:
                visit.require_wiring()
            if blocked is not None:
                return blocked
            return _bypassed(visit, outlets) if visit.node.disabled else self._looked_up(visit, outlets)
        except DesignerError as error:
            located = visit.located(error)
            return Step(id, "fail", str(located), error=located)

    def _blocked(self, visit: Visit, outlets: Outlets, actions: Mapping[str, Action]) -> Step | None:
        for edge in self.pipeline.incoming(visit.id):
            above = actions.get(edge.source)
            source = self.pipeline.nodes.get(edge.source)
            title = title_of(source, self.library) if source else edge.source
            if above in ("fail", "skip"):
                return Step(visit.id, "skip", f"not run: {title} has no result")
            if above in ("run", "wait"):
                return Step(visit.id, "wait", f"waits for {title}")
            if (edge.source, edge.output) not in outlets and visit.spec.input(edge.input) is not None:
                return Step(visit.id, "skip", f"not run: {title} passes nothing on")
        return None

    def _looked_up(self, visit: Visit, outlets: Outlets) -> Step:
        inputs = reaching(visit, outlets)
        module = visit.instance()
        parts = key_parts(module, self.library, {port: stored.identity for port, stored in inputs.items()})
        key = key_of(parts)
        result = None if self.force or not module.is_reusable else self.lookup(key)
        if result is not None:
            return Step(visit.id, "reuse", "same as before", key, parts, result.outputs, result)
        if module.is_reusable:
            reason = why(self.previous(visit.id), parts, visit.spec, force=self.force)
        else:
            reason = "runs in every run, as it is set to"
        reads_here = parts["outside"] is not None or visit.spec.abilities.purpose in READING
        place = self.placing.of(visit.node.compute, reads_here=reads_here)
        return Step(visit.id, "run", place.beside(reason), key, parts, compute=place.compute)


def plan(
    pipeline: Pipeline,
    library: Library,
    lookup: Lookup,
    *,
    to: str | None = None,
    force: bool = False,
    previous: Mapping[str, Parts] | None = None,
    assignments: Mapping[str, Any] | None = None,
    compute: str = "",
    default_compute: str = "",
) -> Plan:
    """Predict a run: which nodes are reused, which run, and why.

    `previous` maps each node to the key parts of its last run, `assignments` are values of pipeline parameters,
    `compute` is where it runs in place of what the pipeline says, `default_compute` where it says nothing. Call it
    inside `contract.sources.using`. Raises InvalidParameter for assignments that do not fit or are missing.
    """
    placing = Placing(compute, pipeline.compute, default_compute)
    planner = Planner(bound(pipeline, assignments), library, lookup, force, (previous or {}).get, placing)
    outlets: dict[tuple[str, str], Stored] = {}
    actions: dict[str, Action] = {}
    steps: dict[str, Step] = {}
    for id in planner.chosen(to):
        step = steps[id] = planner.step(id, outlets, actions)
        actions[id] = step.action
        outlets |= {(id, port): stored for port, stored in step.outputs.items()}
    return Plan(steps)


def why(before: Parts | None, current: Parts, spec: Spec, *, force: bool = False) -> str:
    """Why a node runs, in words."""
    if force:
        return "runs again: forced"
    if not before:
        return "runs for the first time"
    changes = _changes(before, current, spec)
    return f"runs again: {'; '.join(changes[:2])}" if changes else "runs again: its result is gone or damaged"


def _bypassed(visit: Visit, outlets: Outlets) -> Step:
    passed = handed_on(visit, outlets)
    return Step(visit.id, "bypass", "disabled: hands its input through" if passed else "disabled", outputs=passed)


def _changes(before: Parts, current: Parts, spec: Spec) -> list[str]:
    changes: list[str] = []
    old, new = before.get("parameters", {}), current["parameters"]
    for name in [*new, *(name for name in old if name not in new)]:
        if old.get(name) != new.get(name) and name in new:
            parameter = spec.parameter(name)
            changes.append(f"{parameter.label if parameter else name} {_shown(old.get(name))} -> {_shown(new[name])}")
    for port in spec.inputs:
        if before.get("inputs", {}).get(port.name) != current["inputs"].get(port.name):
            changes.append(f"{port.title} changed")
    if before.get("outside") != current["outside"]:
        changes.append("what it reads changed")
    changes += _changed_files(before.get("files", {}), current.get("files", {}))
    if changes and "files" in current:
        return changes
    if before.get("module") != current["module"] or before.get("code") != current["code"]:
        changes.append("the module changed")
    old, new = before.get("environment", {}), current["environment"]
    return changes + [f"{name} {old.get(name)} -> {new[name]}" for name in new if old.get(name) != new[name]]


def _changed_files(before: Mapping[str, str], current: Mapping[str, str]) -> list[str]:
    """The files of a program that differ from its last run."""
    gone = [f"{name} is gone" for name in before if name not in current]
    added = [f"{name} is new" for name in current if name not in before]
    return [*(f"{name} changed" for name in current if before.get(name, current[name]) != current[name]), *added, *gone]


def _shown(value: Any) -> str:
    text = "nothing" if value in (None, "") else str(value)
    return text if len(text) <= 40 and "\n" not in text else "..."
