"""The commands. Each imports what it needs when it runs, so that ``--help`` is quick.

Exit codes: 0 done, 1 some inputs failed, 2 bad usage or configuration, 3 all inputs failed, 4 state locked or damaged.
"""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cleaner.errors import CleanerError, ConfigError

if TYPE_CHECKING:
    from cleaner.datatypes import Settings

__all__ = ["app", "main"]

app = typer.Typer(
    name="cleaner",
    help="Raw news pages in, clean explained Atom feeds out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Config = Annotated[Path | None, typer.Option("--config", help="Configuration folder; else $CLEANER_CONFIG, ./config, /etc/cleaner.", metavar="DIR")]


class Format(StrEnum):
    """What ``clean`` can write."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"
    JSONL = "jsonl"
    ATOM = "atom"


def main() -> None:
    """Run the command line; expected errors are one line each, others keep their traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app()
    except CleanerError as error:
        for line in str(error).splitlines():
            print(f"cleaner: {line}", file=sys.stderr)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _settings(config: Path | None) -> Settings:
    """The settings of the configuration that is found. Raises ConfigError."""
    from cleaner.config import find_config, load_settings

    found = find_config(config)
    if found is None:
        raise ConfigError(["no configuration: neither ./config nor /etc/cleaner is there (name one with --config)"])
    return load_settings(found)


@app.command()
def clean(
    inputs: Annotated[list[str], typer.Argument(metavar="PATH|URL|-...", help="Files, addresses, or - for standard input.")],
    style: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.TEXT,
    url: Annotated[str | None, typer.Option(help="The page's address, where the input does not tell it.")] = None,
    config: Annotated[Path | None, typer.Option(help="Configuration folder; else the packaged words and rules alone.", metavar="DIR")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write one file an input into this folder.", metavar="DIR")] = None,
) -> None:
    """Clean pages once, without configuration or database."""
    from cleaner.cli.clean import clean_inputs, show, to_atom, write_outputs
    from cleaner.cli.progress import bar
    from cleaner.children import Children
    from cleaner.config import find_config, load_knowledge
    from cleaner.datatypes import Settings
    from cleaner.errors import PageError

    if url is not None and len(inputs) > 1:
        raise ConfigError(["--url names the address of one page, but there are several inputs"])
    limits = Settings(Path(), Path())
    knowledge = load_knowledge(find_config(config) if config else None)
    results = []
    workers = min(len(inputs), os.cpu_count() or 1)
    with Children(workers, limits.page_seconds, limits.page_memory, knowledge, limits.authority) as children, bar(len(inputs)) as advance:
        for cleaned in clean_inputs(inputs, url, children, advance):
            if isinstance(cleaned.result, PageError):
                print(f"cleaner: {cleaned.result}", file=sys.stderr)
            elif not hasattr(cleaned.result.result, "article") and style not in {Format.JSON, Format.JSONL}:
                print(f"cleaner: {cleaned.path}: rejected: {cleaned.result.result.reason}", file=sys.stderr)  # type: ignore[union-attr]
            if output is None and style is not Format.ATOM:
                sys.stdout.write(show(cleaned, style.value))
                sys.stdout.flush()
            results.append(cleaned if output or style is Format.ATOM else isinstance(cleaned.result, PageError))
    if output is not None:
        write_outputs([one for one in results if not isinstance(one, bool)], style.value, output, limits.authority)
    elif style is Format.ATOM:
        sys.stdout.write(to_atom([one for one in results if not isinstance(one, bool)], limits.authority).decode())
    failed = sum(one if isinstance(one, bool) else isinstance(one.result, PageError) for one in results)
    if failed:
        raise typer.Exit(3 if failed == len(results) else 1)


@app.command()
def explain(
    what: Annotated[str, typer.Argument(metavar="PATH|URL|ENTRY", help="A file, an address, or the id of a published entry.")],
    page: Annotated[Path | None, typer.Option("--html", help="Write a page with before and after side by side.", metavar="FILE")] = None,
    config: Config = None,
) -> None:
    """Show every block of a page with its label, its judge and the reason."""
    from cleaner.cli.explaining import explain_input

    explain_input(what, page, config)


@app.command()
def update(
    sources: Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Sources by name; all, if none is named.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be taken in; change nothing.")] = False,
    config: Config = None,
) -> None:
    """One round now: take in, clean, publish."""
    from cleaner.cli.rounds import update_sources

    raise typer.Exit(update_sources(_settings(config), sources or [], dry_run=dry_run))


@app.command()
def run(config: Config = None) -> None:
    """The daemon in the foreground: schedule, take in, clean, publish, serve. SIGTERM ends it, SIGHUP reloads."""
    from cleaner.config import find_config
    from cleaner.daemon import Daemon

    settings = _settings(config)
    found = find_config(config)
    assert found is not None
    raise typer.Exit(Daemon(found, settings).run())


@app.command()
def status(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, for programs.")] = False,
    config: Config = None,
) -> None:
    """Each source: last good round, next round, entries, removed blocks, last error."""
    from cleaner.cli.rounds import show_status

    show_status(_settings(config), as_json=as_json)


@app.command()
def check(config: Config = None) -> None:
    """Check configuration, rules and words; every mistake at once."""
    settings = _settings(config)
    knowledge = settings.knowledge
    print(f"ok: {len(settings.sources)} sources, {len(knowledge.rules)} site rules, {len(knowledge.words)} words")


@app.command()
def serve(
    port: Annotated[int | None, typer.Option(help="Port, instead of the configured one.")] = None,
    config: Config = None,
) -> None:
    """The web part alone: serve the feeds."""
    from dataclasses import replace

    from cleaner.web import serve_forever

    settings = _settings(config)
    raise typer.Exit(serve_forever(replace(settings, port=port) if port else settings))
