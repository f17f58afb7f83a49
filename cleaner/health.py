"""What became of a source's rounds -> news of it, each state once: it died, it recovered, it drifts. Pure.

Drift is told by the last ten pages against those before them: by how many of them are articles at all, and by the medians of
the articles' lengths, of the shares of blocks removed, and of the confidence. Medians stand a few odd pages, and a change of layout
moves them at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

__all__ = ["News", "Sample", "news_of"]

_DEAD = 3  # failures in a row
_LAST, _BEFORE, _FEWEST = 10, 50, 20  # pages that are compared: the last ones, those before them, all together at least
_ARTICLES = 5  # among them, before anything is said of their medians
_LENGTH, _REMOVED, _CONFIDENCE = 2.0, 0.25, 0.1  # factor of words; differences of shares
_REJECTED = 0.5  # difference of the shares of pages that are no articles


@dataclass(frozen=True, slots=True)
class Sample:
    """One page of a source: the words of its article, the share of its blocks that was removed, its confidence; or that it is no article."""

    words: int = 0
    removed: float = 0.0
    confidence: float = 0.0
    rejected: bool = False


@dataclass(frozen=True, slots=True)
class News:
    """A new state of a source. state: ``well``, ``dead`` or ``drifts``; text: what happened, for people; empty where nobody need be told."""

    state: str
    text: str


def news_of(before: str, failures: int, error: str | None, *, gone: bool, samples: Sequence[Sample]) -> News:
    """The state of a source after a round.

    before: its state until now; failures: in a row, with the last error; gone: it said so; samples: of its pages, oldest first.
    """
    if gone or failures >= _DEAD:
        cause = error or "it answered that it is gone"
        return News("dead", "" if before == "dead" else f"It could not be read {failures} times in a row: {cause}")
    if failures or error:
        return News(before or "well", "")
    told = _drift(samples)
    if told:
        return News("drifts", "" if before == "drifts" else told)
    back = {"dead": "It can be read again.", "drifts": "Its last pages are like those before them again."}
    return News("well", back.get(before, ""))


def _drift(samples: Sequence[Sample]) -> str:
    """In what the last pages differ from those before them; empty where they do not."""
    kept = samples[-_LAST - _BEFORE :]
    if len(kept) < _FEWEST:
        return ""
    old, new = kept[:-_LAST], kept[-_LAST:]
    found = []
    lost = sum(one.rejected for one in new)
    if lost / len(new) - sum(one.rejected for one in old) / len(old) > _REJECTED:
        found.append(f"{lost} of them are no articles")
    old, new = ([one for one in part if not one.rejected] for part in (old, new))
    if len(old) >= _ARTICLES and len(new) >= _ARTICLES:
        found += _moved(old, new)
    return f"Its last {_LAST} pages are unlike those before: {', '.join(found)}" if found else ""


def _moved(old: Sequence[Sample], new: Sequence[Sample]) -> Iterator[str]:
    """Each measure of the articles whose median moved far."""
    was, now = median(one.words for one in old), median(one.words for one in new)
    if now * _LENGTH < was or now > was * _LENGTH:
        yield f"articles of {now:g} words instead of {was:g}"
    was, now = median(one.removed for one in old), median(one.removed for one in new)
    if abs(now - was) > _REMOVED:
        yield f"{now:.0%} of the blocks removed instead of {was:.0%}"
    was, now = median(one.confidence for one in old), median(one.confidence for one in new)
    if abs(now - was) > _CONFIDENCE:
        yield f"a confidence of {now:.2f} instead of {was:.2f}"
