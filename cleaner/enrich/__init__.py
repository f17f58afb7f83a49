"""Article, its labelled page and the claims -> Entry. Pure: titles, names, times and provenance, never invented.

``title``, ``authors`` and ``times`` choose among claims and the page's own lines, which ``dates``, ``names``, ``provenance`` and
``flags`` read; ``entry`` holds the order of trust, puts all together and makes the id.
"""

from cleaner.enrich.entry import enrich_entry

__all__ = ["enrich_entry"]
