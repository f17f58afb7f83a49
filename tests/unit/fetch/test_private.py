"""Addresses that are not on the public network: no connection is made to them, whatever leads there."""

from __future__ import annotations

from typing import Any

import pytest

from cleaner.fetch import Limits, client
from tests.unit.fetch.upstream import Names, answer, fetcher, redirect, refused, upstream

NOWHERE = "2d00::1"  # public, and given to nobody


def _host(case: pytest.MarkDecorator, *hosts: str) -> list[Any]:
    """Hosts that show one case."""
    return [pytest.param(host, marks=case) for host in hosts]


@pytest.mark.parametrize(
    "host",
    [
        *_host(pytest.mark.case(1), "127.0.0.1", "localhost", "127.0.0.2", "10.0.0.1", "192.168.0.1"),
        *_host(
            pytest.mark.case(2),
            "2130706433",
            "0x7f.1",
            "0177.0.0.1",
            "127.1",
            "①②⑦.0.0.1",
            "127。0。0。1",
            "127．0．0．1",
        ),
        *_host(
            pytest.mark.case(3), "[::1]", "[::ffff:7f00:1]", "[::ffff:127.0.0.1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]"
        ),
        *_host(pytest.mark.case(3), "[2002:7f00:1::]", "[fec0::1]", "[fe80::1%25lo]", "[fe80::1%lo]"),
        *_host(pytest.mark.case(4), "169.254.169.254", "[fd00:ec2::254]", "168.63.129.16", "100.64.0.1"),
        *_host(pytest.mark.case(5), "0.0.0.0", "0", "224.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.0.9"),
    ],
)
def test_private_addresses_are_not_even_connected_to(host: str) -> None:
    """In all the ways in which they may be written; the canary on loopback hears nothing."""
    with upstream(answer(200, b"secret")) as canary:
        error = refused(fetcher(), canary.url(host=host))
        assert (error.reason, canary.hits) == ("private-address", 0)


@pytest.mark.case(8)
@pytest.mark.parametrize(
    "ips", [["127.0.0.1"], [NOWHERE, "127.0.0.1"], ["127.0.0.1", NOWHERE], [NOWHERE, "fe80::1%lo"]]
)
def test_a_name_with_any_private_address_is_refused(ips: list[str]) -> None:
    """Even where it has public ones too."""
    names = Names(news_example=[ips])
    with upstream(answer(200, b"secret")) as canary:
        error = refused(fetcher(resolve=names), canary.url(host="news.example"))
        assert (error.reason, canary.hits) == ("private-address", 0)
        assert "news.example is " in error.detail


@pytest.mark.case(7)
def test_a_name_that_changes_is_looked_up_once() -> None:
    """The address that was judged is the one that is connected to."""
    names = Names(news_example=[[NOWHERE], ["127.0.0.1"]])
    with upstream(answer(200, b"secret")) as canary:
        error = refused(fetcher(resolve=names, limits=Limits(connect=0.2)), canary.url(host="news.example"))
        assert error.reason in {"network", "connect-timeout"}
        assert (names.asked, canary.hits) == (["news.example"], 0)


@pytest.mark.case(7)
def test_the_address_that_was_judged_answers() -> None:
    """Not one that a second look-up would give."""
    names = Names(news_example=[["127.0.0.1"], ["127.0.0.2"]])
    with (
        upstream(answer(200, b"first")) as server,
        upstream(answer(200, b"second"), ip="127.0.0.2", port=server.port) as other,
    ):
        url = server.url(host="news.example")
        found = fetcher(f"news.example:{server.port}", resolve=names).get(url)
        assert (found.body, names.asked, server.hits, other.hits) == (b"first", ["news.example"], 1, 0)
        assert server.sent()["host"] == f"news.example:{server.port}"


@pytest.mark.case(7)
def test_each_connection_of_a_chain_has_its_own_look_up() -> None:
    """And only one; the second one is refused, as the name has changed."""
    names = Names(news_example=[["127.0.0.1"], [NOWHERE]])
    with upstream(redirect("/again")) as server:
        error = refused(fetcher(f"news.example:{server.port}", resolve=names), server.url(host="news.example"))
        assert error.reason in {"network", "connect-timeout"}
        assert (names.asked, server.hits) == (["news.example"] * 2, 1)


def test_the_next_address_is_tried_where_one_is_dead() -> None:
    """In the order of the resolver."""
    names = Names(news_example=[["127.0.0.9", "127.0.0.1"]])
    with upstream(answer(200, b"here")) as server:
        found = fetcher(f"news.example:{server.port}", resolve=names).get(server.url(host="news.example"))
    assert found.body == b"here"


@pytest.mark.case(6)
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "[::1]", "169.254.169.254"])
def test_a_redirect_to_a_private_address_is_refused_at_that_hop(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a public server leads there (127.0.0.2 plays it); the error names it."""
    monkeypatch.setattr(client, "is_public", lambda ip: ip == "127.0.0.2")
    with (
        upstream(answer(200, b"secret")) as canary,
        upstream(redirect(canary.url("/x", host)), ip="127.0.0.2") as server,
    ):
        error = refused(fetcher(canary), server.url(host="127.0.0.2"))
        assert (error.reason, server.hits, canary.hits) == ("private-address", 1, 0)
        assert error.detail == f"leads to {canary.url('/x', host)}, which is not a public address"
        assert error.origin == server.url(host="127.0.0.2")


@pytest.mark.case(16)
def test_an_allowed_place_is_that_place_only() -> None:
    """The same host with another port, and the same address by another name, are others."""
    with upstream(answer(200, b"ok")) as server, upstream(answer(200, b"secret")) as canary:
        allowed = fetcher(server)
        assert allowed.get(server.url()).body == b"ok"
        assert refused(allowed, canary.url()).reason == "private-address"
        assert refused(allowed, server.url(host="localhost")).reason == "private-address"
        assert canary.hits == 0


@pytest.mark.case(16)
def test_an_allowed_place_leads_to_itself_only() -> None:
    """Not to another one, though that is allowed too; and not back from there."""
    with upstream(answer(200, b"other")) as other:
        says = {"/own": redirect("/end"), "/end": answer(200, b"end"), "/out": redirect(other.url())}
        with upstream(says) as server:
            both = fetcher(server, other)
            assert both.get(server.url("/own")).body == b"end"
            assert both.get(other.url()).body == b"other"
            assert refused(both, server.url("/out")).reason == "private-address"
            assert other.hits == 1


@pytest.mark.case(16)
def test_what_was_typed_may_be_private_and_lead_to_private(monkeypatch: pytest.MonkeyPatch) -> None:
    """But not by way of a public address."""
    with upstream(answer(200, b"end")) as end, upstream(redirect(end.url())) as server:
        assert fetcher(typed=True).get(server.url()).body == b"end"
        monkeypatch.setattr(client, "is_public", lambda ip: ip == "127.0.0.2")
        with (
            upstream(redirect(end.url()), ip="127.0.0.2") as public,
            upstream(redirect(public.url(host="127.0.0.2"))) as first,
        ):
            for url in (public.url(host="127.0.0.2"), first.url()):
                assert refused(fetcher(typed=True), url).reason == "private-address"
    assert end.hits == 1
