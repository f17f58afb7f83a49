"""How other people's servers are treated; no sockets here, and time comes in as an argument or a callable.

``robots`` says what may be asked, ``turns`` who may ask a host when, ``plans`` when to come back, ``state`` what is
kept of a source between two rounds.
"""

from cleaner.polite.plans import backoff, interval, max_age, retry_after
from cleaner.polite.robots import Robots, RobotsCache, robots_address
from cleaner.polite.state import (
    SourceState,
    after_failure,
    after_sample,
    after_success,
    state_from_json,
    state_to_json,
)
from cleaner.polite.turns import Turns, host_of

__all__ = [
    "Robots",
    "RobotsCache",
    "SourceState",
    "Turns",
    "after_failure",
    "after_sample",
    "after_success",
    "backoff",
    "host_of",
    "interval",
    "max_age",
    "retry_after",
    "robots_address",
    "state_from_json",
    "state_to_json",
]
