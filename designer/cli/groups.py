"""A command group with a default command: `designer run FILE` next to `designer run list`."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

DEFAULT = "file"


class FileOrVerb(TyperGroup):
    """A group that passes arguments which name none of its commands to the command `file`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Insert the name of the default command before a file or an option."""
        if args and args[0] not in (*self.commands, *ctx.help_option_names):
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)
