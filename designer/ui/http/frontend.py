"""Build the front end once per change of its sources, fetching bun where none is found."""

import argparse
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from designer import settings
from designer.ui.http.javascript import find_bun, npm_registry

_STAMP = "sources.blake2"
_LOG = "build.log"
_SOURCE_SUFFIXES = {".py", ".js", ".jsx", ".ts", ".tsx", ".css", ".svg", ".woff2", ".json", ".lock"}


class BuildFailedError(RuntimeError):
    """The front end could not be built; the message names the log."""


def ensure_built(web_folder: Path | None = None) -> Path:
    """Build the front end if its sources changed since the last build; return the folder to serve from.

    Raises BuildFailedError where the build fails.
    """
    folder = web_folder or settings.web_folder()
    source = settings.web_project_source()
    folder.mkdir(parents=True, exist_ok=True)
    with _exclusive(folder):
        wanted = source_hash(source)
        if _built_hash(folder) != wanted:
            (folder / _STAMP).unlink(missing_ok=True)
            _stage(source, folder)
            _export(folder)
            (folder / _STAMP).write_text(wanted, encoding="utf-8")
    return folder


def source_hash(source: Path) -> str:
    """A hash of everything that goes into the built pages."""
    digest = hashlib.blake2b(digest_size=16)
    digest.update(f"{settings.installed_version()} {sys.version_info[:2]}".encode())
    package = Path(__file__).resolve().parents[2]
    # Pages use the kinds and roles of the contract and the options of reading; other packages only while serving.
    for root in (
        *(package / name for name in ("ui", "contract", "reading")),
        source / "assets",
        source / "reflex.lock",
    ):
        for path in _source_files(root):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0")
            digest.update(hashlib.blake2b(path.read_bytes()).digest())
    digest.update((source / "rxconfig.py").read_bytes())
    return digest.hexdigest()


@cache
def build_of_sources() -> str:
    """The build hash of this program's sources, cached; a built page holds that of the program that built it."""
    return source_hash(settings.web_project_source())


def served_build() -> str:
    """The build hash served from the working folder; empty where the pages are served by something else."""
    stamp = Path(_STAMP)
    return stamp.read_text(encoding="utf-8") if stamp.is_file() else ""


def keep_lock(web_folder: Path, source: Path) -> None:
    """Copy the npm versions that the build resolved back to the sources, in canonical form."""
    target = source / "reflex.lock"
    target.mkdir(exist_ok=True)
    shutil.copyfile(web_folder / "reflex.lock" / "bun.lock", target / "bun.lock")
    package = json.loads((web_folder / "reflex.lock" / "package.json").read_text(encoding="utf-8"))
    (target / "package.json").write_text(json.dumps(package, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Build the front end; with --keep-lock also record the npm versions in the sources."""
    parser = argparse.ArgumentParser(prog="python -m designer.ui.http.frontend", description=main.__doc__)
    parser.add_argument("--keep-lock", action="store_true", help="copy the resolved versions to reflex.lock/")
    wanted = parser.parse_args()
    try:
        folder = ensure_built()
    except BuildFailedError as problem:
        sys.exit(str(problem))
    if wanted.keep_lock:
        keep_lock(folder, settings.web_project_source())
    sys.stdout.write(f"{folder}\n")


def _source_files(root: Path) -> list[Path]:
    if not root.is_dir():
        return []
    files = (p for p in root.rglob("*") if p.is_file() and p.suffix in _SOURCE_SUFFIXES)
    return sorted(p for p in files if "external" not in p.relative_to(root).parts)


def _built_hash(folder: Path) -> str | None:
    stamp = folder / _STAMP
    built = folder / ".web" / "build" / "client" / "index.html"
    return stamp.read_text(encoding="utf-8") if stamp.is_file() and built.is_file() else None


def _stage(source: Path, folder: Path) -> None:
    """Copy what Reflex reads from its working folder, so that a build never writes into the sources."""
    shutil.copyfile(source / "rxconfig.py", folder / "rxconfig.py")
    for name in ("assets", "reflex.lock"):
        shutil.rmtree(folder / name, ignore_errors=True)
        if (source / name).is_dir():
            shutil.copytree(source / name, folder / name, ignore=shutil.ignore_patterns("external"))
    (folder / ".reflex").mkdir(exist_ok=True)


def _export(folder: Path) -> None:
    sys.stderr.write("Designer: building the pages, about half a minute the first time\n")
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip", "--env", "prod"]
    log = folder / _LOG
    with log.open("wb") as output:
        finished = subprocess.run(  # noqa: S603 - a fixed command
            command, cwd=folder, env=_build_environment(folder), stdout=output, stderr=subprocess.STDOUT
        )
    if finished.returncode != 0 or not (folder / ".web/build/client/index.html").is_file():
        tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-25:])
        raise BuildFailedError(
            f"front end build: `reflex export` ended with code {finished.returncode}. "
            f"The whole log is in {log}; its end:\n{tail}"
        )


def _build_environment(folder: Path) -> dict[str, str]:
    try:
        bun = find_bun(settings.tools_folder())
    except (OSError, subprocess.CalledProcessError) as problem:
        raise BuildFailedError(f"front end build: bun could not be obtained: {problem}") from problem
    env = {name: value for name, value in os.environ.items() if not name.startswith("__REFLEX")}
    env.pop("REFLEX_BACKEND_ONLY", None)
    env |= {
        "REFLEX_BUN_PATH": str(bun),
        "REFLEX_DIR": str(folder / ".reflex"),
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
    }
    registry = npm_registry(settings.tools_folder())
    return env | ({"NPM_CONFIG_REGISTRY": registry} if registry else {})


@contextmanager
def _exclusive(folder: Path) -> Iterator[None]:
    """Serialize concurrent builds; the second finds the build done."""
    with (folder / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    main()
