"""Make built pages find their server: read the address from the browser instead of baking it in."""

import re
from pathlib import Path

from reflex.plugins import Plugin

_BAKED = re.compile(r"""(["'`])(http|ws)s?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?::\d+)?(/[^"'`]*)\1""")


class SameOrigin(Plugin):
    """Rewrite the one chunk that holds the backend's address."""

    def post_build(self, **context: object) -> None:
        """Replace each baked address by one computed from the page's location.

        Raises RuntimeError where the build has no such chunk or address.
        """
        static = Path(str(context["static_dir"]))
        chunks = sorted((static / "assets").glob("reflex-env-*.js"))
        if len(chunks) != 1:
            names = ", ".join(chunk.name for chunk in chunks) or "none"
            raise RuntimeError(f"front end build: expected one reflex-env chunk in {static}, found {names}")
        text, count = _BAKED.subn(_from_location, chunks[0].read_text(encoding="utf-8"))
        if count == 0:
            raise RuntimeError(f"front end build: {chunks[0].name} holds no backend address to rewrite")
        chunks[0].write_text(text, encoding="utf-8")


def _from_location(match: re.Match[str]) -> str:
    quote, scheme, path = match.groups()
    origin = "location.origin" if scheme == "http" else 'location.origin.replace(/^http/,"ws")'
    return f"({origin}+{quote}{path}{quote})"
