"""``cleaner add``, ``pause``, ``resume``, ``remove``, ``opml``: what is found out, written down, taken out again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cleaner.cli.adding import add_sources, pause_source, print_opml, remove_source
from cleaner.cli.explaining import explain_input
from cleaner.cli.rounds import update_sources
from cleaner.config import load_settings
from cleaner.datatypes import Settings, Subscription
from cleaner.errors import ConfigError, PageError
from cleaner.ingest import read_opml
from tests.unit.collect.site import Reply, Site, item, page, paragraphs, rss, serving


@pytest.fixture
def site() -> Iterator[Site]:
    """A site with one of each."""
    with serving() as made:
        cards = "".join(
            f"<article><h2><a href='/2026/03/0{number}/the-story-of-{number}'>{paragraphs(number)[0]}</a></h2></article>"
            for number in range(1, 8)
        )
        named = "<link rel=alternate type='application/rss+xml' href='/feed.xml' title='All'>"
        made.routes |= {
            "/feed.xml": rss(item(made, 1)),
            "/sitemap.xml": Reply(
                body=f"<urlset><url><loc>{made.url('/news/1')}</loc></url></urlset>".encode(), kind="application/xml"
            ),
            "/front": Reply(body=f"<!doctype html><title>Front</title><main>{cards}</main>".encode()),
            "/named": page(2, head=named),
            "/lost": page(2, head=named.replace("/feed.xml", "/no-feed.xml")),
            "/news/1": page(1),
            "/picture": Reply(body=b"\x89PNG\r\n\x1a\n" + bytes(100), kind="image/png"),
        }
        yield made


@pytest.fixture
def config(tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration that may ask the site."""
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    (tmp_path / "config" / "sources").mkdir(parents=True)
    (tmp_path / "config" / "cleaner.toml").write_text(f'allow_private = ["{site.place}"]\npause = "0s"\nchildren = 1\n')
    return tmp_path / "config"


def _add(config: Path, what: object, name: str | None = None, *, untried: bool = False) -> int:
    """Add something with the settings as they are now."""
    return add_sources(load_settings(config), str(what), name, untried=untried)


def _sources(config: Path) -> dict[str, Subscription]:
    """The sources as a new process reads them."""
    return {source.name: source for source in load_settings(config).sources}


@pytest.mark.parametrize(
    ("path", "name", "kind", "at"),
    [
        ("/feed.xml", "vale-post", "feed", "/feed.xml"),
        ("/named", "vale-post", "feed", "/feed.xml"),
        ("/sitemap.xml", "127-0-0-1", "sitemap", "/sitemap.xml"),
        ("/front", "127-0-0-1", "listing", "/front"),
        ("/lost", "127-0-0-1", "pages", "/lost"),
    ],
)
def test_what_an_address_is_is_found_out(
    config: Path, site: Site, capsys: pytest.CaptureFixture[str], path: str, name: str, kind: str, at: str
) -> None:
    """It is written down such that the next round has an entry of it, or none to complain of; and only once."""
    assert _add(config, site.url(path)) == 0
    accepts = next(told["accept"] for asked, told in zip(site.asked, site.sent, strict=True) if asked == path)
    assert all(kind in accepts for kind in ("text/html", "application/rss+xml", "application/xml"))
    (source,) = _sources(config).values()
    assert (source.name, source.kind, source.url or source.urls[0]) == (name, kind, site.url(at))
    assert f'added "{name}": ' in capsys.readouterr().out
    assert _add(config, site.url(path)) == 0
    assert len(_sources(config)) == 1
    assert capsys.readouterr().out == f'{site.url(at)} is there already, as "{name}"\n'


@pytest.mark.parametrize("path", ["/", "/robots.txt"])
def test_a_site_that_names_neither_feed_nor_articles_is_read_by_its_maps(config: Path, site: Site, path: str) -> None:
    """Those that its robots.txt names; a page further in is a page."""
    maps = f"User-agent: *\nDisallow:\nSitemap: {site.url('/sitemap.xml')}\n"
    site.routes |= {"/": page(3), "/robots.txt": Reply(body=maps.encode(), kind="text/plain")}
    assert _add(config, site.url(path)) == 0
    assert _add(config, site.url("/lost")) == 0
    assert {(source.kind, source.url) for source in _sources(config).values()} == {
        ("sitemap", site.url("/")),
        ("pages", None),
    }
    update_sources(load_settings(config), [], dry_run=False)
    assert "/sitemap.xml" in site.asked
    assert "/news/1" in site.asked


