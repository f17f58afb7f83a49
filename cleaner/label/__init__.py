"""Page -> LabelledPage: what every block is, who says so, and why. Pure.

``judge`` holds the order; ``measure`` what is measured; ``words``, ``shape``, ``span``, ``title``, ``context``,
``gate``, ``rules`` and ``ftr`` one kind of knowledge each; ``draft`` what they write on.
"""

from cleaner.label.features import SCHEMA
from cleaner.label.judge import cuts_of, label_page, replacements_of, selectors_of

__all__ = ["SCHEMA", "cuts_of", "label_page", "replacements_of", "selectors_of"]
