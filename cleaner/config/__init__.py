"""config/ -> Settings and Knowledge, every mistake at once.

``settings`` finds and reads the whole, ``sources``, ``knowledge`` and ``weights`` its parts, ``tables`` turns TOML into records.
"""

from cleaner.config.knowledge import parse_words
from cleaner.config.settings import find_config, load_knowledge, load_settings, read_settings
from cleaner.config.sources import is_web_address
from cleaner.config.weights import packaged_weights, weights_digest

__all__ = [
    "find_config",
    "is_web_address",
    "load_knowledge",
    "load_settings",
    "packaged_weights",
    "parse_words",
    "read_settings",
    "weights_digest",
]
