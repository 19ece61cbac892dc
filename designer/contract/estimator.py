"""Base classes of modules that fit a transformation, and of learners; each derives all readings of its modules."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic.fields import FieldInfo

from designer.contract.errors import InvalidParameter, NotExportable
from designer.contract.module import Module, _spec
from designer.contract.onnx import OnnxGraph, TensorColumns
from designer.contract.parameters import param
from designer.contract.ranges import Range, read_interval
from designer.contract.schema import Schema
from designer.contract.script import Script, Variable
from designer.contract.values import LearnerOutline, Preparation, Table, Task, Transformation, UntrainedModel
from designer.contract.wording.counting import counted

VARIANT_LIMIT = 2000


class Transform(Module):
    """A module that learns something from a table (`fit`) and applies it to tables (`apply`).

    Subclasses name two pure functions, `fits(dataset, **arguments) -> state` and `applies(dataset, learned)`,
    and write `arguments`, `infer_applied` and, where rows are independent, `apply_onnx`. Their `run` names the
    ports: `def run(self, dataset: Table) -> Cleaned: return Cleaned(*self.fitted(dataset))`.
    """

    fits: ClassVar[Callable[..., Any]]
    applies: ClassVar[Callable[..., Table]]

    def arguments(self, dataset: Table | Schema) -> dict[str, Any]:
        """The arguments of `fits` besides the table: plain values from the parameters and the columns."""
        raise NotImplementedError

    def fit(self, dataset: Table) -> Any:
        """Fit on a table; returns plain values, pandas or scikit-learn objects."""
        return type(self).fits(dataset, **self.arguments(dataset))

    def apply(self, state: Any, dataset: Table) -> Table:
        """Transform a table with the fitted state."""
        return type(self).applies(dataset, state)

    def infer_applied(self, state: Any, dataset: Schema) -> Schema:
        """The columns of the transformed table; `state` is None before the run."""
        raise NotImplementedError

    def apply_onnx(self, state: Any, graph: OnnxGraph, dataset: TensorColumns) -> TensorColumns:
        """`apply` in an ONNX graph."""
        return super().to_onnx(graph)  # type: ignore[no-any-return]

    apply_onnx.unavailable = True  # type: ignore[attr-defined]

    @property
    def learns(self) -> bool:
        """True: what a transformation learns from rows leaks, unless a subclass overrides it."""
        return True

    def fitted(self, dataset: Table) -> tuple[Table, Transformation]:
        """Fit on a table and transform it."""
        state = self.fit(dataset)
        return self.apply(state, dataset), self.transformation(state)

    def transformation(self, state: Any) -> Transformation:
        """The fitted state as a value for an output port."""
        spec = self.spec()
        return Transformation(spec.title, spec.id, spec.version, self.parameters(), state, applier=self)

    def infer(self, dataset: Schema) -> tuple[Schema, Any]:
        """The transformed schema, and the outline of the transformation."""
        return self.infer_applied(None, dataset), Unfitted(self)

    def to_python(self, script: Script, *inputs: Variable, **named: Variable) -> tuple[str, ...]:
        """Append fit and apply; in a script, a transformation is a function of a table."""
        (dataset,) = (*inputs, *named.values())
        learned = script.call(type(self).fits, dataset, **self.arguments(dataset.schema), result="learned")
        script.include(type(self).applies)
        script.require("from functools import partial")
        transformation = script.variable("transformation")
        script.line(f"{transformation} = partial({type(self).applies.__name__}, learned={learned})")
        transformed = script.variable("transformed")
        script.line(f"{transformed} = {transformation}({dataset})")
        return transformed, transformation


class Unfitted:
    """The outline of a transformation that is not fitted yet."""

    def __init__(self, transform: Transform) -> None:
        self._transform = transform

    def infer(self, schema: Schema) -> Schema:
        """The schema after the transformation, as far as it is known."""
        return self._transform.infer_applied(None, schema)


class Learner(Module):
    """A module that makes an untrained model, defined by `task`, `preparation` and `estimator()`.

    Parameters declared with `sweep=(values to try)` add the trainer modes of the original: in `ParameterRange` mode,
    the field `range_for_<name>` takes a list like `16; 32; 64`.
    """

    task: ClassVar[Task]
    preparation: ClassVar[Preparation] = Preparation()
    trains_by_first_of_range: ClassVar[bool] = False
    """Whether Train Model takes the first value of each range instead of the default, as the original documents for
    some learners."""

    @classmethod
    def __pydantic_init_subclass__(cls, **declared: Any) -> None:
        super().__pydantic_init_subclass__(**declared)
        swept = [name for name, field in cls.model_fields.items() if _sweep(field)]
        if "category" in declared and swept and "create_trainer_mode" not in cls.model_fields:
            _add_trainer_modes(cls, swept)

    def estimator(self) -> Any:
        """An unfitted scikit-learn estimator with these parameters."""
        raise NotImplementedError

    def run(self) -> Annotated[UntrainedModel, "Untrained model"]:
        """The learner as a value."""
        single = self.single()
        return UntrainedModel(
            self.spec().title,
            self.task,
            single.estimator(),
            single.prepared(),
            tuple(self._variants()),
            single.settings(),
            self._maker(),
            tuple((name, spanned.to_json()) for name, spanned in self.spans().items()),
        )

    def _maker(self) -> tuple[str, int, dict[str, Any]]:
        """What makes this learner anew with other settings: module, version and parameters."""
        parameters = self.single().parameters()
        mode = {"create_trainer_mode": "SingleParameter"} if "create_trainer_mode" in parameters else {}
        return self.spec().id, self.spec().version, {**parameters, **mode}

    def single(self) -> Self:
        """The learner for Train Model, with each range replaced by the parameter's default or the first value."""
        if not self.trains_by_first_of_range or getattr(self, "create_trainer_mode", "") != "ParameterRange":
            return self
        return self.model_copy(update={name: tried[0] for name, tried in self.ranges().items()})

    def prepared(self) -> Preparation:
        """How Train Model preprocesses features; override if it depends on parameters."""
        return self.preparation

    def settings(self) -> Mapping[str, Any]:
        """Settings of the training module beyond fitting."""
        return {}

    def infer(self) -> LearnerOutline:
        """Name and task."""
        return LearnerOutline(self.spec().title, self.task, self.single().settings())

    def to_onnx(self, graph: OnnxGraph, **inputs: Any) -> Any:
        """Raise NotExportable: a learner scores no rows."""
        raise NotExportable("a learner scores no rows; its model is exported by the step that scores with it").at(
            module=self.spec().title
        )

    to_onnx.unavailable = True  # type: ignore[attr-defined]

    def to_python(self, script: Script, **inputs: Variable) -> tuple[str, ...]:
        """Append the constructor call of the estimator, with its name, task, preparation and settings."""
        name, single = script.variable("learner"), self.single()
        arguments = {"name": self.spec().title, "task": str(self.task), **asdict(single.prepared())}
        settings = single.settings()
        written = {**arguments, "settings": settings} if settings else arguments
        items = ", ".join(f"{script.literal(key)}: {script.literal(value)}" for key, value in written.items())
        script.line(f"{name} = {{{items}, 'estimator': {script.estimator(single.estimator())}}}")
        return (name,)

    def summary(self) -> str:
        """The most important parameters, or the number of those with a range."""
        ranges = [p for p in self.shown() if p.name.startswith("range_for_")]
        return f"ranges of {counted(len(ranges), 'setting')}" if ranges else self.in_words()

    def in_words(self) -> str:
        """The most important parameters in the 28 characters that a card shows; by default the first number."""
        numbers = [p for p in self.shown() if p.editor == "number" and getattr(self, p.name) is not None]
        return ", ".join(f"{_uncapitalized(p.label)} {getattr(self, p.name):g}" for p in numbers[:1]) or str(self.task)

    def ranges(self) -> dict[str, Sequence[Any]]:
        """The values to try for each parameter that can be swept.

        In `SingleParameter` mode these are the defaults of the sweep, as in the original, where Tune Model
        Hyperparameters ignores single values set by the user.
        """
        swept = {p.name: p for p in self.spec().parameters if p.sweep}
        if getattr(self, "create_trainer_mode", "SingleParameter") == "SingleParameter":
            fields = type(self).model_fields
            return {name: _sweep(fields[name]) for name in swept}
        return {name: self._range(name) for name in swept}

    def spans(self) -> dict[str, Range]:
        """The range of each parameter that can be swept: the interval that is written, or what its values span."""
        intervals = {name: self._interval(name) for name in self.ranges()}
        return {name: intervals[name] or Range.of(values) for name, values in self.ranges().items()}

    def _interval(self, name: str) -> Range | None:
        """The interval written for a parameter, in its type; None for a list of values."""
        if getattr(self, "create_trainer_mode", "SingleParameter") == "SingleParameter":
            return None
        interval = read_interval(str(getattr(self, f"range_for_{name}")), self._label_of_range(name))
        if interval is None:
            return None
        low, high = self._validated(name, [interval.low, interval.high])
        return replace(interval, low=low, high=high, is_integer=type(low) is int)

    def _range(self, name: str) -> list[Any]:
        interval = self._interval(name)
        if interval is not None:
            return interval.points()
        text = str(getattr(self, f"range_for_{name}"))
        parts = [part.strip() for part in text.split(";") if part.strip()]
        if not parts:
            remedy = "Write values like 16; 32; 64."
            raise InvalidParameter("the range is empty", remedy, parameter=self._label_of_range(name))
        return self._validated(name, [_cell(part) for part in parts])

    def _label_of_range(self, name: str) -> str:
        return f"Range for: {self.spec().parameter(name).label}"  # type: ignore[union-attr]

    def _validated(self, name: str, values: Sequence[Any]) -> list[Any]:
        """The values in the type of the parameter. Raises InvalidParameter."""
        others = {**self.parameters(), "create_trainer_mode": "SingleParameter"}  # the mode that shows the parameter
        return [getattr(type(self).read({**others, name: value}), name) for value in values]

    def _variants(self) -> list[tuple[Mapping[str, Any], Any]]:
        ranges = self.ranges()
        count = 1
        for values in ranges.values():
            count *= len(values)
        if count > VARIANT_LIMIT and not any(self._interval(name) for name in ranges):
            raise InvalidParameter(f"the ranges make {count:,} combinations", f"Use at most {VARIANT_LIMIT:,}.")
        if not ranges or count > VARIANT_LIMIT:  # a Bayesian sweep draws from intervals, which a grid refuses
            return []
        combinations = [dict(zip(ranges, values, strict=True)) for values in itertools.product(*ranges.values())]
        single = self.single()
        return [(settings, single.model_copy(update=settings).estimator()) for settings in combinations]


