"""Folders, addresses and limits. Read only at the doors: the command line, ui/app and the process entry points."""

import os
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

HOST = "127.0.0.1"
"""Designer listens on loopback addresses only; a network needs a named owner first."""

HOST_V6 = "::1"
"""The same in IPv6: what `localhost` means first on many machines."""

DEFAULT_PORT = 8321


@dataclass(frozen=True)
class Limits:
    """Sizes above which a request is refused rather than served slowly."""

    body_bytes: int = 2 * 1024 * 1024
    """Largest body of an ordinary request."""

    upload_bytes: int = 4 * 1024**3
    """Largest file sent to the upload route."""


def default_workspace() -> Path:
    """The folder that holds pipelines, data and results unless one is named."""
    named = os.environ.get("DESIGNER_WORKSPACE")
    return Path(named).resolve() if named else Path.cwd() / ".designer"


def default_port() -> int:
    """The port of the web page unless one is named."""
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
    return root / ".web" if root else _cache_folder() / f"web-{installed_version()}"


def tools_folder() -> Path:
    """Where bun is kept when the machine has none."""
    root = checkout_root()
    return root / ".tools" if root else _cache_folder() / "tools"


def installed_version() -> str:
    """The version of the installed distribution."""
    try:
        return version("designer-ml")
    except PackageNotFoundError:
        return "0"


def _cache_folder() -> Path:
    named = os.environ.get("XDG_CACHE_HOME")
    if named:
        return Path(named) / "designer"
    home = Path.home()
    return (home / "Library" / "Caches" if sys.platform == "darwin" else home / ".cache") / "designer"
