"""The names of the package `mldesigner` that files of components import, as declarations of Designer's components."""

from __future__ import annotations

from typing import Any

from designer.step.declare import Declared, component

__all__ = ["Input", "Output", "command_component"]


class Input(Declared):
    """An input or setting: `Input(type="uri_folder")`, `Input(type="number", min=0, max=1)`."""

    def __init__(
        self,
        *,
        type: str = "uri_folder",
        path: Any = None,
        mode: str | None = None,
        optional: bool | None = None,
        description: str | None = None,
        default: Any = None,
        min: float | None = None,
        max: float | None = None,
        enum: Any = None,
    ) -> None:
        if enum is not None and hasattr(enum, "__members__"):
            enum = [member.value for member in enum]
        super().__init__(
            type,
            description=description or "",
            optional=bool(optional),
            default=default,
            minimum=min,
            maximum=max,
            choices=enum or (),
        )


class Output(Declared):
    """An output: `Output(type="uri_folder")`."""

    is_output = True

    def __init__(
        self, *, type: str = "uri_folder", path: Any = None, mode: str | None = None, description: str | None = None
    ) -> None:
        super().__init__(type, description=description or "")


def command_component(
    func: Any = None,
    *,
    name: str | None = None,
    version: str | None = None,
    display_name: str | None = None,
    description: str | None = None,
    is_deterministic: bool | None = None,
    tags: Any = None,
    environment: Any = None,
    distribution: Any = None,
    resources: Any = None,
    code: Any = None,
    instance_count: int | None = None,
    **compute: Any,
) -> Any:
    """Declare a function as a component. Where it is to run on a cluster is ignored; several computers are refused."""
    if distribution or instance_count not in (None, 1):
        raise ValueError("'distribution' and 'instance_count' ask for several computers; Designer runs it on one")
    return component(
        func,
        name=name or "",
        version=version or "",
        title=display_name or "",
        description=description or "",
        environment=environment,
        source=code,
        reuse=is_deterministic is not False,
    )
