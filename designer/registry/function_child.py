"""Read the components of a Python file in a process of its own: `python -m designer.registry.function_child FILE`.

Reading executes the file. What it prints is printed on; the components are written to the file named second.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import designer.step.compat
from designer.contract.errors import DesignerError
from designer.registry.functions import function_source, is_declared


def main(file: Path, answer: Path) -> None:
    """Write the components of a file, or why there are none, as JSON."""
    sys.path[:0] = [str(file.parent)]
    sys.path.append(str(Path(designer.step.compat.__file__).parent))
    try:
        document: dict[str, Any] = {"components": [_described(each) for each in _declared(_loaded(file))]}
    except DesignerError as error:
        document = {"error": error.to_json()}
    except ModuleNotFoundError as error:
        document = {"missing": error.name}
    except BaseException as error:  # also sys.exit of the file
        document = {"problem": f"{type(error).__name__}: {error}"}
    answer.write_text(json.dumps(document), encoding="utf-8")


def _loaded(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    return module


def _declared(module: ModuleType) -> list[Any]:
    """The functions that the file itself declares, without those that it imports."""
    functions = [getattr(value, "function", value) for value in vars(module).values()]
    own = [each for each in functions if is_declared(each) and each.__module__ == module.__name__]
    return list(dict.fromkeys(own))


def _described(function: Any) -> dict[str, Any]:
    source = function_source(function)
    files = source.files
    return {"spec": source.spec.to_json(), "folder": str(files.folder), "sizes": dict(files.sizes)}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
