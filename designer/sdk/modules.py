"""One function for each module: `from designer.sdk import modules as m; m.split_data(table, fraction=0.7)`.

They are those of the installed library and of the `modules` folder of the default workspace; `Workspace.modules` has
those of another one. `modules.pyi`, for editors and type checkers, is generated from the library (`make docs`).
"""

from __future__ import annotations

from designer.sdk.calls import Function, Functions
from designer.sdk.library import default_library


def __getattr__(name: str) -> Function:
    return getattr(Functions(default_library), name)  # type: ignore[no-any-return]


def __dir__() -> list[str]:
    return dir(Functions(default_library))
