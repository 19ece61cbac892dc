"""What is recorded of a Git repository, and that nothing of it is executed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from designer.registry import git
from designer.registry.git import CHANGED, CHANGED_COUNT, LISTED_FILES, git_properties, without_credentials

ROOT = Path(__file__).parent.parent.parent


def run_git(folder: Path, *words: str) -> str:
    settings = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "init.defaultBranch=main")
    command = ["git", *settings, *words]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A clean repository with two files and one commit."""
    folder = tmp_path / "project"
    (folder / "code").mkdir(parents=True)
    run_git(folder, "init")
    (folder / "code" / "train.py").write_text("print(1)\n")
    (folder / "notes.txt").write_text("a note\n")
    run_git(folder, "add", ".")
    run_git(folder, "commit", "-m", "First")
    return folder


def test_a_clean_repository_is_told_by_the_names_that_azure_uses(repository: Path) -> None:
    run_git(repository, "remote", "add", "origin", "https://ada:secret@example.com/ada/churn.git?token=1")
    commit = run_git(repository, "rev-parse", "HEAD")
    assert git_properties(repository / "code") == {
        "azureml.git.repository_uri": "https://example.com/ada/churn.git",
        "mlflow.source.git.repoURL": "https://example.com/ada/churn.git",
        "azureml.git.branch": "main",
        "mlflow.source.git.branch": "main",
        "azureml.git.commit": commit,
        "mlflow.source.git.commit": commit,
        "azureml.git.dirty": "False",
    }


def test_changed_staged_renamed_and_new_files_are_named(repository: Path) -> None:
    (repository / "code" / "train.py").write_text("print(2)\n")
    (repository / "a file.txt").write_text("staged")
    run_git(repository, "add", "a file.txt")
    run_git(repository, "mv", "notes.txt", "renamed notes.txt")
    (repository / "ünversioned.csv").write_text("x")
    properties = git_properties(repository / "code")
    assert properties["azureml.git.dirty"] == "True"
    assert properties[CHANGED] == ["a file.txt", "code/train.py", "renamed notes.txt", "ünversioned.csv"]
    assert properties[CHANGED_COUNT] == 4


def test_of_many_changed_files_the_first_are_named_and_all_are_counted(repository: Path) -> None:
    for number in range(LISTED_FILES + 20):
        (repository / f"{number:03}.txt").touch()
    properties = git_properties(repository)
    assert len(properties[CHANGED]) == LISTED_FILES
    assert properties[CHANGED_COUNT] == LISTED_FILES + 20


def test_without_commit_branch_or_remote_their_names_are_left_out(repository: Path, tmp_path: Path) -> None:
    run_git(repository, "checkout", "--detach")
    assert "azureml.git.branch" not in git_properties(repository)
    empty = tmp_path / "empty"
    empty.mkdir()
    run_git(empty, "init")
    assert git_properties(empty) == {
        "azureml.git.branch": "main", "mlflow.source.git.branch": "main", "azureml.git.dirty": "False",
    }  # fmt: skip


def test_a_folder_without_a_repository_has_no_properties(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert git_properties(tmp_path) == {}
    assert git_properties(tmp_path / "missing") == {}


def test_without_git_there_are_no_properties(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert git_properties(repository) == {}


def test_git_that_takes_too_long_is_given_up(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}:/usr/bin:/bin")
    monkeypatch.setattr(git, "SECONDS", 0.2)
    assert git_properties(repository) == {}


def test_programs_that_a_repository_names_are_not_started(repository: Path, tmp_path: Path) -> None:
    mark = tmp_path / "started"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho $0 >> {mark}\ncat\n")
    program.chmod(0o755)
    hooks = repository / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-index-change", "fsmonitor-watchman", "post-checkout"):
        (hooks / name).write_text(program.read_text())
        (hooks / name).chmod(0o755)
    included = tmp_path / "included"
    included.write_text(f'[filter "included"]\n\tclean = {program}\n')
    for name, value in {
        "core.fsmonitor": str(program),
        "core.hooksPath": str(hooks),
        "core.pager": str(program),
        "core.sshCommand": str(program),
        "filter.evil.clean": str(program),
        "filter.evil.process": str(program),
        "filter.evil.required": "true",
        "diff.external": str(program),
        "include.path": str(included),
    }.items():
        run_git(repository, "config", name, value)
    (repository / ".gitattributes").write_text("*.py filter=evil\n*.txt filter=included\n")
    (repository / "code" / "train.py").write_text("print(2)\n")  # of the same size: Git must read it
    (repository / "notes.txt").write_text("b note\n")
    properties = git_properties(repository)
    assert properties[CHANGED] == ["code/train.py", "notes.txt", ".gitattributes"]
    assert not mark.exists()
    subprocess.run(["git", "status"], cwd=repository, check=False, capture_output=True)
    assert mark.exists()  # a plain status starts them


def test_nothing_is_written_into_the_repository(repository: Path) -> None:
    (repository / "notes.txt").touch()
    before = (repository / ".git" / "index").read_bytes()
    git_properties(repository)
    assert (repository / ".git" / "index").read_bytes() == before


@pytest.mark.parametrize(
    ("address", "clean"),
    [
        ("https://user:p%40ss@example.com:8443/a/b.git", "https://example.com:8443/a/b.git"),
        ("https://token@example.com/a", "https://example.com/a"),
        ("https://a:b@c@example.com/a", "https://example.com/a"),
        ("ssh://git@example.com/a/b", "ssh://example.com/a/b"),
        ("git@example.com:a/b.git", "example.com:a/b.git"),
        ("example.com:a/b.git", "example.com:a/b.git"),
        ("/srv/git/a.git", "/srv/git/a.git"),
        ("../a@b/c.git", "../a@b/c.git"),
    ],
)
def test_remotes_are_kept_without_user_and_password(address: str, clean: str) -> None:
    assert without_credentials(address) == clean


def test_only_this_file_starts_git() -> None:
    for path in sorted((ROOT / "designer").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if path != Path(git.__file__):
            assert '"git"' not in text, path
