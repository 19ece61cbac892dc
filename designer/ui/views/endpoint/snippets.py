"""Client programs for an endpoint in five languages, split into coloured pieces."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from designer.serving import consume
from designer.ui.views.prose import Piece

KEY = consume.KEY_VARIABLE
LANGUAGES = ("curl", "Python", "JavaScript", "R", "C#")
_PIECES = re.compile(
    r"(?P<cm>(?m:^\s*(#|//).*$))"
    r'|(?P<str>"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|`[^`]*`)'
    r"|(?P<kw>\b(?:import|from|with|as|const|let|async|function|await|new|var|using|library|if|for|while|try|except|return"
    r"|print)\b)"
    r"|(?P<fn>\b(?:curl|fetch|req_perform|POST)\b|(?<![\w./:\"])-?\d+(?:\.\d+)?(?![\w.]))"
)


def snippet(language: str, address: str, endpoint: str, row: Mapping[str, Any]) -> str:
    """A program that sends one row; it reads the key from an environment variable."""
    written: dict[str, Callable[[str, str, Mapping[str, Any]], str]] = {
        "curl": _curl, "Python": consume.python, "JavaScript": consume.javascript, "R": _r, "C#": _csharp,
    }  # fmt: skip
    return written[language](address, endpoint, row)


def pieces(code: str) -> list[Piece]:
    """The code in pieces: strings (`str`), keywords (`kw`), functions and numbers (`fn`), comments (`cm`)."""
    pieces_of_code: list[Piece] = []
    last = 0
    for match in _PIECES.finditer(code):
        if match.start() > last:
            pieces_of_code.append(Piece(code[last : match.start()]))
        pieces_of_code.append(Piece(match.group(), str(match.lastgroup)))
        last = match.end()
    return [*pieces_of_code, Piece(code[last:])] if last < len(code) else pieces_of_code


def _body(row: Mapping[str, Any]) -> str:
    return json.dumps(consume.request_of([row]), ensure_ascii=False)


def _curl(address: str, endpoint: str, row: Mapping[str, Any]) -> str:
    """The usual curl command, with its body wrapped for reading."""
    start, separator, body = consume.curl(address, endpoint, row).partition(" -d '")
    wrapped = body.replace("[{", "[\n    {", 1).replace(', "', ',\n     "')
    return f"{start}{separator}{wrapped}"


def _r(address: str, endpoint: str, row: Mapping[str, Any]) -> str:
    body = _body(row).replace("\\", "\\\\").replace("'", "\\'")
    return f"""library(httr2)

body <- '{body}'
answer <- request("{consume.url_of(address, endpoint)}") |>
  req_headers(Authorization = paste("Bearer", Sys.getenv("{KEY}"))) |>
  req_body_raw(body, type = "application/json") |>
  req_error(body = resp_body_string) |>
  req_perform()
print(resp_body_json(answer)$Results)
"""


def _csharp(address: str, endpoint: str, row: Mapping[str, Any]) -> str:
    body = _body(row)
    fence = '"""' if '"""' not in body else '""""'
    return f"""using System.Net.Http.Headers;
using System.Text;

var client = new HttpClient();
client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
    "Bearer", Environment.GetEnvironmentVariable("{KEY}"));
var body = {fence}
    {body}
    {fence};
var answer = await client.PostAsync(
    "{consume.url_of(address, endpoint)}",
    new StringContent(body, Encoding.UTF8, "application/json"));
var text = await answer.Content.ReadAsStringAsync();
if (!answer.IsSuccessStatusCode) {{
    Console.Error.WriteLine($"HTTP {{(int)answer.StatusCode}}: {{text}}");
    Environment.Exit(1);
}}
Console.WriteLine(text);
"""
