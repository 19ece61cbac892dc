"""How to call a published pipeline: programs in five languages that submit a run and wait for its end."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from designer.serving.consume import KEY_VARIABLE as KEY

Assignments = Mapping[str, Any]
LANGUAGES = ("curl", "Python", "JavaScript", "R", "C#")
EXPERIMENT = "From a program"


def program(language: str, address: str, assignments: Assignments) -> str:
    """A program of this language; `address` is that of the pipeline, without `/submit`. It reads the key from an
    environment variable."""
    return _PROGRAMS[language](address, _body(assignments))


def _body(assignments: Assignments) -> dict[str, Any]:
    return {"ExperimentName": EXPERIMENT, "ParameterAssignments": dict(assignments)}


def _curl(address: str, body: dict[str, Any]) -> str:
    text = json.dumps(body, ensure_ascii=False).replace("'", "'\\''")
    return f"""curl -X POST {address}/submit \\
  -H "Authorization: Bearer ${KEY}" \\
  -H "Content-Type: application/json" \\
  -d '{text}'
"""


def _python(address: str, body: dict[str, Any]) -> str:
    return f'''import json
import os
import urllib.request


def call(url, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {{"Content-Type": "application/json", "Authorization": "Bearer " + os.environ["{KEY}"]}}
    with urllib.request.urlopen(urllib.request.Request(url, data, headers)) as response:
        return json.load(response)


run = call("{address}/submit", {body!r})
while run["Status"] in ("NotStarted", "Running"):
    run = call(run["StatusUrl"] + "?wait=30")
print(run["Id"], run["Status"])
'''


def _javascript(address: str, body: dict[str, Any]) -> str:
    text = json.dumps(body, ensure_ascii=False, indent=2).replace("\n", "\n  ")
    return f"""const headers = {{
  "Content-Type": "application/json",
  "Authorization": `Bearer ${{process.env.{KEY}}}`,
}};
let response = await fetch("{address}/submit", {{
  method: "POST",
  headers,
  body: JSON.stringify({text}),
}});
let run = await response.json();
while (run.Status === "NotStarted" || run.Status === "Running") {{
  response = await fetch(`${{run.StatusUrl}}?wait=30`, {{ headers }});
  run = await response.json();
}}
console.log(run.Id, run.Status);
"""


def _r(address: str, body: dict[str, Any]) -> str:
    text = json.dumps(body, ensure_ascii=False).replace("\\", "\\\\").replace("'", "\\'")
    return f"""library(httr2)

key <- paste("Bearer", Sys.getenv("{KEY}"))
body <- '{text}'
run <- request("{address}/submit") |>
  req_headers(Authorization = key) |>
  req_body_raw(body, type = "application/json") |>
  req_perform() |>
  resp_body_json()
while (run$Status %in% c("NotStarted", "Running")) {{
  run <- request(run$StatusUrl) |>
    req_url_query(wait = 30) |>
    req_headers(Authorization = key) |>
    req_perform() |>
    resp_body_json()
}}
print(c(run$Id, run$Status))
"""


def _csharp(address: str, body: dict[str, Any]) -> str:
    text = json.dumps(body, ensure_ascii=False)
    fence = '"""' if '"""' not in text else '""""'
    return f"""using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

var client = new HttpClient();
client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
    "Bearer", Environment.GetEnvironmentVariable("{KEY}"));
var body = {fence}
    {text}
    {fence};
var answer = await client.PostAsync(
    "{address}/submit",
    new StringContent(body, Encoding.UTF8, "application/json"));
var run = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
while (run.GetProperty("Status").GetString() is "NotStarted" or "Running") {{
    var url = run.GetProperty("StatusUrl").GetString() + "?wait=30";
    run = JsonDocument.Parse(await client.GetStringAsync(url)).RootElement;
}}
Console.WriteLine($"{{run.GetProperty("Id")}} {{run.GetProperty("Status")}}");
"""


_PROGRAMS: Mapping[str, Callable[[str, dict[str, Any]], str]] = {
    "curl": _curl, "Python": _python, "JavaScript": _javascript, "R": _r, "C#": _csharp,
}  # fmt: skip
