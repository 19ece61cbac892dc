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
    return f"""curl --fail-with-body -X POST {address}/submit \\
  -H "Authorization: Bearer ${KEY}" \\
  -H "Content-Type: application/json" \\
  -d '{text}'
"""


def _python(address: str, body: dict[str, Any]) -> str:
    return f'''import json
import os
import sys
import urllib.error
import urllib.request


def call(url, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {{"Content-Type": "application/json", "Authorization": "Bearer " + os.environ["{KEY}"]}}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers)) as response:
            return json.load(response)
    except urllib.error.HTTPError as refused:
        sys.exit(f"HTTP {{refused.code}}: {{refused.read().decode()}}")


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
async function call(url, options = {{}}) {{
  const response = await fetch(url, {{ headers, ...options }});
  if (!response.ok) {{
    console.error(`HTTP ${{response.status}}: ${{await response.text()}}`);
    process.exit(1);
  }}
  return response.json();
}}

let run = await call("{address}/submit", {{
  method: "POST",
  body: JSON.stringify({text}),
}});
while (run.Status === "NotStarted" || run.Status === "Running") {{
  run = await call(`${{run.StatusUrl}}?wait=30`);
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
  req_error(body = resp_body_string) |>
  req_perform() |>
  resp_body_json()
while (run$Status %in% c("NotStarted", "Running")) {{
  run <- request(run$StatusUrl) |>
    req_url_query(wait = 30) |>
    req_headers(Authorization = key) |>
    req_error(body = resp_body_string) |>
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

async Task<JsonElement> Answer(Task<HttpResponseMessage> call) {{
    var response = await call;
    var text = await response.Content.ReadAsStringAsync();
    if (!response.IsSuccessStatusCode) {{
        Console.Error.WriteLine($"HTTP {{(int)response.StatusCode}}: {{text}}");
        Environment.Exit(1);
    }}
    return JsonDocument.Parse(text).RootElement;
}}

var run = await Answer(client.PostAsync(
    "{address}/submit",
    new StringContent(body, Encoding.UTF8, "application/json")));
while (run.GetProperty("Status").GetString() is "NotStarted" or "Running") {{
    run = await Answer(client.GetAsync(run.GetProperty("StatusUrl").GetString() + "?wait=30"));
}}
Console.WriteLine($"{{run.GetProperty("Id")}} {{run.GetProperty("Status")}}");
"""


_PROGRAMS: Mapping[str, Callable[[str, dict[str, Any]], str]] = {
    "curl": _curl, "Python": _python, "JavaScript": _javascript, "R": _r, "C#": _csharp,
}  # fmt: skip