def test_what_is_no_source_is_refused(config: Path, site: Site) -> None:
    """With the address and what it is, and nothing is written."""
    for path, reason in (("/picture", "unknown-kind"), ("/gone", "status")):
        with pytest.raises(PageError) as caught:
            _add(config, site.url(path))
        assert (caught.value.origin, caught.value.reason) == (site.url(path), reason)
    with pytest.raises(ConfigError, match="nowhere: neither a file nor a folder nor an http"):
        _add(config, "nowhere")
    assert _sources(config) == {}


def test_folders_and_archives_are_added_by_their_paths(config: Path, tmp_path: Path) -> None:
    """A name that is taken gets a number, a reserved one too."""
    for path in (tmp_path / "a" / "all", tmp_path / "b" / "all"):
        path.mkdir(parents=True)
        assert _add(config, path) == 0
    (tmp_path / "old news.warc.gz").touch()
    assert _add(config, tmp_path / "old news.warc.gz") == 0
    assert _add(config, tmp_path / "a", "My Own Name") == 0
    found = _sources(config)
    assert [(name, source.kind) for name, source in sorted(found.items())] == [
        ("all-2", "folder"),
        ("all-3", "folder"),
        ("my-own-name", "folder"),
        ("old-news-warc", "archive"),
    ]


@pytest.mark.parametrize(
    "title", ['Say "hi" \\ there', "\u007f\u0001bell", "\u202eevil", "日本", "x" * 300, "# = [[source]]"]
)
def test_no_title_breaks_the_file(config: Path, site: Site, title: str) -> None:
    """Whatever a feed calls itself, the file can be read and the name is a slug."""
    told = title.replace("\u0001", "")
    site.routes["/odd.xml"] = Reply(
        body=f"<rss version='2.0'><channel><title>{told}</title>{item(site, 1)}</channel></rss>".encode(),
        kind="text/xml",
    )
    assert _add(config, site.url("/odd.xml")) == 0
    (source,) = _sources(config).values()
    assert source.url == site.url("/odd.xml")


def _opml(folder: Path, *outlines: str) -> Path:
    """A list of subscriptions."""
    path = folder / "My feeds.opml"
    path.write_text(f"<opml version='2.0'><head/><body>{''.join(outlines)}</body></opml>", "utf-8")
    return path


