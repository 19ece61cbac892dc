"""Folders, addresses and limits. Read only at the doors: the command line, ui/app and the process entry points."""

import difflib
import os
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from designer.contract.errors import InvalidParameter

HOST = "127.0.0.1"
"""Designer listens on loopback addresses only; a network needs a named owner first."""

HOST_V6 = "::1"
"""The same in IPv6: what `localhost` means first on many machines."""

DEFAULT_PORT = 8321
DEFAULT_SCORING_PORT = DEFAULT_PORT + 1


@dataclass(frozen=True)
class Limits:
    """Sizes above which a request is refused rather than served slowly."""

    body_bytes: int = 2 * 1024 * 1024
    """Largest body of an ordinary request."""

    upload_bytes: int = 4 * 1024**3
    """Largest file sent to the upload route."""


RUNS_AT_ONCE = "DESIGNER_RUNS_AT_ONCE"
WAITING_RUNS = "DESIGNER_WAITING_RUNS"
VARIABLES = (
    "DESIGNER_KEY", "DESIGNER_PORT", RUNS_AT_ONCE, "DESIGNER_STARTED_BY", "DESIGNER_TOKEN", WAITING_RUNS,
    "DESIGNER_WEB_DIR", "DESIGNER_WORKSPACE",
)  # fmt: skip
"""Everything that is read from the environment."""


def misspelt_variables() -> dict[str, str]:
    """Variables that are set and look like one of ours, with the one that may be meant."""
    names = [name for name in os.environ if name.startswith("DESIGN") and name not in VARIABLES]
    close = {name: difflib.get_close_matches(name, VARIABLES, 1, 0.8) for name in names}
    return {name: meant[0] for name, meant in close.items() if meant}


def runs_at_once() -> int:
    """How many runs the engine executes at once. Raises InvalidParameter for a variable that is no number."""
    return _whole_number(RUNS_AT_ONCE, 4, 1, 64)


def waiting_runs() -> int:
    """How many more runs may be queued before the next is refused. Raises InvalidParameter as `runs_at_once`."""
    return _whole_number(WAITING_RUNS, 100, 0, 100_000)


def _whole_number(variable: str, default: int, least: int, most: int) -> int:
    text = os.environ.get(variable, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 9 or not least <= int(text) <= most:
        problem = f"the environment variable {variable} is '{text[:40]}'"
        raise InvalidParameter(problem, f"Use a whole number from {least} to {most:,}, or unset it.")
    return int(text)


def default_workspace() -> Path:
    """The folder that holds pipelines, data and results unless one is named."""
    named = os.environ.get("DESIGNER_WORKSPACE")
    return Path(named).resolve() if named else Path.cwd() / ".designer"


def served_workspace() -> str:
    """The address that DESIGNER_WORKSPACE names, which the SDK reaches with a token; empty for a folder."""
    named = os.environ.get("DESIGNER_WORKSPACE", "")
    return named if named.startswith(("http://", "https://")) else ""


def access_token() -> str:
    """The token with which the SDK reaches a served workspace; empty where none is set."""
    return os.environ.get("DESIGNER_TOKEN", "").strip()


def default_port() -> int:
    """The port of the web page: what `designer.ui.server` announced to the pages it serves."""
    return int(os.environ.get("DESIGNER_PORT", DEFAULT_PORT))


def checkout_root() -> Path | None:
    """The folder of the source checkout, or None when Designer is installed as a wheel."""
    root = Path(__file__).resolve().parent.parent
    return root if (root / "rxconfig.py").is_file() and (root / "assets").is_dir() else None


def web_project_source() -> Path:
    """Where rxconfig.py, assets and reflex.lock are read from."""
    return checkout_root() or Path(__file__).resolve().parent / "web_project"


def web_folder() -> Path:
    """Where the front end is built; DESIGNER_WEB_DIR overrides it."""
    named = os.environ.get("DESIGNER_WEB_DIR")
    if named:
        return Path(named).resolve()
    root = checkout_root()
    return root / ".web" if root else cache_folder() / f"web-{installed_version()}"


def tools_folder() -> Path:
    """Where bun is kept when the machine has none."""
    root = checkout_root()
    return root / ".tools" if root else cache_folder() / "tools"


def installed_version() -> str:
    """The version of the installed distribution."""
    try:
        return version("designer-ml")
    except PackageNotFoundError:
        return "0"


def has_a_screen() -> bool:
    """Whether a browser can be opened. Without one, Python would start one for the terminal, over what is printed."""
    elsewhere = sys.platform in ("darwin", "win32")
    return elsewhere or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))


def cache_folder() -> Path:
    """The folder of what can be made again: the front end, tools, the list of modules."""
    named = os.environ.get("XDG_CACHE_HOME")
    if named:
        return Path(named) / "designer"
    home = Path.home()
    return (home / "Library" / "Caches" if sys.platform == "darwin" else home / ".cache") / "designer"
