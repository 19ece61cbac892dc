"""A noun that is a verb too: `designer run FILE` beside `designer run list`."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

DEFAULT = "file"


class FileOrVerb(TyperGroup):
    """Commands under a noun; what is none of them is what the command `file` takes."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command's name before a file or an option of it."""
        if args and args[0] not in (*self.commands, *ctx.help_option_names):
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)
