"""References in pipeline jobs: `${{parent.inputs.x}}` and `${{parent.jobs.a.outputs.b}}`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from designer.registry.yaml_file import Entry

_INPUT = re.compile(r"\$\{\{\s*(?:parent\.)?inputs\.([\w-]+)\s*\}\}")
_OUTPUT = re.compile(r"\$\{\{\s*(?:parent\.)?outputs\.([\w-]+)\s*\}\}")
_JOB = re.compile(r"\$\{\{\s*(?:parent\.)?jobs\.([\w-]+)\.outputs\.([\w-]+)\s*\}\}")


@dataclass(frozen=True)
class ParentInput:
    """An input of the pipeline."""

    name: str


@dataclass(frozen=True)
class JobOutput:
    """An output of another job."""

    job: str
    name: str


def reference_of(entry: Entry) -> ParentInput | JobOutput | None:
    """What the text of an input refers to; None for a literal. Raises InvalidYaml for what cannot be followed."""
    text = entry.text.strip()
    if match := _INPUT.fullmatch(text):
        return ParentInput(match[1])
    if match := _JOB.fullmatch(text):
        return JobOutput(match[1], match[2])
    if "${{" in text:
        remedy = "Write ${{parent.inputs.NAME}} or ${{parent.jobs.NAME.outputs.NAME}} alone."
        raise entry.wrong(f"is '{text[:80]}', which is no reference that can be followed", remedy)
    return None


def parent_output_of(entry: Entry) -> str | None:
    """The output of the pipeline that an output of a job is bound to; None for another text."""
    match = _OUTPUT.fullmatch(entry.text.strip())
    return match[1] if match else None
