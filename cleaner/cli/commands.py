"""The commands. Each imports what it needs when it runs, so that ``--help`` is quick.

Exit codes: 0 done, 1 some inputs failed, 2 bad usage or configuration, 3 all inputs failed, 4 state locked or damaged.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.errors import CleanerError, ConfigError

if TYPE_CHECKING:
    from cleaner.datatypes import Settings

__all__ = ["app", "main"]

_FORMATS = ("text", "markdown", "html", "json", "jsonl", "atom")
_config = click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Configuration folder; else $CLEANER_CONFIG, ./config, /etc/cleaner.",
)


def main() -> None:
    """Run the command line; expected errors are one line each, others keep their traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code = app(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        sys.exit(130)
    except CleanerError as error:
        for line in str(error).splitlines():
            print(f"cleaner: {line}", file=sys.stderr)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)


def _settings(config: Path | None) -> Settings:
    """The settings of the configuration that is found. Raises ConfigError."""
    from cleaner.config import load_settings

    return load_settings(_found(config))


def _found(config: Path | None) -> Path:
    """The configuration folder. Raises ConfigError where there is none."""
    from cleaner.config import find_config

    found = find_config(config)
    if found is None:
        raise ConfigError(["no configuration: neither ./config nor /etc/cleaner is there (name one with --config)"])
    return found


@click.group(
    help="Raw news pages in, clean explained Atom feeds out.", context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="cleaner", message="%(version)s")
def app() -> None:
    """The root of all commands."""


@app.command()
@click.argument("inputs", nargs=-1, required=True, metavar="PATH|URL|-...")
@click.option(
    "--format", "style", type=click.Choice(_FORMATS), default="text", show_default=True, help="What to write."
)
@click.option("--url", help="The page's address, where the input does not tell it.")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Configuration folder; else the packaged words and rules alone.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help="Write one file an input into this folder."
)
def clean(inputs: tuple[str, ...], style: str, url: str | None, config: Path | None, output: Path | None) -> int:
    """Clean pages once, without configuration or database."""
    from cleaner.cli.clean import clean_all

    return clean_all(inputs, style, url=url, config=config, output=output)


@app.command()
@click.argument("what", metavar="PATH|URL|ENTRY")
@click.option(
    "--html",
    "page",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a page with before and after side by side.",
)
@_config
def explain(what: str, page: Path | None, config: Path | None) -> None:
    """Show every block of a page with its label, its judge and the reason."""
    from cleaner.cli.explaining import explain_input

    explain_input(what, page, config)


@app.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--dry-run", is_flag=True, help="Show what would be taken in; change nothing.")
@_config
def update(sources: tuple[str, ...], config: Path | None, *, dry_run: bool) -> int:
    """One round now: take in, clean, publish."""
    from cleaner.cli.rounds import update_sources

    return update_sources(_settings(config), sources, dry_run=dry_run)


@app.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--dry-run", is_flag=True, help="Show what would change; change nothing.")
@click.option("--announce", is_flag=True, help="Let readers know: what changes gets a new date of update.")
@_config
def reclean(sources: tuple[str, ...], config: Path | None, *, dry_run: bool, announce: bool) -> int:
    """Make entries anew from the raw pages that are kept, with today's rules and model."""
    from cleaner.cli.entries import reclean_sources

    return reclean_sources(_settings(config), sources, dry_run=dry_run, announce=announce)


@app.command()
@click.argument("entry")
@_config
def history(entry: str, config: Path | None) -> None:
    """Show how an entry's text changed since it came."""
    from cleaner.cli.entries import show_history

    show_history(_settings(config), entry)


@app.command()
@click.argument("entry")
@_config
def delete(entry: str, config: Path | None) -> None:
    """Take an entry out of the feeds for good."""
    from cleaner.cli.entries import delete_entry

    delete_entry(_settings(config), entry)


@app.command()
@_config
def run(config: Path | None) -> int:
    """The daemon in the foreground: schedule, take in, clean, publish, serve. SIGTERM ends it, SIGHUP reloads."""
    from cleaner.daemon import Daemon

    daemon = Daemon(_settings(config), lambda: _settings(config))
    code = daemon.run()
    if daemon.busy:  # all is stored and closed; Python would wait for threads that wait for others
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


@app.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
@_config
def status(config: Path | None, *, as_json: bool) -> None:
    """Each source: last good round, next round, entries, removed blocks, last error."""
    from cleaner.cli.rounds import show_status

    show_status(_settings(config), as_json=as_json)


@app.command()
@_config
def check(config: Path | None) -> None:
    """Check configuration, rules and words, and try each rule on its example pages; every mistake at once."""
    from cleaner.cli.checking import check_config

    print(check_config(_found(config)))


@app.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    metavar="DIR",
    help="Benchmark folder: html, text, labels, rejects.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where the weights go; else into the package.",
)
@click.option(
    "--folds",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Also write the weights without each fold, for measuring.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="Processes that train; the weights do not depend on it.",
)
def learn(data: Path, output: Path | None, folds: Path | None, workers: int) -> None:
    """Train the labeller's weights on labelled pages (minutes); the same pages give the same bytes."""
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"  # before numpy is there: sums depend on it
    from cleaner.config import packaged_weights
    from cleaner.learn import learn as train

    train(data, output or packaged_weights(), folds, workers, lambda line: print(line, file=sys.stderr, flush=True))


@app.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Port, instead of the configured one.")
@_config
def serve(port: int | None, config: Path | None) -> None:
    """The web part alone: serve the feeds."""
    from dataclasses import replace

    from cleaner.web import serve_forever

    settings = _settings(config)
    serve_forever(replace(settings, port=port) if port else settings)


@app.command()
@click.argument("what", metavar="PATH|URL|FILE.opml")
@click.option("--name", help="The source's name, instead of one made of its title.")
@click.option("--untried", is_flag=True, help="Take the feeds of an OPML file without asking each.")
@_config
def add(what: str, name: str | None, config: Path | None, *, untried: bool) -> int:
    """Add a source: finds out what it is, tries it, and writes it down."""
    from cleaner.cli.adding import add_sources

    return add_sources(_settings(config), what, name, untried=untried)


@app.command()
@click.argument("source")
@_config
def pause(source: str, config: Path | None) -> None:
    """Ask a source no more until it is resumed."""
    from cleaner.cli.adding import pause_source

    pause_source(_settings(config), source, paused=True)


@app.command()
@click.argument("source")
@_config
def resume(source: str, config: Path | None) -> None:
    """Ask a paused source again."""
    from cleaner.cli.adding import pause_source

    pause_source(_settings(config), source, paused=False)


@app.command()
@click.argument("source")
@_config
def remove(source: str, config: Path | None) -> None:
    """Take out a source that was added; its pages and entries stay."""
    from cleaner.cli.adding import remove_source

    remove_source(_settings(config), source)


@app.command()
@_config
def opml(config: Path | None) -> None:
    """Print the list of our feeds, in their groups, as OPML."""
    from cleaner.cli.adding import print_opml

    print_opml(_settings(config))
