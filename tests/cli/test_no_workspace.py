"""Commands without a workspace: those that only read do not create one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from typer.main import get_command

from designer.cli.app import app
from tests.cli.terminal import designer

MAKE_ONE = {
    "start", "run file", "infer", "deploy", "export", "dataset add", "pipeline new", "pipeline import", "component add",
    "datastore add", "published add", "compute add", "tune",
}  # fmt: skip
NEED_NONE = {"check", "modules", "samples", "schema", "service install", "service remove", "service show", "worker"}


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command without subcommands, by its words."""

    def below(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
        children = getattr(command, "commands", {})
        for name, child in children.items():
            yield from below(child, (*words, name))
        if not children:
            yield " ".join(words), command

    yield from below(get_command(app), ())


COMMANDS = dict(commands())


def required(command: click.Command, file: Path) -> Iterator[str]:
    """Placeholder values for the required arguments and options of a command."""
    for parameter in command.params:
        if parameter.required:
            value = "1" if parameter.name == "version" else str(file)
            yield from [value] if parameter.param_type_name == "argument" else [parameter.opts[0], value]


@pytest.mark.parametrize("words", sorted(COMMANDS.keys() - MAKE_ONE - NEED_NONE))
def test_a_command_that_looks_says_that_there_is_no_workspace_and_makes_none(words: str, tmp_path: Path) -> None:
    folder, file = tmp_path / "no workspace", tmp_path / "rows.csv"
    file.write_text("a\n1\n")
    message = designer(*words.split(), *required(COMMANDS[words], file), workspace=folder, code=2).stderr
    assert message == (
        f"designer: there is no workspace in {folder}. Name another with --workspace, or make one here: "
        f"designer start --workspace '{folder}'.\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["rows.csv"]


def test_the_names_above_are_those_of_commands() -> None:
    assert COMMANDS.keys() >= MAKE_ONE | NEED_NONE


def test_a_document_is_checked_without_a_workspace(tmp_path: Path) -> None:
    designer("samples", "--write", str(tmp_path / "examples"), workspace=tmp_path)
    document = tmp_path / "examples" / "census-income.json"
    assert designer("check", str(document), workspace=tmp_path / "none").returncode == 0
    assert not (tmp_path / "none").exists()


READ_A_DOCUMENT = [
    "run FILE", "check FILE", "infer FILE -o x.json", "deploy FILE --name x", "pipeline import FILE",
    "published add x --file FILE",
]  # fmt: skip


@pytest.mark.parametrize("line", READ_A_DOCUMENT)
def test_a_document_that_is_not_there_or_is_none_makes_no_workspace(line: str, tmp_path: Path) -> None:
    (tmp_path / "list.json").write_text("[]")
    for name, problem in (("nothing.json", "cannot be read"), ("list.json", "list.json: ")):
        words = [str(tmp_path / name) if word == "FILE" else word for word in line.split()]
        assert problem in designer(*words, workspace=tmp_path / "none", code=2).stderr
    assert not (tmp_path / "none").exists()


def test_a_file_of_rows_that_is_not_there_makes_no_workspace(tmp_path: Path) -> None:
    refused = designer("dataset", "add", str(tmp_path / "rows.csv"), workspace=tmp_path / "none", code=2)
    assert "there is no such file" in refused.stderr
    assert not (tmp_path / "none").exists()


REFUSED = [
    "run EXAMPLE --set nothing.x=1", "run EXAMPLE --to nothing", "run EXAMPLE --param nothing=1", "component add EMPTY",
    "dataset add EMPTY", "pipeline import EMPTY", "published add x --file EMPTY",
]  # fmt: skip


@pytest.mark.parametrize("line", REFUSED)
def test_a_refused_command_leaves_no_new_workspace(line: str, tmp_path: Path) -> None:
    designer("samples", "--write", str(tmp_path / "examples"), workspace=tmp_path)
    files = {"EXAMPLE": tmp_path / "examples" / "census-income.json", "EMPTY": tmp_path / "empty.yml"}
    files["EMPTY"].touch()
    words = [str(files.get(word, word)) for word in line.split()]
    designer(*words, workspace=tmp_path / "new" / "folder", code=2)
    assert not (tmp_path / "new").exists()


def test_a_refused_command_leaves_the_files_of_a_folder_that_was_there(tmp_path: Path) -> None:
    (tmp_path / "empty.yml").touch()
    designer("component", "add", str(tmp_path / "empty.yml"), workspace=tmp_path, code=2)
    assert [path.name for path in tmp_path.iterdir()] == ["empty.yml"]


def test_a_refused_command_leaves_an_empty_workspace_that_was_there(tmp_path: Path) -> None:
    designer("pipeline", "list", workspace=tmp_path, code=2)
    designer("pipeline", "new", workspace=tmp_path)
    (tmp_path / "empty.yml").touch()
    designer("component", "add", str(tmp_path / "empty.yml"), workspace=tmp_path, code=2)
    assert "Untitled" in designer("pipeline", "list", workspace=tmp_path).stdout
