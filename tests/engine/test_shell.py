"""Placeholders in command lines: values arrive as they are, in every kind of quotes, and nothing is executed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from designer.engine.programs.shell import UnsafePlaceholder, shell_line

HOSTILE = "a b'c\"d $(touch pwned) `touch pwned` ; touch pwned & \\ *\n${HOME} é"


def run(line: str, inputs: dict[str, str], outputs: dict[str, str], folder: Path) -> str:
    text, variables = shell_line(line, inputs, outputs)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text], cwd=folder, env={**os.environ, **variables}, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


@pytest.mark.parametrize(
    "line",
    [
        "printf %s ${{inputs.x}}",
        "printf %s ${{ inputs.x }}",
        'printf %s "${{inputs.x}}"',
        "printf %s '${{inputs.x}}'",
        'printf %s "$(printf %s ${{inputs.x}})"',
        'printf %s "$(printf %s "${{inputs.x}}")"',
        "printf %s \"`printf %s '${{inputs.x}}'`\"",
        "y=${{inputs.x}}; printf %s \"$y\"",
        "printf %s \"'\"${{inputs.x}}\"'\" | sed -z \"s/^'//;s/'$//\"",
        "printf '%s' \\\n  ${{inputs.x}}",
        "(printf %s ${{inputs.x}})",
    ],
)  # fmt: skip
def test_a_hostile_value_arrives_as_it_is_wherever_it_stands(line: str, tmp_path: Path) -> None:
    assert run(line, {"x": HOSTILE}, {}, tmp_path) == HOSTILE
    assert list(tmp_path.iterdir()) == []


def test_paths_of_inputs_and_outputs_are_filled_in(tmp_path: Path) -> None:
    line = "cp ${{inputs.data}} ${{outputs.model.path}}/copy"
    (tmp_path / "in put").write_text("rows")
    (tmp_path / "out").mkdir()
    run(line, {"data": str(tmp_path / "in put")}, {"model": str(tmp_path / "out")}, tmp_path)
    assert (tmp_path / "out" / "copy").read_text() == "rows"


@pytest.mark.parametrize(("inputs", "printed"), [({"seed": "7"}, "fit --seed 7 end"), ({}, "fit  end")])
def test_an_optional_group_is_left_out_without_its_value(inputs: dict[str, str], printed: str, tmp_path: Path) -> None:
    assert run("printf '%s' \"fit $[[--seed ${{inputs.seed}}]] end\"", inputs, {}, tmp_path) == printed


def test_a_placeholder_in_arithmetic_is_refused() -> None:
    with pytest.raises(UnsafePlaceholder, match="would be executed"):
        shell_line("echo $(( 1 + ${{inputs.x}} ))", {"x": "a[$(touch pwned)]"}, {})


def test_escaped_quotes_do_not_start_a_quoted_text(tmp_path: Path) -> None:
    assert run("printf '%s|' \\\" ${{inputs.x}} \\'", {"x": "a b"}, {}, tmp_path) == "\"|a b|'|"


def test_a_placeholder_after_arithmetic_is_filled_in(tmp_path: Path) -> None:
    assert run("printf '%s ' $((1+2)) ${{inputs.x}}", {"x": "a  b"}, {}, tmp_path) == "3 a  b "
