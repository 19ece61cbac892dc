"""Components of scripts: their names, their sources, and what is refused before anything is packed."""

from __future__ import annotations

from pathlib import Path

import pytest

from designer.contract.component import InvalidComponent
from designer.contract.errors import DesignerError, FileMissing
from designer.registry.scripts import Interface, NotPython, component_name, script_source


def script(folder: Path, name: str = "prep.py", text: str = "x = 1\n") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    return folder / name


def test_a_script_outside_its_source_gets_the_closest_name(tmp_path: Path) -> None:
    script(tmp_path / "prep", "prepare.py")
    with pytest.raises(FileMissing, match=r"script 'prep\.py' is not in 'prep' \(1 file\).*'prepare\.py'"):
        script_source(tmp_path / "prep" / "prep.py")


def test_a_script_that_an_ignore_file_leaves_out_says_so(tmp_path: Path) -> None:
    file = script(tmp_path / "prep")
    (tmp_path / "prep" / ".gitignore").write_text("*.py\n")
    with pytest.raises(FileMissing, match="left out by an ignore file"):
        script_source(file)


def test_a_syntax_error_names_its_line(tmp_path: Path) -> None:
    file = script(tmp_path / "prep", text="x = 1\nif x\n")
    with pytest.raises(NotPython, match=r"prep\.py.*row 2") as refused:
        script_source(file)
    assert refused.value.place.row == 2


def test_a_source_folder_may_lie_above_the_script(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    script(tmp_path / "src" / "steps")
    made = script_source("steps/prep.py", source=tmp_path / "src")
    assert made.spec.command.program == "steps/prep.py"
    again = script_source(tmp_path / "src" / "steps" / "prep.py", source=tmp_path / "src")
    assert again.spec.command == made.spec.command


def test_an_argument_that_refers_to_nothing_is_refused_with_the_names_there_are(tmp_path: Path) -> None:
    made = script_source(script(tmp_path / "prep"), [{"output": "nowhere"}], Interface())
    with pytest.raises(InvalidComponent, match=r"unknown output 'nowhere'\. Its outputs: none"):
        made.spec.anonymous().checked()


def test_the_digest_follows_code_and_interface_and_no_texts(tmp_path: Path) -> None:
    first = script_source(script(tmp_path / "prep"), title="One", description="A", name="one").spec
    second = script_source(script(tmp_path / "prep"), title="Two", description="B", name="two").spec
    assert first.digest == second.digest
    assert script_source(script(tmp_path / "prep", text="x = 2\n")).spec.digest != first.digest
    assert script_source(script(tmp_path / "prep"), ["--fast"]).spec.digest != first.digest


@pytest.mark.parametrize(
    ("text", "name"), [("prep", "prep"), ("my step", "my_step"), ("01-clean", "step_01_clean"), ("ä", "step")]
)
def test_any_file_name_gives_a_component_name(text: str, name: str) -> None:
    assert component_name(text) == name


def test_a_path_outside_the_source_is_refused(tmp_path: Path) -> None:
    script(tmp_path / "src")
    other = script(tmp_path / "other")
    with pytest.raises(DesignerError, match="is not in 'src'"):
        script_source(other, source=tmp_path / "src")
