"""HTML pages -> the text that other extractors take for the article, where the ``bench`` extra is installed."""

from __future__ import annotations

import gzip
import importlib.util
import logging
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

__all__ = ["PEERS", "installed", "texts"]


def _trafilatura(body: bytes) -> str:
    """trafilatura as it comes."""
    import trafilatura

    return trafilatura.extract(body) or ""


def _precise(body: bytes) -> str:
    """trafilatura, told to prefer precision."""
    import trafilatura

    return trafilatura.extract(body, favor_precision=True) or ""


def _readability(body: bytes) -> str:
    """The text of readability-lxml's summary."""
    import lxml.html
    from readability import Document

    return str(lxml.html.fromstring(Document(body).summary()).xpath("string()"))


def _resiliparse(body: bytes) -> str:
    """resiliparse's main content."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    return str(extract_plain_text(bytes_to_str(body, detect_encoding(body) or "utf-8"), main_content=True))


PEERS: dict[str, tuple[str, Callable[[bytes], str]]] = {
    "trafilatura": ("trafilatura", _trafilatura),
    "trafilatura, precise": ("trafilatura", _precise),
    "readability-lxml": ("readability", _readability),
    "resiliparse": ("resiliparse", _resiliparse),
}


def installed(name: str) -> bool:
    """Whether a peer can be asked."""
    return importlib.util.find_spec(PEERS[name][0]) is not None


def texts(name: str, paths: dict[str, Path], workers: int = 2) -> dict[str, str]:
    """A peer's text of each page; empty where it fails."""
    with get_context("fork").Pool(workers) as pool:
        return dict(pool.imap(_text, [(name, key, path) for key, path in paths.items()], 8))


def _text(job: tuple[str, str, Path]) -> tuple[str, str]:
    """A peer's text of one page."""
    name, key, path = job
    logging.disable(logging.CRITICAL)
    try:
        return key, PEERS[name][1](gzip.decompress(path.read_bytes()))
    except Exception:  # noqa: BLE001 - a peer's failure is its result
        return key, ""
