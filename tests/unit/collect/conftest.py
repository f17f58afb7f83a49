"""What tests of sources from the net share: a site, a second one on another port, children, a state."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cleaner.children import Children
from tests.unit.collect.site import Rounds, Site, serving


@pytest.fixture(scope="session")
def children() -> Iterator[Children]:
    """One pool for all rounds."""
    with Children(2, 30.0, 1 << 30, None, "cleaner.localhost,2026") as pool:
        yield pool


@pytest.fixture
def site() -> Iterator[Site]:
    """A site."""
    with serving() as made:
        yield made


@pytest.fixture
def other() -> Iterator[Site]:
    """Another host."""
    with serving() as made:
        yield made


@pytest.fixture
def rounds(tmp_path: Path, children: Children, site: Site, other: Site) -> Rounds:
    """Rounds that may ask both."""
    return Rounds(tmp_path, children, site, other)
