"""How to call an endpoint: request bodies and snippets, ready to copy."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from designer.inference.doors import INPUT_NAME

KEY_VARIABLE = "DESIGNER_KEY"


def request_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The body of a scoring request."""
    return {"Inputs": {INPUT_NAME: [dict(row) for row in rows]}, "GlobalParameters": {}}


def url_of(address: str, endpoint: str) -> str:
    """The scoring URL of an endpoint."""
    return f"{address}/endpoints/{endpoint}/score"


def curl(address: str, endpoint: str, row: Mapping[str, Any]) -> str:
    """A curl command; it reads the key from an environment variable."""
    body = json.dumps(request_of([row]), ensure_ascii=False).replace("'", "'\\''")
    return (
        f"curl --fail-with-body -X POST {url_of(address, endpoint)} \\\n"
        f'  -H "Authorization: Bearer ${KEY_VARIABLE}" \\\n'
        f'  -H "Content-Type: application/json" \\\n'
        f"  -d '{body}'\n"
    )


def python(address: str, endpoint: str, row: Mapping[str, Any]) -> str:
    """A Python program that needs only the standard library."""
    return f'''import json
import os
import sys
import urllib.error
import urllib.request

body = {{"Inputs": {{"{INPUT_NAME}": [{dict(row)!r}]}}, "GlobalParameters": {{}}}}
request = urllib.request.Request(
    "{url_of(address, endpoint)}",
    data=json.dumps(body).encode(),
    headers={{
        "Content-Type": "application/json",
        "Authorization": "Bearer " + os.environ["{KEY_VARIABLE}"],
    }},
)
try:
    with urllib.request.urlopen(request) as response:
        print(json.load(response)["Results"])
except urllib.error.HTTPError as refused:
    sys.exit(f"HTTP {{refused.code}}: {{refused.read().decode()}}")
'''


def javascript(address: str, endpoint: str, row: Mapping[str, Any]) -> str:
    """A JavaScript program for Node.js."""
    body = json.dumps(request_of([row]), ensure_ascii=False, indent=2)
    return f"""const response = await fetch("{url_of(address, endpoint)}", {{
  method: "POST",
  headers: {{
    "Content-Type": "application/json",
    "Authorization": `Bearer ${{process.env.{KEY_VARIABLE}}}`,
  }},
  body: JSON.stringify({body}),
}});
if (!response.ok) {{
  console.error(`HTTP ${{response.status}}: ${{await response.text()}}`);
  process.exit(1);
}}
console.log((await response.json()).Results);
"""
