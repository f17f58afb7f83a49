"""Settings -> a running server: in a thread beside the daemon, or alone in the foreground."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

import uvicorn

from cleaner.datatypes import Settings
from cleaner.errors import ConfigError
from cleaner.web.app import make_app
from cleaner.web.push import Door

__all__ = ["Server", "serve_forever"]

_STOP = 5.0  # seconds that answers under way get


class Server:
    """Serves while in use. Raises ConfigError, which names the key, where the address cannot be had."""

    def __init__(self, settings: Settings, check: Callable[[], None] | None = None, door: Door | None = None) -> None:
        self._socket = _bind(settings)
        config = uvicorn.Config(
            make_app(settings.feeds_dir, check, door),
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=int(_STOP),
            server_header=False,
            lifespan="off",
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name="web", daemon=True)
        self.port: int = self._socket.getsockname()[1]

    def __enter__(self) -> Self:
        """Start."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, letting answers under way end."""
        self._server.should_exit = True
        self._thread.join(_STOP)
        self._socket.close()


def serve_forever(settings: Settings) -> None:
    """Serve in the foreground until a signal ends it."""
    bound = _bind(settings)
    print(f"serving {settings.feeds_dir} at http://{settings.host}:{settings.port}/ (Ctrl-C ends)", flush=True)
    config = uvicorn.Config(
        make_app(settings.feeds_dir),
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=int(_STOP),
        server_header=False,
        lifespan="off",
    )
    try:
        uvicorn.Server(config).run([bound])
    except KeyboardInterrupt:
        return
    finally:
        bound.close()


def _bind(settings: Settings) -> socket.socket:
    """The listening socket, bound before anything else starts."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((settings.host, settings.port))
        bound.listen(128)
    except OSError as error:
        bound.close()
        raise ConfigError(
            [f"cleaner.toml: port: {settings.host}:{settings.port}: {error.strerror} (another program listens there?)"]
        ) from None
    return bound
