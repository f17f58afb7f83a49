"""config/ -> Settings: what is found where, what defaults hold, and that every mistake is told at once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from cleaner.config import find_config, load_knowledge, load_settings
from cleaner.datatypes import Label
from cleaner.errors import ConfigError

_SOURCE = '[[source]]\nname = "inbox"\npath = "in"\n'


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder with an empty configuration and a folder to drop pages in."""
    for name in ("STATE_DIRECTORY", "CLEANER_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    for name in ("config/sources", "config/words", "config/sites", "in"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


def _mistakes(root: Path, **files: str) -> list[str]:
    """The mistakes found in a configuration, without the folder in front."""
    for name, text in files.items():
        folder, _, stem = name.partition("_")
        path = root / "config" / (f"{folder}/{stem}.toml" if stem else f"{folder}.toml")
        path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_settings(root / "config")
    return [line.removeprefix(f"{root}/config/") for line in caught.value.problems]


def test_an_empty_configuration_has_every_default(root: Path) -> None:
    """Nothing has to be written down: state and feeds stand beside config/, the words are the packaged ones."""
    settings = load_settings(root / "config")
    assert (settings.state_dir, settings.feeds_dir) == (root / "state", root / "feeds")
    assert (settings.host, settings.port, settings.sources) == ("127.0.0.1", 8490, ())
    assert settings.knowledge.words == load_knowledge(None).words


def test_values_are_read(root: Path) -> None:
    """Durations, sizes and relative paths become what they mean."""
    (root / "config/cleaner.toml").write_text(
        'state_dir = "var"\nraw = "2w"\nmax_disk = "3G"\nmax_bytes = "2M"\npage_seconds = 5\n'
    )
    (root / "config/sources/a.toml").write_text(_SOURCE + 'every = "90s"\njitter = "1m"\nafter = "move"\n')
    settings = load_settings(root / "config")
    assert (settings.state_dir, settings.raw) == (root / "var", timedelta(days=14))
    assert (settings.max_disk, settings.max_bytes, settings.page_seconds) == (3 << 30, 2 << 20, 5.0)
    (source,) = settings.sources
    assert (source.path, source.every) == (root / "in", timedelta(seconds=90))
    assert (source.jitter, source.after) == (timedelta(minutes=1), "move")


def test_a_source_without_a_timetable_runs_every_quarter_of_an_hour(root: Path) -> None:
    """A default fills in ``every``, and only where no cron line stands."""
    (root / "config/sources/a.toml").write_text(_SOURCE + _SOURCE.replace("inbox", "daily") + 'cron = "0 6 * * *"\n')
    inbox, daily = load_settings(root / "config").sources
    assert (inbox.every, daily.every) == (timedelta(minutes=15), None)


def test_under_systemd_state_and_feeds_go_to_the_state_directory(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """$STATE_DIRECTORY holds both, the first of them where there are several."""
    monkeypatch.setenv("STATE_DIRECTORY", f"{root}/lib:{root}/other")
    settings = load_settings(root / "config")
    assert (settings.state_dir, settings.feeds_dir) == (root / "lib", root / "lib/feeds")


def test_every_mistake_of_every_file_is_told_at_once(root: Path) -> None:
    """One mistake hides no other, in whichever file or table it stands."""
    mistakes = _mistakes(
        root,
        cleaner='prot = 8080\nport = 70000\nraw = "90 days"\nmax_disk = "much"\nbase_url = "feeds.example"\nlog = 1\n',
        sources_a='[[source]]\nname = "Inbox"\npath = "gone"\nevery = "1m"\ncron = "* * * * *"\n',
        sources_b='[[source]]\nname = "all"\npath = 5\ncron = "at noon"\ntimezone = "Europe/Atlantis"\nafter = "burn"\n',
        sources_c="[[source]\n",
    )
    assert mistakes[:4] == [
        'cleaner.toml: prot: unknown key (did you mean "port"?)',
        'cleaner.toml: raw: \'90 days\' is no duration (such as "30s", "15m", "2h", "90d")',
        'cleaner.toml: max_disk: \'much\' is no size (such as "20M", "10G")',
        "cleaner.toml: log: input should be 'text' or 'json'",
    ]
    rest = "\n".join(mistakes[4:])
    for line in (
        "cleaner.toml: port: 70000 is no port (1 to 65535)",
        "cleaner.toml: base_url: 'feeds.example' is no http(s) address",
        "sources/a.toml: source[1].name: 'Inbox' is no slug",
        "sources/a.toml: source[1].cron: every and cron exclude each other",
        f"sources/a.toml: source[1].path: no such folder: {root}/gone",
        'sources/b.toml: source[1].name: "all" is reserved',
        "sources/b.toml: source[1].path: must be a path",
        "sources/b.toml: source[1].cron: 'at noon' is no cron line",
        'sources/b.toml: source[1].timezone: "Europe/Atlantis" is no time zone',
        "sources/b.toml: source[1].after: input should be 'keep' or 'move'",
        "sources/c.toml: not TOML:",
    ):
        assert line in rest
    assert len(mistakes) == 15, "and nothing is told twice"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('port = "8490"', "port: '8490' is no number"),
        ("port = true", "port: True is no number"),
        ("children = 0", "children: must be at least 1"),
        ("page_seconds = nan", "page_seconds: must be at least 0.1"),
        ("page_memory = -5", "page_memory: must be at least 134217728"),
        ("max_entries = 0", "max_entries: must be at least 1"),
        ('max_bytes = "10K"', "max_bytes: must be at least 65536"),
        ("title = 5", "title: input should be a valid string"),
        ("raw = 90", "raw: 90 is no duration"),
        ('authority = "me"', "authority: 'me' is no tag authority"),
        ("knowledge = 1", "knowledge: unknown key"),
    ],
)
def test_values_of_the_wrong_type_or_size_are_refused(root: Path, line: str, told: str) -> None:
    """Nothing is guessed from a value of another type, and each bound is named."""
    (mistake,) = _mistakes(root, cleaner=line)
    assert mistake.startswith(f"cleaner.toml: {told}")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (_SOURCE + _SOURCE, 'source[2].name: "inbox" is taken by another source'),
        (_SOURCE + 'evry = "1h"', 'source[1].evry: unknown key (did you mean "every"?)'),
        (_SOURCE + 'every = "0s"', "source[1].every: must be at least 1 s"),
        (_SOURCE + "max_entries = 0", "source[1].max_entries: must be at least 1"),
        (_SOURCE + 'max_bytes = "many"', 'source[1].max_bytes: \'many\' is no size (such as "20M", "10G")'),
        ('[source]\nname = "inbox"', "source: write [[source]], with two brackets"),
        ("[[sorce]]", 'sorce: unknown key (did you mean "source"?)'),
        ('[[source]]\npath = "in"', "source[1].name: is missing"),
        ('[[source]]\nname = "inbox"', "source[1].path: is missing (the folder that pages are dropped in)"),
        (_SOURCE + 'cron = "0 0 30 2 *"', "source[1].cron: '0 0 30 2 *' is no cron line"),
        (_SOURCE + 'timezone = "../../etc/passwd"', 'source[1].timezone: "../../etc/passwd" is no time zone'),
    ],
)
def test_mistakes_in_sources_name_table_and_key(root: Path, text: str, told: str) -> None:
    """Each is one line with the number of the table."""
    (mistake,) = _mistakes(root, sources_a=text)
    assert mistake.startswith(f"sources/a.toml: {told}")


