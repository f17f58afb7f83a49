"""Where pages come from -> RawPage. ``folder`` reads files that people drop, ``sidecar`` what stands beside them."""

from cleaner.ingest.folder import read_page, scan

__all__ = ["read_page", "scan"]