def test_a_list_is_added_with_its_folders_and_its_failures_are_named(
    config: Path, site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each feed once, also where a page names one that is in the list; a second time adds nothing."""
    site.routes |= {f"/f{number}.xml": rss(item(site, number)) for number in range(3)}
    feeds = [
        f"<outline text='Feed &quot;{number}&quot;' xmlUrl='{site.url(f'/f{number}.xml')}'/>" for number in range(3)
    ]
    path = _opml(
        tmp_path,
        f"<outline text='News'>{feeds[0]}<outline text='Deep'>{feeds[1]}</outline></outline>{feeds[2]}",
        f"<outline text='All' xmlUrl='{site.url('/feed.xml')}'/><outline text='Page' xmlUrl='{site.url('/named')}'/>",
        f"<outline text='Gone' xmlUrl='{site.url('/gone.xml')}'/><outline text='Odd' xmlUrl='feed://vale.example/'/>",
        f"<outline text='Parked' xmlUrl='{site.url('/news/1')}'/>",
    )
    assert _add(config, path) == 1
    found = _sources(config)
    assert {(source.name, source.group, source.title) for source in found.values()} == {
        ("feed-0", "News", 'Feed "0"'),
        ("feed-1", "News / Deep", 'Feed "1"'),
        ("feed-2", None, 'Feed "2"'),
        ("all-2", None, "All"),
    }
    told = capsys.readouterr()
    assert told.err.splitlines() == [
        f"cleaner: {site.url('/gone.xml')}: status: answered 404",
        "cleaner: feed://vale.example/: scheme: no http(s) address",
        f"cleaner: {site.url('/news/1')}: no-feed: is a page that names no feed",
    ]
    assert told.out.splitlines()[-1] == "4 added, 1 there already, 3 failed"
    assert _add(config, path) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "0 added, 5 there already, 3 failed"
    assert _sources(config) == found


def test_a_list_can_be_taken_untried(config: Path, site: Site, tmp_path: Path) -> None:
    """Nobody is asked; what is no address would break the file and is left out."""
    path = _opml(tmp_path, "<outline xmlUrl='https://vale.example/f'/><outline xmlUrl='pcast://vale.example/'/>")
    assert _add(config, path, untried=True) == 1
    assert [source.url for source in _sources(config).values()] == ["https://vale.example/f"]
    assert site.asked == []


def test_a_list_that_is_none_is_refused(config: Path, tmp_path: Path) -> None:
    """With the file's name."""
    (tmp_path / "list.opml").write_text("<html>")
    with pytest.raises(PageError, match="list.opml: bad-opml: "):
        _add(config, tmp_path / "list.opml")


def test_a_paused_source_is_left_alone_until_it_is_resumed(
    config: Path, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    """But for a round that is asked for by its name."""
    _add(config, site.url("/feed.xml"))
    settings = load_settings(config)
    pause_source(settings, "vale-post", paused=True)
    site.took()
    assert update_sources(settings, [], dry_run=False) == 0
    assert site.took() == []
    assert update_sources(settings, ["vale-post"], dry_run=False) == 0
    assert site.took() == ["/feed.xml", "/news/1"]
    pause_source(settings, "vale-post", paused=False)
    update_sources(settings, [], dry_run=False)
    assert site.took() == ["/feed.xml"]
    update_sources(settings, [], dry_run=True)
    assert site.took() == []
    with pytest.raises(ConfigError, match='no source "valley"'):
        pause_source(settings, "valley", paused=True)
    own = replace(settings, sources=(replace(settings.sources[0], paused=True),))
    with pytest.raises(ConfigError, match='take "paused = true" out there'):
        pause_source(own, "vale-post", paused=False)


def test_a_source_that_is_removed_leaves_the_others_as_they_were(config: Path, site: Site, tmp_path: Path) -> None:
    """Their comments and edits stay; the last one takes the file along; added again it is not paused."""
    outlines = (f"<outline text='Feed {number}' xmlUrl='https://a:b@vale.example/{number}'/>" for number in range(3))
    _add(config, _opml(tmp_path, *outlines), untried=True)
    (path,) = (tmp_path / "state/config/sources").glob("*.toml")
    path.write_text("# mine\n" + path.read_text().replace("[[source]]", "  [[ source ]]", 2) + "# the end\n")
    pause_source(load_settings(config), "feed-1", paused=True)
    remove_source(load_settings(config), "feed-1")
    assert list(_sources(config)) == ["feed-0", "feed-2"]
    assert path.read_text().startswith("# mine\n")
    assert path.read_text().endswith("# the end\n")
    assert path.stat().st_mode & 0o777 == 0o600  # passwords stand in it still
    _add(config, _opml(tmp_path, "<outline text='Feed 1' xmlUrl='https://vale.example/1'/>"), untried=True)
    site.took()
    _is_asked(load_settings(config))
    for name in ("feed-0", "feed-2", "feed-1"):
        remove_source(load_settings(config), name)
    assert list((tmp_path / "state/config/sources").glob("*.toml")) == []
    (config / "sources" / "own.toml").write_text(
        '[[source]]\nname = "own"\nkind = "feed"\nurl = "https://vale.example"\n'
    )
    with pytest.raises(ConfigError, match='"own" was not added but written by hand'):
        remove_source(load_settings(config), "own")


def test_the_feeds_of_a_removed_source_go_with_it(config: Path, tmp_path: Path, site: Site) -> None:
    """In both forms; what is of others stays."""
    _add(config, site.url("/feed.xml"))
    update_sources(load_settings(config), [], dry_run=False)
    published = {path.name for path in (tmp_path / "feeds").iterdir()}
    remove_source(load_settings(config), "vale-post")
    left = {path.name for path in (tmp_path / "feeds").iterdir()}
    assert published - left == {"vale-post.atom", "vale-post.json"}


def _is_asked(settings: Settings) -> None:
    """No source is paused."""
    from cleaner.cli.rounds import _is_paused
    from cleaner.store import Store

    with Store(settings.state_dir) as store:
        assert not any(_is_paused(store, source) for source in settings.sources)


def test_our_feeds_are_listed_for_other_readers(
    config: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """In their groups; what we print we can read."""
    listed = "<outline text='News'><outline text='Local'><outline text='One &amp; all' xmlUrl='https://vale.example/1'/></outline></outline>"
    _add(config, _opml(tmp_path, listed), untried=True)
    capfdbinary.readouterr()
    print_opml(load_settings(config))
    import sys

    sys.stdout.flush()
    (outline,) = read_opml(capfdbinary.readouterr().out, "ours")
    assert (outline.url, outline.title) == ("http://127.0.0.1:8490/feeds/one-all.atom", "One & all")
    assert outline.groups == ("News", "Local")


@pytest.mark.parametrize("guid", ["urn:vale:1", "", "http"])
def test_an_entry_is_explained_by_the_id_that_its_feed_gave_it(
    config: Path, site: Site, capsys: pytest.CaptureFixture[str], guid: str
) -> None:
    """From the page that is kept; also where the id is an address, and nothing is asked then."""
    told = site.url("/id/1") if guid == "http" else guid or "tag:vale.example,2026:1"
    site.routes["/feed.xml"] = rss(item(site, 1, guid=told))
    _add(config, site.url("/feed.xml"))
    update_sources(load_settings(config), [], dry_run=False)
    site.took()
    capsys.readouterr()
    explain_input(told, None, config)
    assert "context:" in capsys.readouterr().out
    assert site.took() == []
