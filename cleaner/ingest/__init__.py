"""Where pages come from -> RawPage. ``folder`` reads files that people drop, ``sidecar`` what stands beside them.

``command`` runs a program that prints pages, ``archive`` reads WARC; ``feeds``, ``listing`` and ``sitemap`` read what names
pages, ``discover`` tells them apart, ``opml`` reads and writes lists of feeds, ``push`` reads what is handed in.
"""

from cleaner.ingest.archive import read_archive
from cleaner.ingest.command import run_command
from cleaner.ingest.folder import read_page, read_pages, scan
from cleaner.ingest.opml import Outline, read_opml, write_opml
from cleaner.ingest.push import page_of_push

__all__ = [
    "Outline",
    "page_of_push",
    "read_archive",
    "read_opml",
    "read_page",
    "read_pages",
    "run_command",
    "scan",
    "write_opml",
]
