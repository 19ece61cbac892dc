"""The command line: every click has a twin here."""

from designer.cli.app import main

__all__ = ["main"]
