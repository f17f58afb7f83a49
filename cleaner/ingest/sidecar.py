"""``NAME.meta.json`` beside a page, or header lines above ``---`` in it -> claims. Pure but for the bytes handed in.

An unknown key is an error: what a person misspelt would otherwise be lost in silence.
"""

from __future__ import annotations

import codecs
import difflib
import json
import re
from datetime import UTC, datetime
from typing import Any

from cleaner.datatypes import Claim
from cleaner.errors import PageError

__all__ = ["KEYS", "MOST_BYTES", "claims_from_json", "claims_of", "fetched_of", "read_object", "split_header"]

KEYS = ("url", "fetched", "title", "site", "author", "published", "language", "license")
MOST_BYTES = 100_000
_HEADER_LINES = 20
_HEADER = re.compile(r"^([A-Za-z]+):\s*(\S.*?)\s*$")


def claims_from_json(origin: str, name: str, body: bytes) -> tuple[Claim, ...]:
    """The claims of a sidecar. Raises PageError (``bad-meta``) that names the sidecar and the key."""
    if len(body) > MOST_BYTES:
        raise PageError(origin, "bad-meta", f"{name}: larger than {MOST_BYTES // 1000} kB")
    return claims_of(origin, name, read_object(origin, name, body))


def read_object(origin: str, name: str, body: bytes) -> dict[str, Any]:
    """The JSON object that some bytes are. Raises PageError (``bad-meta``) that names them."""
    try:
        values = json.loads(body.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_refuse)
    except RecursionError:
        raise PageError(origin, "bad-meta", f"{name}: nested too deeply") from None
    except ValueError as error:
        raise PageError(origin, "bad-meta", f"{name}: not JSON: {error}") from None
    if not isinstance(values, dict):
        raise PageError(origin, "bad-meta", f"{name}: must be one JSON object")
    return values


def claims_of(origin: str, name: str, values: dict[str, Any]) -> tuple[Claim, ...]:
    """The claims of an object's keys, checked. Raises PageError (``bad-meta``) that names the object and the key."""
    return tuple(claim for key, value in values.items() for claim in _claims(origin, name, key, value))


def split_header(origin: str, body: bytes) -> tuple[tuple[Claim, ...], bytes]:
    """The claims of the header lines above a ``---`` line, and the page below; no claims where it begins otherwise.

    Only lines ``key: value`` make a header, and the first must be one of ours, so that an article that happens to
    begin with "Note: ..." above a rule stays whole.
    """
    lines = body[:8000].removeprefix(codecs.BOM_UTF8).splitlines(keepends=True)[: _HEADER_LINES + 1]
    end = next((number for number, line in enumerate(lines) if line.strip() == b"---"), None)
    pairs = [_HEADER.match(line.decode("utf-8", "replace")) for line in lines[:end]] if end else []
    if not pairs or not all(pairs) or (pairs[0] and pairs[0][1].casefold() not in KEYS):
        return (), body
    claims = tuple(claim for pair in pairs if pair for claim in _claims(origin, "header", pair[1].casefold(), pair[2]))
    mark = len(codecs.BOM_UTF8) if body.startswith(codecs.BOM_UTF8) else 0
    return claims, body[mark + sum(map(len, lines[: (end or 0) + 1])) :]


def fetched_of(claims: tuple[Claim, ...]) -> datetime | None:
    """The time at which the page was fetched, as the sidecar says."""
    told = next((claim.value for claim in claims if claim.name == "fetched"), None)
    if told is None:
        return None
    time = datetime.fromisoformat(told)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _claims(origin: str, name: str, key: str, value: Any) -> list[Claim]:
    """The claims of one key, checked."""
    if key not in KEYS:
        near = difflib.get_close_matches(key, KEYS, 1)
        hint = f' (did you mean "{near[0]}"?)' if near else ""
        raise PageError(origin, "bad-meta", f'{name}: unknown key "{key}"{hint}')
    values = value if isinstance(value, list) and key == "author" else [value]
    if value is None:
        return []
    if not all(isinstance(inner, str) for inner in values):
        raise PageError(
            origin, "bad-meta", f"{name}: {key}: must be a text{' or a list of texts' if key == 'author' else ''}"
        )
    if key == "fetched":
        _check_time(origin, name, str(value))
    if key == "url" and not str(value).startswith(("http://", "https://")):
        raise PageError(origin, "bad-meta", f"{name}: url: {str(value)[:80]!r} is no http(s) address")
    return [Claim(key, _printable(inner), "sidecar") for inner in values]


def _printable(text: str) -> str:
    """The text without unpaired surrogates, which JSON can hold and nothing else can."""
    return text.encode("utf-8", "ignore").decode("utf-8")


def _check_time(origin: str, name: str, value: str) -> None:
    """Refuse a time that cannot be read."""
    try:
        (told := datetime.fromisoformat(value)).astimezone(UTC)
        if not 1990 <= told.year <= 2200:
            raise ValueError
    except (ValueError, OverflowError):
        raise PageError(origin, "bad-meta", f"{name}: fetched: {value[:60]!r} is no ISO 8601 time") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object's pairs as a dictionary; a key that stands twice is a mistake."""
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise ValueError(f'key "{key}" stands twice')
    return dict(pairs)


def _refuse(constant: str) -> None:
    """``NaN`` and ``Infinity`` are no JSON."""
    raise ValueError(f"{constant} is no JSON")
