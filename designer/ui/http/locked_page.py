"""The page for a browser without a session."""

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Designer</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 13px/20px Inter, system-ui, sans-serif; margin: 15vh auto 0; max-width: 440px; padding: 0 24px;
  color: light-dark(#1C2024, #EDEEF0); background: light-dark(#F9F9FB, #101113); }}
h1 {{ font-size: 20px; line-height: 28px; font-weight: 600; }}
code {{ font: 12px/18px "JetBrains Mono", monospace; padding: 2px 6px; border-radius: 4px;
  background: light-dark(#F0F0F3, #212225); }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{reason}</p>
<p>Run <code>designer open</code> in a terminal (<code>make open</code> in a checkout), or copy the address that
<code>designer start</code> printed.
Nothing here has an account or a password: the address carries a code that works once, for one minute.</p>
</main>
</body>
</html>
"""


def locked_page(expired: bool = False) -> str:
    """A short page that says how to get in."""
    if expired:
        return _PAGE.format(title="This code no longer works", reason="It was used before, or its minute is over.")
    return _PAGE.format(title="Designer is locked here", reason="This browser has not been let in yet.")
