"""The benchmark's pages -> the weights of ``label``. Nothing here runs when pages are cleaned.

``corpus`` reads pages and makes samples (``align`` finds the body's blocks, ``augment`` adds noise, ``render`` prints
HTML as scrapers do, ``folds`` keeps domains apart), ``fit`` trains a network, ``train`` all of them, ``export`` writes.
"""

from cleaner.learn.lesson import learn

__all__ = ["learn"]
