"""The content security policy: what a page may load and run, derived from the built pages."""

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

_INLINE = re.compile(r"<script(?P<attributes>[^>]*)>(?P<text>.*?)</script>", re.DOTALL)


def content_policy(scripts: Iterable[str] = ()) -> str:
    """The policy of pages with inline scripts of these hashes; scripts from elsewhere do not run."""
    return "; ".join(
        (
            "default-src 'self'",
            # Reflex's call_script evaluates text received over the socket, so eval stays allowed.
            " ".join(("script-src 'self' 'unsafe-eval'", *sorted(set(scripts)))),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def inline_scripts(built: Path) -> set[str]:
    """The CSP hashes of the inline scripts in the built pages (React Router's start, the early theme)."""
    return {hashed for page in built.rglob("*.html") for hashed in _hashes(page.read_text(encoding="utf-8"))}


def _hashes(page: str) -> Iterable[str]:
    for script in _INLINE.finditer(page):
        if " src=" not in script["attributes"] and script["text"]:
            digest = hashlib.sha256(script["text"].encode()).digest()
            yield f"'sha256-{base64.b64encode(digest).decode()}'"
