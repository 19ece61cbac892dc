"""What a program finds as `designer.sdk`: the names that declare components; others are refused where they are used.

So the file of a component may also hold the code that registers and runs it, below `if __name__ == "__main__":`.
"""

from __future__ import annotations

from typing import Any, NoReturn

from designer.step.declare import File, Folder, Input, Model, Output, Table, component

__all__ = ["File", "Folder", "Input", "Model", "Output", "Table", "component"]


class NotInPrograms:
    """A name that only works outside of programs."""

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __call__(self, *values: Any, **named: Any) -> NoReturn:
        raise RuntimeError(
            f"'{self.__name__}' of designer.sdk cannot be used in a program. "
            'Put the lines that use it below: if __name__ == "__main__":'
        )

    def __getattr__(self, name: str) -> NotInPrograms:
        if name.startswith("__"):
            raise AttributeError(name)
        return NotInPrograms(f"{self.__name__}.{name}")


def __getattr__(name: str) -> NotInPrograms:
    if name.startswith("__"):
        raise AttributeError(name)
    return NotInPrograms(name)
