"""RawPage <-> STATE/raw/<source>/<aa>/<digest>.gz: one JSON line of what we know of a page, then its bytes.

An article on several pages is one file: the line tells the address and the length of each further page, whose bytes
follow those of the first.

The files describe themselves: a lost database is made again from them. They are written before a page is judged.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from cleaner.datatypes import Claim, RawPage
from cleaner.errors import StateError
from cleaner.files import write_whole

__all__ = ["RawStore"]


class RawStore:
    """The raw pages of a state folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, source: str, digest: str) -> Path:
        """Where a page is kept."""
        return self._folder / source / digest[:2] / f"{digest}.gz"

    def keep(self, raw: RawPage, number: int = 0) -> bool:
        """Keep a page; False where it is there already. number: its place among those kept. Raises StateError."""
        path = self.path(raw.source, raw.id)
        if path.exists():
            return False
        head: dict[str, object] = {
            "origin": raw.origin,
            "media_type": raw.media_type,
            "fetched": raw.fetched.isoformat(),
            "number": number,
            "source": raw.source,
            "claims": [[claim.name, claim.value, claim.witness] for claim in raw.claims],
        }
        if raw.more:
            head["more"] = [[address, len(further)] for address, further in raw.more]
        whole = b"".join([raw.body, *(further for _, further in raw.more)])
        body = json.dumps(head, ensure_ascii=True).encode() + b"\n" + whole
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, gzip.compress(body, compresslevel=6, mtime=0))
        except OSError as error:
            raise StateError(f"{path}: {error.strerror}") from None
        return True

    def read(self, source: str, digest: str) -> RawPage | None:
        """A page that was kept, or None where it is not there (it may have been expired) or is damaged."""
        path = self.path(source, digest)
        try:
            line, _, whole = gzip.decompress(path.read_bytes()).partition(b"\n")
            head = json.loads(line)
            claims = tuple(Claim(*claim) for claim in head["claims"])
            body, more = _parted(whole, head.get("more", []))
            return RawPage(
                digest,
                head["origin"],
                head["media_type"],
                body,
                datetime.fromisoformat(head["fetched"]),
                claims,
                head["source"],
                more,
            )
        except (OSError, EOFError, ValueError, KeyError, TypeError):
            return None

    def all(self, source: str) -> Iterator[RawPage]:
        """All pages of a source in the order in which they were kept, so that a rebuild takes them as they came."""
        for number, digest in sorted((self._number(source, digest), digest) for digest in self._digests(source)):
            if number >= 0 and (raw := self.read(source, digest)) is not None:
                yield raw

    def _number(self, source: str, digest: str) -> int:
        """A page's place among those kept; -1 where the file is no page."""
        try:
            with gzip.open(self.path(source, digest)) as file:
                return int(json.loads(file.readline())["number"])
        except (OSError, EOFError, ValueError, KeyError, TypeError):
            return -1

    def _digests(self, source: str) -> Iterator[str]:
        """The digests of all pages kept of a source."""
        return (path.stem for path in (self._folder / source).glob("??/*.gz"))

    def size(self) -> int:
        """The bytes that all raw pages take."""
        return sum(path.stat().st_size for path in self._folder.glob("*/??/*.gz"))

    def since(self, source: str, digest: str) -> datetime | None:
        """Since when a page is kept, by the file's own time; None where it is not kept any more."""
        try:
            return datetime.fromtimestamp(self.path(source, digest).stat().st_mtime, UTC)
        except OSError:
            return None

    def remove(self, source: str, digest: str) -> int:
        """Forget a page; the bytes that this frees."""
        path = self.path(source, digest)
        try:
            size = path.stat().st_size
            path.unlink()
        except OSError:
            return 0
        return size


def _parted(whole: bytes, told: list[tuple[str, int]]) -> tuple[bytes, tuple[tuple[str, bytes], ...]]:
    """The body of the first page, and the further pages. told: their addresses and lengths. Raises ValueError where these do not fit."""
    at = len(whole)
    more: list[tuple[str, bytes]] = []
    for address, length in reversed(told):
        if not 0 <= length <= at:
            raise ValueError("the pages of the article are not as long as told")
        more.append((address, whole[at - length : at]))
        at -= length
    return whole[:at], tuple(reversed(more))
