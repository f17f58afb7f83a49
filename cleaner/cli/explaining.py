"""``cleaner explain``: a page, or the page behind an entry -> its explanation on the terminal or in a file."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from cleaner.children import Children
from cleaner.cli.clean import read_input, tell_notes
from cleaner.config import find_config, is_web_address, load_knowledge, load_settings
from cleaner.datatypes import Entry, Knowledge, RawPage, Settings, StoredEntry, Subscription
from cleaner.errors import CleanerError, ConfigError, PageError
from cleaner.explain import explain_html, explain_terminal
from cleaner.files import write_whole
from cleaner.run import as_before
from cleaner.store import Store

__all__ = ["explain_input"]

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:\S+$")  # ids that feeds mint are IRIs as ours are


def explain_input(what: str, page: Path | None, config: Path | None) -> None:
    """Clean one page again and show why each block is what it is. Raises PageError, ConfigError, StateError.

    An entry is shown under its id, and with the time of publication that it keeps whatever later versions say.
    """
    found, stored, subscription, knowledge, limits = _find(what, config)
    with Children(1, limits.page_seconds, limits.page_memory, knowledge, limits.authority) as children:
        raw = found or read_input(what, None, children)
        outcome = next(children.clean([(raw, subscription)]))
    if isinstance(outcome, PageError):
        raise outcome
    if stored is not None and isinstance(outcome.result, Entry):
        outcome = replace(outcome, result=as_before(outcome.result, stored.entry))
    tell_notes(raw.origin, outcome)
    if page is not None:
        try:
            write_whole(page.resolve(), explain_html(outcome, raw.origin).encode("utf-8", "replace"))
        except OSError as error:
            raise CleanerError(f"{page}: {error.strerror}") from None
        print(page)
        return
    from rich.console import Console

    Console(highlight=False).print(explain_terminal(outcome))


def _is_entry(address: str, found: Path | None) -> bool:
    """Whether an address is also the id of an entry, as feeds like to have it."""
    if found is None:
        return False
    try:
        state = load_settings(found).state_dir
    except ConfigError:
        return False  # of no concern to a page that is read from the web
    if not (state / "cleaner.sqlite3").exists():
        return False
    with Store(state) as store:
        return store.find(address) is not None


def _find(
    what: str, config: Path | None
) -> tuple[RawPage | None, StoredEntry | None, Subscription, Knowledge | None, Settings]:
    """The raw page of the entry that is meant, the entry, its subscription, and the knowledge it is to be judged with.

    No page and no entry where a file, an address or standard input is meant.
    """
    found = find_config(config)
    if not _IRI.match(what) or Path(what).exists() or (is_web_address(what) and not _is_entry(what, found)):
        return None, None, Subscription(""), load_knowledge(found) if config else None, Settings(Path(), Path())
    if found is None:
        raise ConfigError(["no configuration: an entry can be explained only where its state is"])
    settings = load_settings(found)
    with Store(settings.state_dir) as store:
        stored = store.find(what)
        raw = store.raw.read(stored.source, stored.entry.page_id) if stored else None
    if stored is None or raw is None:
        raise PageError(
            what, "not-found", "no entry has this id" if stored is None else "its raw page is not kept any more"
        )
    subscription = next(
        (source for source in settings.sources if source.name == stored.source), Subscription(stored.source)
    )
    return raw, stored, subscription, settings.knowledge, settings
