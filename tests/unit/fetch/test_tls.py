"""https against real certificates, good and bad; there is no way around the verification."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from cleaner.errors import FetchError
from cleaner.fetch import Fetcher, fetch_page
from tests.unit.fetch.upstream import Names, Upstream, answer, drip, fetcher, redirect, upstream

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="certificates are made with the openssl program")

NAMES = Names(news_example=[["127.0.0.1"]], other_example=[["127.0.0.1"]])
_CA = """
[ca]
default_ca = here
[here]
new_certs_dir = {folder}
database = {folder}/index
rand_serial = yes
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
"""


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with key.pem, good.pem (for news.example and 127.0.0.1) and old.pem (the same, expired)."""
    folder = tmp_path_factory.mktemp("tls")
    (folder / "ca").write_text(_CA.format(folder=folder))
    (folder / "index").touch()
    named = ["-subj", "/CN=news.example", "-addext", "subjectAltName=DNS:news.example,IP:127.0.0.1", "-nodes"]
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-keyout", "key.pem"]
    self_signed = ["-selfsign", "-keyfile", "key.pem", "-in", "request.pem", "-notext", "-batch"]
    for command in (
        ["req", "-x509", *key, "-out", "good.pem", "-days", "2", *named],
        ["req", "-new", "-key", "key.pem", "-out", "request.pem", *named],
        [
            "ca",
            "-config",
            "ca",
            *self_signed,
            "-out",
            "old.pem",
            "-startdate",
            "20200101000000Z",
            "-enddate",
            "20210101000000Z",
        ],
    ):
        subprocess.run(["openssl", *command], cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture
def trusting(certificates: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Upstream, str], Fetcher]:
    """Makes a client that trusts one certificate, as a system would that has it among its own."""

    def make(server: Upstream, name: str) -> Fetcher:
        """It may ask a server under all the names of these tests."""
        monkeypatch.setenv("SSL_CERT_FILE", str(certificates / name))
        hosts = ("news.example", "other.example", "127.0.0.1")
        return fetcher(*(f"{host}:{server.port}" for host in hosts), resolve=NAMES)

    return make


def speaking(certificates: Path, name: str = "good.pem") -> ssl.SSLContext:
    """A server's side of TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / name, certificates / "key.pem")
    return context


@pytest.mark.parametrize("host", ["news.example", "127.0.0.1"])
def test_a_certificate_that_is_trusted(certificates: Path, trusting: Callable[..., Fetcher], host: str) -> None:
    """By name and by address; the answer may drip, and the login goes along."""
    whole = answer(200, b"Hallo " * 20000)
    with upstream(drip([whole[:10], whole[10:]], 0.05), tls=speaking(certificates)) as server:
        found = trusting(server, "good.pem").get(server.url("/a", f"me:x@{host}", "https"))
        assert (found.url, len(found.body)) == (server.url("/a", host, "https"), 120_000)
        assert server.sent()["authorization"] == "Basic bWU6eA=="


@pytest.mark.case(39)
@pytest.mark.parametrize(
    ("shown", "trusted", "host", "words"),
    [
        ("good.pem", None, "news.example", "self-signed certificate"),
        ("old.pem", "old.pem", "news.example", "certificate has expired"),
        ("good.pem", "good.pem", "other.example", "Hostname mismatch"),
    ],
)
def test_a_certificate_that_is_not(
    certificates: Path, trusting: Callable[..., Fetcher], shown: str, trusted: str | None, host: str, words: str
) -> None:
    """Self-signed, expired, of another host: nothing is asked, and nothing else is tried."""
    with upstream(answer(200, b"secret"), tls=speaking(certificates, shown)) as server:
        made = trusting(server, trusted) if trusted else fetcher(f"{host}:{server.port}", resolve=NAMES)
        with pytest.raises(FetchError, match=f": tls: .*{words}") as caught:
            made.get(server.url("/", host, "https"))
        assert str(caught.value).isprintable()
        assert (server.asked, server.hits) == ([], 1)


def test_who_says_nothing_when_tls_is_due() -> None:
    """The greeting is no request, so this server waits on."""
    with upstream() as server, pytest.raises(FetchError) as caught:
        fetcher(server).get(server.url(scheme="https"))
    assert caught.value.reason == "connect-timeout"


@pytest.mark.case(39)
@pytest.mark.parametrize(("says", "reasons"), [(b"SSH-2.0-x\r\n" * 9, {"tls"}), (b"", {"tls", "network"})])
def test_who_speaks_no_tls(says: bytes, reasons: set[str]) -> None:
    """Another protocol, or nobody any more."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        place = f"127.0.0.1:{listener.getsockname()[1]}"

        def serve() -> None:
            """One connection, hung up once the greeting is there."""
            connection, _ = listener.accept()
            with connection:
                connection.sendall(says)
                connection.recv(100)

        threading.Thread(target=serve, daemon=True).start()
        with pytest.raises(FetchError) as caught:
            fetcher(place).get(f"https://{place}/")
    assert caught.value.reason in reasons


@pytest.mark.case(15)
def test_a_way_down_to_http_is_refused_unless_allowed(certificates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No request is made."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates / "good.pem"))
    with (
        upstream(answer(200, b"plain")) as plain,
        upstream(redirect(plain.url()), tls=speaking(certificates)) as secure,
    ):
        for allowed in (False, True):
            made = fetcher(typed=True, allow_downgrade=allowed)
            if allowed:
                assert made.get(secure.url(scheme="https")).body == b"plain"
            else:
                with pytest.raises(FetchError, match=f": downgrade: leads from https to {plain.url()}"):
                    made.get(secure.url(scheme="https"))
                assert plain.hits == 0


def test_a_page_asked_for_by_a_person_may_lead_down(certificates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no secret to lose."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates / "good.pem"))
    with (
        upstream(answer(200, b"plain")) as plain,
        upstream(redirect(plain.url()), tls=speaking(certificates)) as secure,
    ):
        assert fetch_page(secure.url(scheme="https"))[0].body == b"plain"


def test_the_way_up_to_https_is_where_an_address_has_moved(certificates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the redirect is permanent."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates / "good.pem"))
    with (
        upstream(answer(200, b"end"), tls=speaking(certificates)) as secure,
        upstream(redirect(secure.url("/x", scheme="https"), 301)) as plain,
    ):
        found = fetcher(typed=True).get(plain.url())
        assert found.moved == found.url == secure.url("/x", scheme="https")


def test_https_by_proxy(certificates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy connects, and sees nothing of what is asked."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates / "good.pem"))

    def pass_on(connection: socket.socket) -> None:
        """Says yes, and speaks for the other end itself: it holds the key here."""
        connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
        with speaking(certificates).wrap_socket(connection, server_side=True) as spoken:
            inside.append(spoken.recv(65536))
            spoken.sendall(answer(200, b"Hallo"))

    inside: list[bytes] = []
    with upstream(pass_on) as proxy:
        made = Fetcher(proxy=f"http://me:secret@{proxy.place}")
        assert made.get("https://news.example/a").body == b"Hallo"
        assert proxy.asked[0].startswith(b"CONNECT news.example:443 HTTP/1.1\r\n")
        assert proxy.sent().keys() == {"host", "proxy-authorization"}
    assert inside[0].startswith(b"GET /a HTTP/1.1\r\nHost: news.example\r\n")
    assert b"Proxy" not in inside[0]
