"""What all tests share: where the data is, the packaged knowledge, and how a page is cleaned here."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cleaner.config import load_knowledge
from cleaner.datatypes import Knowledge, Outcome, Subscription
from cleaner.ingest import read_page
from cleaner.pipeline import clean_page

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "tests" / "pages"
AUTHORITY = "example.org,2026"


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The words and rules that come with the package."""
    return load_knowledge(None)


@pytest.fixture(scope="session")
def clean_file(knowledge: Knowledge) -> Callable[[Path], Outcome]:
    """Cleans a file as the pipeline does, in this process."""

    def clean(path: Path) -> Outcome:
        """The outcome of one file."""
        return clean_page(read_page(path), Subscription(""), knowledge, AUTHORITY)

    return clean


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of the shared bench data; tests that need it are skipped, with the reason, where it is not."""
    path = Path(os.environ.get("CLEANER_SHARED", ROOT.parent / "shared"))
    if not (path / "seeds").is_dir():
        pytest.skip(f"no bench data at {path} (set CLEANER_SHARED)")
    return path.resolve()
