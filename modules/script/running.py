"""Run a user script with the files of its bundle."""

from __future__ import annotations

import linecache
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from designer.contract.errors import DesignerError
from designer.contract.values import Archive


class UnreadableBundle(DesignerError):
    """The files of a script bundle cannot be unpacked (0102)."""

    code = "0102"


def run_script(source: str, dataframe1: Any, dataframe2: Any) -> Any:
    """Call `azureml_main` of this source with two tables (None if not wired)."""
    namespace: dict[str, Any] = {"__name__": "script", "__file__": "script.py"}
    linecache.cache["script.py"] = (len(source), None, source.splitlines(keepends=True), "script.py")
    exec(compile(source, "script.py", "exec"), namespace)  # noqa: S102  (the module's purpose)
    entry = namespace["azureml_main"]
    if not callable(entry):
        raise TypeError(f"azureml_main is of type {type(entry).__name__}, not a function")
    return entry(dataframe1, dataframe2)


@contextmanager
def unpacked(bundle: Archive | None) -> Iterator[None]:
    """With a bundle, change to a temporary folder with its files in `./Script Bundle`, last on `sys.path`.

    Files of the bundle do not shadow installed modules, and modules of other bundles are not visible.
    """
    if bundle is None:
        yield
        return
    before = os.getcwd()
    with tempfile.TemporaryDirectory(prefix="designer-script-") as folder:
        target = Path(folder, "Script Bundle")
        unpack_bundle(bundle, target)
        os.chdir(folder)
        sys.path.append(str(target))
        try:
            yield
        finally:
            _forget(target)
            os.chdir(before)


def unpack_bundle(bundle: Archive, folder: Path) -> None:
    """Write the files of a bundle to a folder. Raises UnreadableBundle for a name that leaves it."""
    for name, content in bundle.files.items():
        parts = PurePosixPath(name)
        if parts.is_absolute() or ".." in parts.parts or "\\" in name or "\0" in name:
            raise UnreadableBundle(
                f"the bundle holds an unsafe name {name!r}", "Use plain relative names.", port="Script bundle"
            )
        path = folder / parts
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    folder.mkdir(parents=True, exist_ok=True)


def _forget(folder: Path) -> None:
    """Unload a folder's modules: the next script may import others of the same names."""
    sys.path[:] = [place for place in sys.path if place != str(folder)]
    for name, module in list(sys.modules.items()):
        places = [getattr(module, "__file__", None), *getattr(module, "__path__", ())]
        if any(place and Path(place).is_relative_to(folder) for place in places):
            del sys.modules[name]
