"""Components and the environments made for them, as rows and cards of a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from designer.contract.component import ComponentSpec
from designer.contract.wording.counting import counted
from designer.engine.programs.environments import Made
from designer.store.records import Component, Draft
from designer.ui.views import figures

Pair = tuple[str, str]
ORIGINS = {"script": "Python script", "shell": "Command line", "function": "Function", "yaml": "Component file"}
PACKAGES = 40


@dataclass(frozen=True)
class ComponentRow:
    """One line of the list."""

    name: str
    title: str
    version: str
    origin: str
    interface: str
    made: str
    is_archived: bool


@dataclass(frozen=True)
class VersionRow:
    """A version of the shown component."""

    version: str
    made: str
    is_default: bool


@dataclass(frozen=True)
class Use:
    """A pipeline that uses the shown component."""

    name: str
    href: str


@dataclass(frozen=True)
class ComponentCard:
    """The shown component; `command` is what is started, `packages` are those of its environment."""

    name: str = ""
    title: str = ""
    description: str = ""
    command: str = ""
    ports: list[Pair] = field(default_factory=list)
    settings: list[Pair] = field(default_factory=list)
    versions: list[VersionRow] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    environment: str = ""
    packages: list[str] = field(default_factory=list)
    is_archived: bool = False


@dataclass(frozen=True)
class EnvironmentRow:
    """An environment that was made on this computer."""

    key: str
    python: str
    packages: str
    size: str
    used: str


def component_row(row: Component, now: float) -> ComponentRow:
    """The line of a component."""
    spec = ComponentSpec.from_json(row.spec)
    parts = [(len(spec.inputs), "input"), (len(spec.outputs), "output"), (len(spec.parameters), "setting")]
    interface = ", ".join(counted(number, what) for number, what in parts if number)
    return ComponentRow(
        row.name, spec.title or row.name, row.version, ORIGINS.get(row.origin, row.origin), interface,
        figures.moment(row.created, now), row.archived is not None,
    )  # fmt: skip


def component_card(row: Component, versions: Iterable[Component], uses: Iterable[Draft], now: float) -> ComponentCard:
    """The card of a component, with all its versions and the pipelines that use one."""
    spec = ComponentSpec.from_json(row.spec)
    ports = [(f"Input {port.name}", _optional(str(port.type), port.optional)) for port in spec.inputs]
    ports += [(f"Output {port.name}", str(port.type)) for port in spec.outputs]
    packages = spec.environment.packages if spec.environment else []
    return ComponentCard(
        name=row.name,
        title=spec.title or row.name,
        description=spec.description,
        command=spec.command.program.strip(),
        ports=ports,
        settings=[(each.name, _setting(each.type, each.default, each.optional)) for each in spec.parameters],
        versions=[VersionRow(each.version, figures.moment(each.created, now), each.is_default) for each in versions],
        uses=[Use(draft.name, f"/pipelines/{draft.id}") for draft in uses],
        environment=_environment(spec, packages),
        packages=[*packages[:PACKAGES], *(["…"] if len(packages) > PACKAGES else [])],
        is_archived=row.archived is not None,
    )


def environment_row(made: Made, now: float) -> EnvironmentRow:
    """The line of an environment."""
    names = [package.partition("==")[0] for package in made.packages]
    listed = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    return EnvironmentRow(
        made.key[:8], made.python, listed, figures.bytes_in_words(made.bytes), figures.moment(made.used, now)
    )


def _environment(spec: ComponentSpec, packages: Sequence[str]) -> str:
    if spec.environment is None:
        return "Designer's own"
    python = f"Python {spec.environment.python}, " if spec.environment.python else ""
    return f"{python}{counted(len(packages), 'package')}"


def _setting(type: str, default: object, is_optional: bool) -> str:
    return _optional(type if default is None else f"{type} = {default}", is_optional)


def _optional(text: str, is_optional: bool) -> str:
    return f"{text}, optional" if is_optional else text
