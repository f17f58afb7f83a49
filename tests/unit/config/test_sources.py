"""The kinds of sources: what each needs, and keys that mean nothing for it are told with the kinds that they are for."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from cleaner.config import load_settings
from cleaner.config.sources import read_sources
from cleaner.config.tables import Problems

_URL = 'url = "https://vale.example/f"\n'
_NEEDED = {
    "folder": 'path = "in"\n',
    "feed": _URL,
    "listing": _URL,
    "sitemap": _URL,
    "pages": 'urls = ["https://vale.example/a"]\n',
    "archive": 'path = "a.warc"\n',
    "command": 'command = ["echo"]\n',
    "push": 'secrets = "key"\n',
}
_KEYS = {
    "path": ('path = "in"\n', {"folder", "archive"}),
    "url": (_URL, {"feed", "listing", "sitemap", "folder"}),
    "urls": ('urls = ["https://vale.example/a"]\n', {"pages"}),
    "command": ('command = ["echo"]\n', {"command"}),
    "select": ('select = "h2 a"\n', {"listing"}),
    "fulltext": ('fulltext = "never"\n', {"feed"}),
    "after": ('after = "move"\n', {"folder"}),
    "settle": ('settle = "1s"\n', {"folder"}),
    "min": ('min = "10m"\n', {"feed", "listing", "sitemap", "pages"}),
    "max": ('max = "2d"\n', {"feed", "listing", "sitemap", "pages"}),
    "robots": ("robots = false\n", {"feed", "listing", "sitemap", "pages"}),
    "secrets": ('secrets = "key"\n', {"feed", "listing", "sitemap", "pages", "push"}),
    "max_pages": ("max_pages = 5\n", {"feed", "listing", "sitemap", "pages"}),
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder with all files that sources name."""
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    (tmp_path / "config" / "sources").mkdir(parents=True)
    (tmp_path / "in").mkdir()
    (tmp_path / "a.warc").touch()
    (tmp_path / "key").touch(0o600)
    return tmp_path


def _mistakes(root: Path, text: str) -> list[str]:
    """What is wrong with a source, without the file in front."""
    (root / "config/sources/a.toml").write_text(f'[[source]]\nname = "one"\n{text}', "utf-8")
    problems = Problems()
    read_sources(root / "config", root, None, problems)
    return [line.removeprefix(f"{root}/config/sources/a.toml: source[1].") for line in problems.lines]


@pytest.mark.parametrize("kind", _NEEDED)
def test_each_kind_takes_its_own_keys_and_no_others(root: Path, kind: str) -> None:
    """One that means nothing is a mistake, for its writer meant something."""
    own = f'kind = "{kind}"\n{_NEEDED[kind]}'
    assert _mistakes(root, own) == []
    for key, (line, kinds) in _KEYS.items():
        found = _mistakes(root, own if f"\n{key} = " in own else own + line)
        told = f'{key}: means nothing for kind "{kind}" (only for {", ".join(sorted(kinds))})'
        assert found == ([] if kind in kinds else [told])


@pytest.mark.parametrize("kind", [kind for kind, line in _NEEDED.items() if line])
def test_what_a_kind_cannot_do_without_is_asked_for(root: Path, kind: str) -> None:
    """By the key's name, with what it is."""
    (mistake,) = _mistakes(root, f'kind = "{kind}"\n')
    assert mistake.startswith(f"{_NEEDED[kind].split(' ')[0]}: is missing (")


@pytest.mark.case(10)
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('kind = "rss"\n' + _URL, "kind: input should be "),
        ('kind = "feed"\nurl = "vale.example/f"', "url: 'vale.example/f' is no http(s) address"),
        ('kind = "feed"\nurl = "feed://vale.example/f"', "url: 'feed://vale.example/f' is no http(s) address"),
        ('kind = "feed"\nurl = "https://vale.example:99999/"', "url: 'https://vale.example:99999/' is no http(s) addr"),
        ('kind = "feed"\nurl = "https://vale.example/a b"', "url: 'https://vale.example/a b' is no http(s) address"),
        ('kind = "pages"\nurls = ["/a"]', "urls: '/a' is no http(s) address"),
        ('kind = "pages"\nurls = []', "urls: is empty"),
        ('kind = "pages"\nurls = "https://vale.example/a"', "urls: "),
        ('kind = "command"\ncommand = []', "command: is empty"),
        ('kind = "feed"\nmin = "2h"\nmax = "1h"\n' + _URL, "min: must not be more than max"),
        ('kind = "feed"\nmax_pages = 0\n' + _URL, "max_pages: must be at least 1"),
        ('kind = "feed"\nfulltext = "yes"\n' + _URL, "fulltext: input should be 'auto', 'always' or 'never'"),
        ('kind = "feed"\nsecrets = "gone"\n' + _URL, "secrets: no such file: "),
        ('kind = "archive"\npath = "gone.warc"\n', "path: no such file: "),
    ],
)
def test_mistakes_are_told_once_with_their_key(root: Path, text: str, told: str) -> None:
    """In one line."""
    (mistake,) = _mistakes(root, text)
    assert mistake.startswith(told)


def test_secrets_may_be_a_credential_of_the_service(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder that systemd names counts where there is one; in a shell the source is read all the same."""
    told = 'kind = "feed"\nsecrets = "$CREDENTIALS_DIRECTORY/post"\n' + _URL
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    assert _mistakes(root, told) == []
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", "/run/credentials/cleaner.service")
    (source,) = load_settings(root / "config").sources
    assert source.secrets == Path("/run/credentials/cleaner.service/post")


def test_secrets_that_others_may_read_are_refused(root: Path) -> None:
    """With what to do about it."""
    (root / "key").chmod(0o640)
    (mistake,) = _mistakes(root, 'kind = "feed"\nsecrets = "key"\n' + _URL)
    assert mistake == f"secrets: others may read {root}/key: chmod 600 it"


def test_sources_from_the_net_have_no_fixed_times_unless_written_down(root: Path) -> None:
    """Their own rate tells when; those from here run each quarter of an hour."""
    lines = "".join(f'[[source]]\nname = "{kind}"\nkind = "{kind}"\n{line}' for kind, line in _NEEDED.items())
    (root / "config/sources/a.toml").write_text(lines + '[[source]]\nname = "x"\nkind = "feed"\nevery = "1h"\n' + _URL)
    every = {source.name: source.every for source in load_settings(root / "config").sources}
    assert {name for name, time in every.items() if time is None} == {"feed", "listing", "sitemap", "pages"}
    assert every["x"] == timedelta(hours=1)
