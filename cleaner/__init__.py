"""Cleaner: raw news pages in, clean explained Atom feeds out.

The tree is the pipeline: ``ingest`` brings raw pages, ``parse`` makes blocks of them, ``label`` says what each block
is, ``assemble`` keeps the article, ``enrich`` adds who, when and where, ``dedupe`` tells new from known, ``store``
keeps, ``publish`` writes feeds. ``pipeline`` is one page, ``run`` one round, ``daemon`` many rounds, ``cli`` people.
"""

__all__ = ["__version__"]

__version__: str


def __getattr__(name: str) -> str:
    """The version, which is looked up where somebody asks for it: that takes as long as loading half of the rest."""
    if name != "__version__":
        raise AttributeError(name)
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("cleaner")
    except PackageNotFoundError:  # run from a checkout that was not installed
        return "0"
