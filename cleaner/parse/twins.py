"""Images on a page, and those for readers without scripts -> each picture once. Pure; lives in one walk.

A page that loads pictures late shows a placeholder, and beside it, in <noscript>, the picture itself. Where the placeholder's
own attributes hold an address the one in <noscript> is its twin and goes; where they do not, it takes the place.
Places are numbers of pieces of markup (``walk``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["Made", "Twins"]

Made = tuple[str, str]  # alternative text and markup, as ``media`` makes them

_NEAR = 8  # pieces between a placeholder and its picture
_TEXT = 80  # characters of text that part the two
_WAITS = re.compile(r'figure\b|[a-z-]+ (?:[^>]*\s)?class="[^"]*(?:lazy|placeholder)', re.IGNORECASE)
_SIZE = re.compile(r"(?:-\d+x\d+|@\dx)?(?:\.\w+)?$")


class Twins:
    """What was seen of the last images."""

    def __init__(self) -> None:
        self._lacking = -_NEAR  # place of the last image that gave no address, while nothing took its place
        self._shown = -1  # place of the last image that is shown
        self._picture: Made = "", ""  # and the picture
        self._restored = False  # whether it came out of a <noscript>
        self._spare: tuple[int, Made] | None = None  # the last picture for readers without scripts that is not shown

    def image(self, made: Made | None, at: int, *, small: bool) -> Made | None:
        """The picture to be shown for an image, if one is. small: whether it is declared too small for a picture."""
        if made is not None:
            if self._restored and self._shown + 2 * _NEAR >= at and _file(made) == _file(self._picture):
                self._restored = False
                return None
            return self._show(made, at)
        spare, self._spare = self._spare, None
        if spare is not None and not small and at - spare[0] <= _NEAR:
            return self._show(spare[1], at)
        self._lacking = at
        return None

    def without_scripts(self, made: Made | None, at: int, end: int, before: Sequence[str]) -> Made | None:
        """The picture to be shown for a <noscript>, if one is. before: the pieces before it, as far as ``near`` says."""
        if made is None:
            return None
        if at - self._lacking <= _NEAR or self._is_awaited(at, before):
            self._show(made, at)
            self._restored = True
            return made
        if at - self._shown > _NEAR or _file(made) != _file(self._picture):
            self._spare = end, made
        return None

    @staticmethod
    def near(at: int) -> int:
        """Where the pieces begin that may hold the placeholder of what stands at a place."""
        return max(0, at - 1 - _NEAR)

    def _show(self, made: Made, at: int) -> Made:
        """Note what is shown."""
        self._lacking, self._shown, self._picture, self._restored, self._spare = -_NEAR, at, made, False, None
        return made

    def _is_awaited(self, at: int, before: Sequence[str]) -> bool:
        """Whether an element that is no image stands there for the picture: a figure without one, or what calls itself lazy."""
        for back, piece in enumerate(reversed(before), 1):
            head, _, text = piece.partition(">")
            if at - back <= self._shown:
                return False
            if _WAITS.match(head):
                return True
            if len(text) > _TEXT:
                return False
        return False


def _file(made: Made) -> str:
    """The name of a picture's file without size and suffix, by which twins are known."""
    address = made[1].partition('src="')[2].partition('"')[0].partition("?")[0].partition("#")[0]
    return _SIZE.sub("", address.rpartition("/")[2], count=1)
