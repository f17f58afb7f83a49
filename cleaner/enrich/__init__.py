"""Article, its labelled page and the claims -> Entry. Pure: titles, names, times and provenance, never invented.

``facts`` weighs claims; ``dates``, ``names``, ``provenance`` and ``flags`` read the page's own lines; ``entry`` puts
it together and makes the id.
"""

from cleaner.enrich.entry import enrich_entry

__all__ = ["enrich_entry"]
