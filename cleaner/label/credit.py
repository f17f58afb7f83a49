"""A text -> whether it ends with the credit of a picture, as captions do and paragraphs hardly ever. Pure.

On 835 articles of the benchmark and their prints the forms below hit some 450 captions and other noise, and three blocks of an article.
"""

from __future__ import annotations

import re

__all__ = ["ends_with_credit"]

_MOST = 700  # characters of the longest caption
_TAIL = 200  # characters of a text's end that are looked at
_SHOWN = (
    r"(?:photo(?:s|graph|graphie)?|pic(?:ture|s)?|image[ms]?|imagen|immagine|video|graphic|illustration|foto(?:s|grafie|grafía|grafia)?"
    r"|bild(?:er|quelle)?|grafik|billede|kuva|zdj(?:ęcie|\.)|fot\.|фото|снимок|写真|사진|credits?|cr[ée]dit[os]?)"
)
_AGENCIES = frozenset(
    "reuters afp ap efe ansa epa dpa apa tt ntb scanpix keystone imago getty shutterstock swns alamy istock redux xinhua tass zuma lusa pap kyodo yonhap"
    " wireimage nurphoto lapresse bloomberg тасс".split()
)
_BRACKETED = re.compile(
    rf"[(\[（]\s*(?:file |archiv|symbol)?{_SHOWN}(?: (?:credit|courtesy))?\s*(?::|：|©|\bby\b|\bvia\b|\bcourtesy\b|/(?=\s*(?-i:[A-ZÀ-Þ])))"
    r"[^()\[\]]{2,90}(?:\([^()]*\)[^()\[\]]{0,40})?[)\]）]?\.?$",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"(?:[.!?…\"”’»)|]|\s[-–—])\s*(?:\|\s*)?(?:file |archiv|symbol)?(?:photo credit|image credit|{_SHOWN})(?: photo)?\s*:\s*[^:.!?]{{2,80}}\.?$",
    re.IGNORECASE,
)
_MARKED = re.compile(r"\w\W{1,3}(?:©|\(c\)|Ⓒ)\s*(?!\d{4})[^\d.!?]{2,70}$", re.IGNORECASE)
_AGENCY = re.compile(r"[^\s/]\s*(?:/|\bvia\b|\|)\s*(?:[a-z]+ )?([^\W\d_]+)[)\]]?\.?$", re.IGNORECASE)


def ends_with_credit(text: str) -> bool:
    """Whether a text of a caption's length ends with who made the picture.

    >>> ends_with_credit("The crew at the quay on Friday (Photo: Ann Lee / Port News)")
    True
    >>> ends_with_credit("The minister at the gate, in May. Foto: Timo Sand/dpa")
    True
    >>> ends_with_credit("She took a photo: it showed the quay at night.")
    False
    """
    if not 3 < len(text) <= _MOST:
        return False
    tail = text[-_TAIL:]
    return (
        (":" in tail and _NAMED.search(tail) is not None)
        or (("(" in tail or "[" in tail or "（" in tail) and _BRACKETED.search(tail) is not None)
        or (("©" in tail or "(c)" in tail.lower() or "Ⓒ" in tail) and _MARKED.search(tail) is not None)
        or _ends_with_agency(tail)
    )


def _ends_with_agency(tail: str) -> bool:
    """Whether an agency's name behind a stroke or "via" ends a text."""
    found = _AGENCY.search(tail) if "/" in tail or "|" in tail or "via" in tail.lower() else None
    return found is not None and (
        found[1].lower() in _AGENCIES or tail.rstrip(")].").lower().endswith(("getty images", "associated press"))
    )
