"""Steps of a pipeline in code: a module id, its parameters and the outputs wired to its inputs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeAlias, runtime_checkable

from designer.contract.errors import InvalidParameter, UnfittingWire
from designer.contract.ports import Port, PortType
from designer.contract.reference import reference_to
from designer.contract.selection import Columns
from designer.contract.wording.articles import with_article
from designer.contract.wording.closeness import closest
from designer.sdk.parameters import Parameter, Use

_NUMBERS = count()
"""Steps are listed in the order in which they were made."""

_MADE: ContextVar[list[Step] | None] = ContextVar("made", default=None)


class Output:
    """One output of a step; give it to another step as an input."""

    def __init__(self, step: Step, name: str, type: PortType = PortType.ANY) -> None:
        self.step = step
        self.name = name
        self.type = type

    def __repr__(self) -> str:
        return f"<output {self.name} of {self.step.label}>"


@runtime_checkable
class Wireable(Protocol):
    """A value that stands for a step, such as a dataset."""

    def as_step(self) -> Step:
        """The step; the same one each time."""


Wire: TypeAlias = "Step | Output | Wireable"
"""What can be connected to an input."""


class Step:
    """One step: `module` with `parameters`, wired to the outputs of other steps by `inputs`.

    The functions of `designer.sdk.modules` make steps and check names and values; this class takes any module and any
    value, and `Pipeline.check` reports what does not fit. `outputs` are the ports known beforehand; without them every
    name is one. A step with several outputs unpacks into them.
    """

    def __init__(
        self,
        module: str,
        *,
        version: int = 1,
        parameters: Mapping[str, Any] | None = None,
        inputs: Mapping[str, Wire] | None = None,
        outputs: Sequence[Port] | None = None,
    ) -> None:
        self.inputs = {str(port): output_of(wire, str(port)) for port, wire in (inputs or {}).items()}
        self.number = next(_NUMBERS)
        self.module = module
        self.version = version
        self.parameters = {str(name): plain(value, str(name)) for name, value in (parameters or {}).items()}
        self.uses = {
            str(name): Use(value) for name, value in (parameters or {}).items() if isinstance(value, Parameter)
        }
        self.ports = tuple(outputs) if outputs is not None else None
        self.id = ""
        self.title = ""
        self.comment = ""
        self.disabled = False
        self.compute = ""
        made = _MADE.get()
        if made is not None:
            made.append(self)

    def named(self, id: str = "", *, title: str = "", comment: str = "", disabled: bool = False) -> Self:
        """Set the id by which a run shows the step, its title, its comment, and whether it is disabled; returns it."""
        self.id, self.title, self.comment, self.disabled = id, title, comment, disabled
        return self

    def on(self, compute: str) -> Self:
        """Set the compute that runs the step, `local` for this computer; returns the step."""
        self.compute = compute
        return self

    @property
    def label(self) -> str:
        """The id, or the module of an unnamed step."""
        return self.id or self.module

    @property
    def outputs(self) -> Mapping[str, Output]:
        """The known outputs by name."""
        return {port.name: Output(self, port.name, port.type) for port in self.ports or ()}

    def __getitem__(self, name: str) -> Output:
        if self.ports is None:
            return Output(self, name)
        outputs = self.outputs
        if name not in outputs:
            raise UnfittingWire(f"{self.label} has no output '{name}'", closest(name, outputs, "Outputs are"))
        return outputs[name]

    if not TYPE_CHECKING:  # type checkers know the outputs from modules.pyi

        def __getattr__(self, name: str) -> Output:
            if name.startswith("_") or "ports" not in self.__dict__:
                raise AttributeError(name)
            try:
                return self[name]
            except UnfittingWire as error:
                raise AttributeError(str(error)) from None

    def __iter__(self) -> Iterator[Output]:
        if self.ports is None:
            raise UnfittingWire(f"the outputs of {self.label} are not known", "Name one: step['output'].")
        return iter(self.outputs.values())

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(port.name for port in self.ports or ())]

    def __repr__(self) -> str:
        return f"<step {self.label}>"


def output_of(wire: Wire, port: str, type: PortType = PortType.ANY) -> Output:
    """The output that a wire comes from: the given one, or the only one of a step that fits the input.

    Raises UnfittingWire if none or several fit.
    """
    if isinstance(wire, Output):
        return wire
    step = wire if isinstance(wire, Step) else wire.as_step() if isinstance(wire, Wireable) else None
    if step is None:
        problem = f"{_shortened(wire)} cannot be connected"
        raise UnfittingWire(problem, "Connect a step, an output of a step, or a dataset.", port=port)
    outputs = list(step.outputs.values())
    fitting = [output for output in outputs if type.accepts(output.type)]
    if len(fitting) == 1:
        return fitting[0]
    if not outputs:
        problem = f"{step.label} has no output" if step.ports is not None else f"the outputs of {step.label} are open"
        raise UnfittingWire(problem, "Name one: step['output'].", port=port)
    names = ", ".join(output.name for output in fitting or outputs)
    problem = f"{len(fitting)} outputs of {step.label} fit" if fitting else f"no output of {step.label} is {type}"
    raise UnfittingWire(problem, f"Name one of {names}." if fitting else f"Its outputs are {names}.", port=port)


@contextmanager
def recorded() -> Iterator[list[Step]]:
    """The steps that are made meanwhile, in order."""
    steps: list[Step] = []
    token = _MADE.set(steps)
    try:
        yield steps
    finally:
        _MADE.reset(token)


def plain(value: Any, parameter: str) -> Any:
    """A value of a parameter as plain JSON. Raises InvalidParameter for one that a document cannot hold."""
    match value:
        case Enum():
            return plain(value.value, parameter)
        case None | bool() | int():
            return value if value is None or type(value) in (bool, int) else int(value)
        case str():
            return str(value)
        case float():
            if not math.isfinite(value):
                raise InvalidParameter(f"{value} is not finite", "Give a finite number.", parameter=parameter)
            return float(value)
        case Columns():
            return value.model_dump(mode="json")
        case Parameter():
            return reference_to(value.name)
        case Path():
            return str(value)
        case Mapping():
            return {str(name): plain(item, parameter) for name, item in value.items()}
        case list() | tuple():
            return [plain(item, parameter) for item in value]
        case _:
            pass
    single = getattr(value, "item", None) if getattr(value, "ndim", None) == 0 else None
    if callable(single):  # a number of NumPy
        return plain(single(), parameter)
    problem = f"{_shortened(value)} is not a value of a setting"
    remedy = "Settings are numbers, texts, true or false, and lists of them."
    raise InvalidParameter(problem, remedy, parameter=parameter)


def _shortened(value: Any) -> str:
    is_plain = isinstance(value, str | int | float | bool | None)
    text = repr(value) if is_plain else with_article(type(value).__name__)
    return text if len(text) <= 60 else f"{text[:57]}..."
