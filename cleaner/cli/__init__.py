"""People: the command line. ``commands`` holds the commands, ``clean`` the one-off clean.

The commands are imported when ``main`` is called, because child processes import this module too and need none.
"""

__all__ = ["main"]


def main() -> None:
    """Run the command line."""
    from cleaner.cli.commands import main as run

    run()
