"""Many rounds: ``times`` says when each is due, ``notify`` speaks to systemd, ``service`` runs the whole."""

from cleaner.daemon.service import Daemon

__all__ = ["Daemon"]
