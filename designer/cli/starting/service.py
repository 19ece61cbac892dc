"""`designer service`: a systemd user unit that keeps Designer running, so that schedules are kept, too."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from designer import settings
from designer.cli.options import Json, Workspace, folder_of, print_json
from designer.contract.errors import DesignerError, FileMissing
from designer.workbench.publishing import address_of

app = typer.Typer(no_args_is_help=True, help="A service of this user, which starts Designer with the computer.")

Start = Annotated[bool, typer.Option("--start/--no-start", help="Start it now, and with each login.")]
_PLAIN = re.compile(r"[A-Za-z0-9_./:@+=,-]+")


class NoServiceManager(DesignerError):
    """systemd cannot be reached."""


@app.command("install")
def install(
    workspace: Workspace = None,
    port: Annotated[int, typer.Option(min=1, max=65534, metavar="N", help="Port of the page.")] = settings.DEFAULT_PORT,
    start: Start = True,
    json: Json = False,
) -> None:
    """Write a systemd user unit for a workspace and start it. `loginctl enable-linger` keeps it without a login."""
    folder = folder_of(workspace)
    place = unit_place(folder)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(unit_of(folder, port), encoding="utf-8")
    if start:
        _systemctl("daemon-reload")
        _systemctl("enable", "--now", place.name)
    _print(place, json=json, words=f"written{' and started' if start else ''}")
    if not json:
        print(f"It ends with your login; to keep it: loginctl enable-linger {os.environ.get('USER', '$USER')}")


@app.command("remove")
def remove(workspace: Workspace = None, stop: Start = True, json: Json = False) -> None:
    """End the service of a workspace and remove its unit."""
    place = unit_place(folder_of(workspace))
    if not place.exists():
        raise FileMissing("no service is installed for this workspace", "Install one: designer service install.")
    if stop:
        _systemctl("disable", "--now", place.name)
    place.unlink()
    if stop:
        _systemctl("daemon-reload")
    _print(place, json=json, words="removed")


@app.command("show")
def show(workspace: Workspace = None) -> None:
    """Print the unit as it would be written."""
    folder = folder_of(workspace)
    place = unit_place(folder)
    print(place.read_text(encoding="utf-8") if place.exists() else unit_of(folder, settings.DEFAULT_PORT), end="")


def unit_place(workspace: Path) -> Path:
    """The file of the unit of a workspace."""
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    name = "default" if workspace.name == ".designer" else workspace.name
    return home / "systemd" / "user" / f"designer-{address_of(f'{workspace.parent.name} {name}')}.service"


def unit_of(workspace: Path, port: int) -> str:
    """The text of the unit."""
    limits = [f"Environment={name}={value}" for name in (settings.RUNS_AT_ONCE, settings.WAITING_RUNS)
              if (value := os.environ.get(name))]  # fmt: skip
    words = [sys.executable, "-m", "designer", "start", "--workspace", str(workspace), "--port", str(port), "--no-open"]
    lines = [
        "[Unit]",
        f"Description=Designer on {_escaped(str(workspace))}",
        "After=network.target",
        "",
        "[Service]",
        f"ExecStart={' '.join(map(_quoted, words))}",
        f"WorkingDirectory={_escaped(str(workspace.parent))}",
        *limits,
        "Restart=on-failure",
        "RestartSec=5",
        "KillMode=mixed",
        "TimeoutStopSec=60",
        "",
        "[Install]",
        "WantedBy=default.target",
    ]
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    """Without specifiers of systemd."""
    return text.replace("%", "%%")


def _quoted(text: str) -> str:
    """A word of ExecStart: no specifier, variable or quote in it is interpreted."""
    plain = _escaped(text).replace("$", "$$")
    return plain if _PLAIN.fullmatch(plain) else '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _systemctl(*words: str) -> None:
    program = shutil.which("systemctl")
    if program is None:
        raise NoServiceManager("this computer has no systemd", "Start Designer by hand: designer start.")
    ended = subprocess.run([program, "--user", *words], capture_output=True, text=True)  # noqa: S603
    if ended.returncode != 0:
        said = ended.stderr.strip().splitlines()[-1:] or ["it gave no reason"]
        raise NoServiceManager(f"systemctl {words[0]} failed ({said[0].rstrip('.')})",
                               "Write the unit only with --no-start.")  # fmt: skip


def _print(place: Path, *, json: bool, words: str) -> None:
    if json:
        print_json({"unit": str(place)})
    else:
        print(f"{place}: {words}")
