"""People: the command line. ``commands`` holds the commands, ``clean`` the one-off clean."""

from cleaner.cli.commands import main

__all__ = ["main"]
