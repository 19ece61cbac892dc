"""The command line interface: a command for every action of the pages."""

from designer.cli.app import main

__all__ = ["main"]
