"""Where pages come from -> RawPage. ``folder`` reads files that people drop, ``sidecar`` what stands beside them."""

from cleaner.ingest.folder import read_page, read_pages, scan

__all__ = ["read_page", "read_pages", "scan"]
