"""The snippets on the endpoint page are valid programs that send the row of the form."""

import json
import re

import pytest

from designer.ui.views.endpoint.snippets import LANGUAGES, pieces, snippet

ROW = {"age": 52, "work": "Self-emp 'x' \"y\"", "married": True, "gain": None, "naïve": 1.5}
ADDRESS, NAME = "http://127.0.0.1:8600", "census-income"


def written(language: str) -> str:
    return snippet(language, ADDRESS, NAME, ROW)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_program_names_the_address_and_no_key(language: str) -> None:
    code = written(language)
    assert f"{ADDRESS}/endpoints/{NAME}/score" in code
    assert "DESIGNER_KEY" in code
    assert "dsg_" not in code


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_coloured_pieces_are_the_whole_program(language: str) -> None:
    code = written(language)
    assert "".join(piece.text for piece in pieces(code)) == code


def test_the_python_program_compiles_and_sends_the_row() -> None:
    code = written("Python")
    compile(code, "snippet", "exec")
    line = next(line for line in code.splitlines() if line.startswith("body = "))
    scope: dict[str, object] = {}
    exec(line, scope)
    assert scope["body"] == {"Inputs": {"WebServiceInput0": [ROW]}, "GlobalParameters": {}}


def test_the_curl_body_is_the_request() -> None:
    body = written("curl").partition(" -d '")[2].rstrip().removesuffix("'").replace("'\\''", "'")
    assert json.loads(body) == {"Inputs": {"WebServiceInput0": [ROW]}, "GlobalParameters": {}}


def test_the_other_bodies_hold_the_row_as_json() -> None:
    match = re.search(r'"""\n\s*(\{.*\})\n', written("C#"))
    assert match is not None
    assert json.loads(match[1])["Inputs"]["WebServiceInput0"] == [ROW]
    text = re.search(r"body <- '(.*)'\n", written("R"))
    assert text is not None
    assert json.loads(text[1].replace("\\'", "'").replace("\\\\", "\\"))["Inputs"]["WebServiceInput0"] == [ROW]
