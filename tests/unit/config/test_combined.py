"""``feeds.toml``: combined feeds as they are meant, and each mistake by its key."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaner.config import load_settings
from cleaner.datatypes import Combined, Filter
from cleaner.errors import ConfigError

_SOURCES = """
[[source]]
name = "port"
kind = "feed"
url = "https://port.example/f"
group = "News"
[[source]]
name = "hill"
kind = "feed"
url = "https://hill.example/f"
drop_flags = ["sponsored"]
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration with two sources."""
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    (tmp_path / "config/sources").mkdir(parents=True)
    (tmp_path / "config/sources/a.toml").write_text(_SOURCES, "utf-8")
    return tmp_path / "config"


def test_a_combined_feed_is_read_whole(config: Path) -> None:
    """Sources, groups, both filters; one that names none takes all."""
    (config / "feeds.toml").write_text(
        """
        [[feed]]
        name = "trams"
        title = "Trams, no adverts"
        sources = ["hill"]
        groups = ["News"]
        max_entries = 50
        drop_flags = ["affiliate"]
        [feed.include]
        words = ["tram", "light rail"]
        language = ["en"]
        [feed.exclude]
        flag = ["sponsored", "press-release"]
        author = ["Bo Winter"]
        [[feed]]
        name = "rest"
        """,
        "utf-8",
    )
    settings = load_settings(config)
    assert settings.feeds == (
        Combined(
            "trams",
            "Trams, no adverts",
            ("hill",),
            ("News",),
            Filter(words=("tram", "light rail"), language=("en",)),
            Filter(flag=("sponsored", "press-release"), author=("Bo Winter",)),
            ("affiliate",),
            50,
        ),
        Combined("rest"),
    )
    assert settings.sources[1].drop_flags == ("sponsored",)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('title = "x"', "feed[1].name: is missing"),
        ('name = "A b"', "feed[1].name: 'A b' is no slug"),
        ('name = "port"', 'feed[1].name: "port" is taken by another feed'),
        ('name = "group-news"', 'feed[1].name: "group-news" is taken'),
        ('name = "all"', 'feed[1].name: "all" is taken'),
        ('name = "x"\n[[feed]]\nname = "x"', 'feed[2].name: "x" is taken'),
        ('name = "x"\nsources = ["prot"]', 'feed[1].sources: no source "prot" (did you mean "port"?)'),
        ('name = "x"\ngroups = ["new"]', 'feed[1].groups: no group "new"'),
        ('name = "x"\nsource = ["port"]', "feed[1].source: unknown key"),
        ('name = "x"\ninclude = "tram"', "feed[1].include: is no table"),
        ('name = "x"\n[feed.include]\nword = ["a"]', 'feed[1].include.word: unknown key (did you mean "words"?)'),
        ('name = "x"\n[feed.include]\nwords = "a"', "feed[1].include.words: "),
        ('name = "x"\n[feed.include]\nwords = ["?"]', "feed[1].include.words: '?' holds no word"),
        (
            'name = "x"\n[feed.exclude]\nflag = ["sponsord"]',
            'feed[1].exclude.flag: "sponsord" is no flag (did you mean',
        ),
        ('name = "x"\ndrop_flags = ["adverts"]', 'feed[1].drop_flags: "adverts" is no flag'),
        ('name = "x"\nmax_bytes = 1', "feed[1].max_bytes: must be at least 65536"),
        ('name = "x"\nmax_entries = 0', "feed[1].max_entries: must be at least 1"),
    ],
)
def test_each_mistake_is_told_by_its_key(config: Path, text: str, told: str) -> None:
    """With the file in front, and a hint where one is near."""
    (config / "feeds.toml").write_text(f"[[feed]]\n{text}\n", "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_settings(config)
    (line,) = caught.value.problems
    assert line.startswith(f"{config}/feeds.toml: {told}")


def test_a_flag_that_a_source_drops_must_be_one(config: Path) -> None:
    """A misspelt flag would drop nothing, in silence."""
    path = config / "sources/a.toml"
    path.write_text(_SOURCES.replace('"sponsored"', '"adverts"'), "utf-8")
    with pytest.raises(ConfigError, match=r'drop_flags: "adverts" is no flag'):
        load_settings(config)


def test_other_tables_and_single_brackets_are_mistakes(config: Path) -> None:
    """Both mean a feed that would not be there."""
    (config / "feeds.toml").write_text('[feed]\nname = "x"\n', "utf-8")
    with pytest.raises(ConfigError, match="with two brackets"):
        load_settings(config)
    (config / "feeds.toml").write_text('[[feeds]]\nname = "x"\n', "utf-8")
    with pytest.raises(ConfigError, match=r'feeds: unknown key \(did you mean "feed"\?\)'):
        load_settings(config)
