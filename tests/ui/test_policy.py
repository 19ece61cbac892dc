"""The content security policy allows only scripts from our own build."""

import base64
import hashlib
from pathlib import Path

from designer.ui.http.policy import content_policy, inline_scripts


def hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_scripts_of_every_built_page_are_known_and_files_are_not_inline(tmp_path: Path) -> None:
    (tmp_path / "help").mkdir()
    (tmp_path / "index.html").write_text('<script>start("ä")</script><script src="/a.js"></script><script></script>')
    (tmp_path / "help" / "index.html").write_text('<script type="module" async="">\nimport("/b.js")\n</script>')
    assert inline_scripts(tmp_path) == {hashed('start("ä")'), hashed('\nimport("/b.js")\n')}


def test_a_policy_allows_no_foreign_host_and_no_unknown_inline_script() -> None:
    policy = content_policy([hashed("x")])
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["script-src"] == f"'self' 'unsafe-eval' {hashed('x')}"
    assert rules["default-src"] == rules["connect-src"] == "'self'"
    assert "http" not in policy
    assert "*" not in policy


def test_without_pages_no_inline_script_is_allowed(tmp_path: Path) -> None:
    assert content_policy(inline_scripts(tmp_path / "missing")) == content_policy()
