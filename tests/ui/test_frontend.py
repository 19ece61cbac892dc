"""The pages are rebuilt if and only if their sources have changed."""

import json
import shutil
from pathlib import Path

import pytest

from designer import settings
from designer.ui.http.frontend import BuildFailedError, ensure_built, keep_lock, source_hash
from designer.ui.http.javascript import BUN_VERSION, bun_version, find_bun

STAMP = "sources.blake2"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    copy = tmp_path / "source"
    original = settings.web_project_source()
    for name in ("assets", "reflex.lock"):
        shutil.copytree(original / name, copy / name, ignore=shutil.ignore_patterns("external"))
    shutil.copyfile(original / "rxconfig.py", copy / "rxconfig.py")
    return copy


def test_hash_is_the_same_for_the_same_sources(source: Path) -> None:
    assert source_hash(source) == source_hash(settings.web_project_source())


@pytest.mark.parametrize("name", ["assets/tokens.css", "reflex.lock/bun.lock", "rxconfig.py", "assets/new.css"])
def test_hash_changes_with_every_source(source: Path, name: str) -> None:
    before = source_hash(source)
    with (source / name).open("a") as file:
        file.write("\n/* changed */\n")
    assert source_hash(source) != before


def test_hash_changes_when_a_file_is_renamed(source: Path) -> None:
    before = source_hash(source)
    (source / "assets/home.css").rename(source / "assets/start.css")
    assert source_hash(source) != before


def test_links_that_reflex_makes_are_not_sources(source: Path) -> None:
    before = source_hash(source)
    (source / "assets/external").mkdir()
    (source / "assets/external/made.css").write_text("x")
    assert source_hash(source) == before


def test_a_finished_build_is_not_repeated(tmp_path: Path) -> None:
    built = tmp_path / ".web/build/client"
    built.mkdir(parents=True)
    (built / "index.html").write_text("built before")
    (tmp_path / STAMP).write_text(source_hash(settings.web_project_source()))
    assert ensure_built(tmp_path) == tmp_path
    assert (built / "index.html").read_text() == "built before"
    assert not (tmp_path / "rxconfig.py").exists()


def test_a_failed_build_shows_why_and_is_tried_again(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source / "rxconfig.py").write_text("raise SystemExit('the planted defect')\n")
    monkeypatch.setattr(settings, "web_project_source", lambda: source)
    folder = tmp_path / "web"
    with pytest.raises(BuildFailedError, match="the planted defect") as problem:
        ensure_built(folder)
    assert str(folder / "build.log") in str(problem.value)
    assert not (folder / STAMP).exists()


def test_lock_is_written_one_way(tmp_path: Path) -> None:
    resolved = tmp_path / "web" / "reflex.lock"
    resolved.mkdir(parents=True)
    (resolved / "bun.lock").write_text("{}")
    (resolved / "package.json").write_text('{"name":"reflex","dependencies":{"react":"19.0.0"}}')
    keep_lock(tmp_path / "web", tmp_path)
    text = (tmp_path / "reflex.lock" / "package.json").read_text()
    assert text == json.dumps(json.loads(text), indent=2) + "\n"
    assert "\n  " in text


def test_committed_lock_names_no_host() -> None:
    for name in ("bun.lock", "package.json"):
        assert "://" not in (settings.web_project_source() / "reflex.lock" / name).read_text()


def test_bun_that_does_not_run_has_no_version(tmp_path: Path) -> None:
    broken = tmp_path / "bun"
    broken.write_text("not a program")
    assert bun_version(broken) == (0,)
    assert bun_version(tmp_path / "missing") == (0,)


def test_old_bun_on_path_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bun = find_bun(settings.tools_folder())
    old = tmp_path / "bun"
    old.write_text("#!/bin/sh\necho 1.0.0\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert bun_version(old) < BUN_VERSION
    assert find_bun(settings.tools_folder()) != old
    assert bun_version(bun) >= BUN_VERSION
