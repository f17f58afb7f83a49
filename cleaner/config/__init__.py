"""config/ -> Settings and Knowledge, every mistake at once.

``settings`` finds and reads the whole, ``sources`` and ``knowledge`` its parts, ``tables`` turns TOML into records.
"""

from cleaner.config.knowledge import parse_words
from cleaner.config.settings import find_config, load_knowledge, load_settings, read_settings

__all__ = ["find_config", "load_knowledge", "load_settings", "parse_words", "read_settings"]