def test_a_name_taken_in_another_file_is_refused(root: Path) -> None:
    """Sources of all files share one namespace."""
    (mistake,) = _mistakes(root, sources_a=_SOURCE, sources_b=_SOURCE)
    assert mistake == 'sources/b.toml: source[1].name: "inbox" is taken by another source'


def test_files_that_are_no_utf8_are_named(root: Path) -> None:
    """Bytes that nobody can read are a mistake like any other."""
    (root / "config/sources/a.toml").write_bytes(b'title = "\xff"')
    assert _mistakes(root) == ["sources/a.toml: cannot be read: not UTF-8"]


def test_a_byte_order_mark_does_no_harm(root: Path) -> None:
    """Some editors write one."""
    (root / "config/cleaner.toml").write_text("port = 9000\n", "utf-8-sig")
    (root / "config/words/promo.en.txt").write_text("join our circle\n", "utf-8-sig")
    settings = load_settings(root / "config")
    assert settings.port == 9000
    assert "join our circle" in {word.pattern for word in settings.knowledge.words}


def test_what_the_state_holds_is_laid_over_the_operators_files(root: Path) -> None:
    """STATE/config adds sources and replaces word lists of the same name."""
    (root / "config/sources/a.toml").write_text(_SOURCE)
    (root / "config/words/promo.en.txt").write_text("join our circle\n")
    for name in ("sources", "words"):
        (root / "state/config" / name).mkdir(parents=True)
    (root / "state/config/sources/b.toml").write_text(_SOURCE.replace("inbox", "added"))
    (root / "state/config/words/promo.en.txt").write_text("come to our fair\n")
    settings = load_settings(root / "config")
    assert [source.name for source in settings.sources] == ["inbox", "added"]
    english = [word.pattern for word in settings.knowledge.words if (word.label, word.language) == (Label.PROMO, "en")]
    assert english == ["come to our fair"]


def test_the_configuration_is_looked_for_in_order(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As told, else the variable, else ./config; a folder that was named must be there."""
    monkeypatch.chdir(root)
    assert find_config(None) == Path("config")
    monkeypatch.setenv("CLEANER_CONFIG", str(root / "in"))
    assert find_config(None) == root / "in"
    assert find_config(root / "config") == root / "config"
    with pytest.raises(ConfigError, match="gone: no such configuration folder"):
        find_config(root / "gone")
    monkeypatch.setenv("CLEANER_CONFIG", str(root / "gone"))
    with pytest.raises(ConfigError, match="gone: no such configuration folder"):
        find_config(None)
