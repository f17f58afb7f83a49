"""Cleaner: raw news pages in, clean explained Atom feeds out.

The tree is the pipeline: ``ingest`` brings raw pages, ``parse`` makes blocks of them, ``label`` says what each block
is, ``assemble`` keeps the article, ``enrich`` adds who, when and where, ``dedupe`` tells new from known, ``store``
keeps, ``publish`` writes feeds. ``pipeline`` is one page, ``run`` one round, ``daemon`` many rounds, ``cli`` people.
"""

from importlib.metadata import PackageNotFoundError, version

__all__ = ["__version__"]

try:
    __version__ = version("cleaner")
except PackageNotFoundError:  # run from a checkout that was not installed
    __version__ = "0"