def _sweep(field: FieldInfo) -> tuple[Any, ...]:
    values = _extra(field).get("sweep")
    return tuple(values) if isinstance(values, tuple | list) else ()


def _extra(field: FieldInfo) -> dict[str, Any]:
    return dict(field.json_schema_extra) if isinstance(field.json_schema_extra, dict) else {}


def _add_trainer_modes(cls: type[Learner], swept: list[str]) -> None:
    """Add the trainer mode and one range field for each swept parameter, and rebuild the class."""
    modes = Literal["SingleParameter", "ParameterRange"]
    single, ranged = {"create_trainer_mode": "SingleParameter"}, {"create_trainer_mode": "ParameterRange"}
    fields: dict[str, FieldInfo] = {"create_trainer_mode": _field(modes, "Create trainer mode", "SingleParameter",
        "Train with the values set here, or let Tune Model Hyperparameters try a range of each.")}  # fmt: skip
    for name, field in cls.model_fields.items():
        extra = _extra(field)
        if name in swept:
            field.json_schema_extra = {**extra, "when": {**(extra.get("when") or {}), **single}}
        fields[name] = field
    for name in swept:
        extra = _extra(cls.model_fields[name])
        when = {k: v for k, v in extra["when"].items() if k != "create_trainer_mode"}
        label = extra.get("label") or name.replace("_", " ").capitalize()
        text = "; ".join(f"{value:g}" if isinstance(value, float) else str(value) for value in extra["sweep"])
        fields[f"range_for_{name}"] = _field(str, f"Range for: {label}", text,
            "Values to try, separated by semicolons, or a range like 0.01 .. 1 log.", {**when, **ranged})  # fmt: skip
    cls.__pydantic_fields__ = fields
    cls.__annotations__ = {**inspect.get_annotations(cls), **{n: f.annotation for n, f in fields.items()}}
    cls.model_rebuild(force=True)
    _spec.cache_clear()


def _field(kind: Any, label: str, default: str, text: str, when: dict[str, Any] | None = None) -> FieldInfo:
    field: FieldInfo = param(default, label=label, when=when)
    field.annotation = kind
    field.description = text
    return field


def _uncapitalized(label: str) -> str:
    """The label for use inside a sentence; L2 stays L2."""
    return label[:1].lower() + label[1:] if label[1:2].islower() or label[1:2] == " " else label


def _cell(text: str) -> Any:
    try:
        return int(text)
    except ValueError:
        try:
            return float(text)
        except ValueError:
            return {"true": True, "false": False}.get(text.lower(), text)
