"""Which addresses may be asked at all: judged by their text, and by the IP addresses they turn out to be."""

from __future__ import annotations

import pytest

from cleaner.fetch.guard import HopError, is_public, literal, read_address, without_login


@pytest.mark.case(3, 4, 5)
@pytest.mark.parametrize(
    "ip",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "168.63.129.16", "100.64.0.1"),
        *("0.0.0.0", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "198.18.0.1", "198.19.9.9"),
        *("192.0.0.9", "192.0.0.192", "192.0.2.1", "198.51.100.1", "203.0.113.1", "192.88.99.1"),
        *("::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "::8.8.8.8"),
        *("64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::7f00:1", "2002:7f00:1::", "2002:808:808::1"),
        *("fe80::1", "fe80::1%lo", "2a00::1%eth0", "fec0::1", "fd00:ec2::254", "fc00::1", "ff02::1", "5f00::1"),
        *("3fff::1", "3fff:fff::1", "2001:db8::1", "2001::1", "2001:10::1", "100::1", "no address", ""),
    ],
)
def test_what_is_not_on_the_public_network(ip: str) -> None:
    """Special ranges, those that Python's own judgement lets through included."""
    assert not is_public(ip)


@pytest.mark.parametrize(
    "ip", ["8.8.8.8", "193.0.6.139", "172.32.0.1", "100.128.0.1", "2a00:1450::1", "2600::1", "2003::1"]
)
def test_what_is_public(ip: str) -> None:
    """The neighbours of special ranges."""
    assert is_public(ip)


@pytest.mark.case(9, 10, 11)
@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:1\\@news.example/", "bad-address"),
        ("http://news.example\t/", "bad-address"),
        ("http://news.example/\r\nX: y", "bad-address"),
        ("http://news.example/a b", "bad-address"),
        (" http://news.example/", "bad-address"),
        ("http://news.example/\0", "bad-address"),
        ("http://news.example/\x7f", "bad-address"),
        ("http://news.example/\u0085", "bad-address"),
        ("http://news.example/\u202egpj", "bad-address"),
        ("http://news.example/\ud800", "bad-address"),
        ("http://a@b@news.example/", "bad-address"),
        ("http://news.example:0/", "bad-address"),
        ("http://news.example:65536/", "bad-address"),
        ("http://news.example:8o/", "bad-address"),
        ("http://news.example:٨٠/", "bad-address"),
        ("http://[::1]evil/", "bad-address"),
        ("http://[::1/", "bad-address"),
        ("http://[::g]/", "bad-address"),
        ("http://[v1.x]/", "bad-address"),
        ("http://127%2e0%2e0%2e1/", "bad-address"),
        ("http://a..b/", "bad-address"),
        ("http://" + "a" * 64 + ".example/", "bad-address"),
        ("http://" + "ab." * 100 + "example/", "bad-address"),
        ("http://faß.example/", "bad-address"),
        ("http://a℀b.example/", "bad-address"),
        ("http://" + "ä" * 5000 + "/", "bad-address"),
        ("http://[fe80::1%lo]/", "private-address"),
        ("http://[fe80::1%25lo]/", "private-address"),
        ("http://", "scheme"),
        ("http:news.example", "scheme"),
        ("http:///path", "scheme"),
        ("//news.example/", "scheme"),
        ("", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("FILE:/etc/passwd", "scheme"),
        ("ftp://news.example/", "scheme"),
        ("gopher://news.example/", "scheme"),
        ("data:text/html,x", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("jar:http://news.example!/", "scheme"),
        ("unix:/run/x", "scheme"),
    ],
)
def test_what_is_no_address_for_us(url: str, reason: str) -> None:
    """Refused by its text, with a message of one line."""
    with pytest.raises(HopError) as caught:
        read_address(url)
    assert caught.value.reason == reason
    assert caught.value.detail.isprintable()
    assert len(caught.value.detail) < 400


@pytest.mark.parametrize(
    ("url", "kept", "place"),
    [
        ("http://news.example", "http://news.example/", "news.example:80"),
        ("HTTPS://News.Example:443/A?b=c#d", "https://news.example/A?b=c", "news.example:443"),
        ("http://news.example:443/", "http://news.example:443/", "news.example:443"),
        ("http://news.example:/", "http://news.example/", "news.example:80"),
        ("http://news.example?q", "http://news.example/?q", "news.example:80"),
        ("http://köln.example/Straße?ü", "http://xn--kln-sna.example/Stra%C3%9Fe?%C3%BC", "xn--kln-sna.example:80"),
        ("http://127。0。0。1:81/", "http://127.0.0.1:81/", "127.0.0.1:81"),
        ("http://①②⑦.0.0.1/", "http://127.0.0.1/", "127.0.0.1:80"),
        ("http://[2A00::1]:8080/x", "http://[2a00::1]:8080/x", "[2a00::1]:8080"),
        ("http://[2a00::1]/", "http://[2a00::1]/", "[2a00::1]:80"),
        ("http://my_host.example./%41%zz", "http://my_host.example./%41%zz", "my_host.example.:80"),
        ("http://127.0.0.1:1@news.example/@me", "http://news.example/@me", "news.example:80"),
    ],
)
def test_an_address_is_kept_in_one_form(url: str, kept: str, place: str) -> None:
    """Lower case, punycode, no login, no fragment, no port that goes without saying."""
    address = read_address(url)
    assert (address.url, address.place) == (kept, place)


@pytest.mark.case(14)
def test_a_login_counts_where_the_caller_wrote_it() -> None:
    """It goes along to the same origin, and a server cannot write one."""
    first = read_address("http://me:p%40ss@news.example/a")
    assert first.login == "bWU6cEBzcw=="
    assert read_address("b", first).login == first.login
    assert read_address("//you:too@news.example/", first).login == first.login
    for elsewhere in ("https://news.example/", "http://news.example:81/", "//you:too@other.example/"):
        assert read_address(elsewhere, first).login == ""


def test_redirects_may_be_relative() -> None:
    """All forms that a reference may have."""
    first = read_address("https://news.example/a/b?c")
    found = [read_address(target, first).url for target in ("d", "/d", "?d", "../../d", "//other.example", "http://x/")]
    assert found == [
        "https://news.example/a/d",
        "https://news.example/d",
        "https://news.example/a/b?d",
        "https://news.example/d",
        "https://other.example/",
        "http://x/",
    ]


@pytest.mark.case(2)
@pytest.mark.parametrize(
    ("host", "ip"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("localhost", "127.0.0.1"),
        ("x.localhost.", "127.0.0.1"),
        ("::1", "::1"),
        ("news.example", None),
        ("1.example", None),
    ],
)
def test_hosts_that_are_addresses_by_themselves(host: str, ip: str | None) -> None:
    """In all the ways in which an IPv4 address may be written."""
    assert literal(host) == ip


@pytest.mark.case(14)
@pytest.mark.parametrize(
    "url",
    [
        "http://me:secret@news.example/",
        "http://me:sec/ret@news.example/",
        "http://me:secret@news.example\\",
        "http:\\\\me:secret@news.example/",
        "ftp://me:secret@news.example/",
        "http://me:secret@news.example:x/",
        "http://a@me:secret@news.example/",
        "http://me:secret@" + "a" * 300,
        "http://me:" + "secret" * 100 + "@news.example/ ",
    ],
)
def test_a_password_is_shown_nowhere(url: str) -> None:
    """Neither where the address is good nor where it is refused."""
    shown = without_login(url)
    try:
        shown += read_address(url).url
    except HopError as error:
        shown += error.detail
    assert "ret" not in shown
    assert "example" in shown or "aaa" in shown
