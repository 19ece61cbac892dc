"""`designer token`: made, listed, revoked."""

from __future__ import annotations

import json
from pathlib import Path

from designer.store.workspace import open_workspace
from tests.cli.terminal import designer


def test_a_token_is_printed_once_listed_and_revoked(tmp_path: Path) -> None:
    with open_workspace(tmp_path) as workspace:
        made = designer("token", "new", "notebook", "--scope", "run", "--days", "7", workspace=tmp_path)
        token = made.stdout.strip()
        assert workspace.tokens.admitted(token) is not None
        assert "not shown again. Scope run, valid until" in made.stderr
        endless = json.loads(designer("token", "new", "ci", "--days", "0", "--json", workspace=tmp_path).stdout)
        assert workspace.tokens.admitted(endless["token"]) is not None
        assert (endless["scope"], endless["expires"]) == ("read", "")
        rows = json.loads(designer("token", "list", "--json", workspace=tmp_path).stdout)
        assert [(row["name"], row["scope"]) for row in rows] == [("ci", "read"), ("notebook", "run")]
        listed = designer("token", "list", workspace=tmp_path).stdout
        assert token[:12] in listed
        assert token not in listed + json.dumps(rows)
        assert designer("token", "revoke", "notebook", workspace=tmp_path).stdout == "notebook: revoked\n"
        assert workspace.tokens.admitted(token) is None
        designer("token", "revoke", "ci", "--json", workspace=tmp_path)
        assert designer("token", "list", workspace=tmp_path).stderr == "There are no tokens.\n"


def test_what_is_wrong_is_said_in_one_line(tmp_path: Path) -> None:
    open_workspace(tmp_path).close()
    refused = designer("token", "new", "x", "--scope", "all", workspace=tmp_path, code=2)
    assert "there is no scope 'all'. Use read or run or write." in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
