"""The daemon: APScheduler says whose round is due, ``lines`` begins it, a guard keeps time and watch, the web part serves.

Due times stand in the database, so that a restart neither forgets nor repeats. The scheduler works in UTC with one
dated job a source. The guard, in the main thread, compares wall and monotonic clocks and plans anew when the wall
clock jumped, because a scheduler that waits for a wall time would otherwise sleep through a day set back.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler

from cleaner.children import Children
from cleaner.collect import next_try, open_visitor
from cleaner.daemon.lines import Lines
from cleaner.daemon.log import Log, open_log
from cleaner.daemon.notify import notify, reloading, watchdog_seconds
from cleaner.daemon.times import first_due, next_due
from cleaner.datatypes import RawPage, Settings, Subscription
from cleaner.errors import CleanerError, ConfigError, FetchError, StateError
from cleaner.polite import host_of
from cleaner.publishing import Publisher
from cleaner.run import RoundReport, expire, run_round, utc_now
from cleaner.store import StateLock, Store
from cleaner.web import Door, Server

__all__ = ["Daemon"]

_TICK = 1.0  # seconds between two looks of the guard
_JUMP = 60.0  # seconds by which the wall clock may differ from the monotonic one before all is planned anew
_SOON = timedelta(seconds=1)  # until a page that was handed in is cleaned
_GRACE = 8.0  # seconds that rounds under way get at the end
_LOCAL = frozenset({"folder", "command", "archive", "push"})  # their address, if any, says what their pages are of


class Daemon:
    """One daemon. reload: gives new settings, or raises ConfigError; clock and monotonic: tell the time."""

    def __init__(
        self,
        settings: Settings,
        reload: Callable[[], Settings],
        *,
        clock: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings, self._reload, self._clock, self._monotonic = settings, reload, clock, monotonic
        self._log: Log = open_log(settings.log)
        self._wake, self._stop = threading.Event(), threading.Event()
        self._asked_reload = False
        self._expired: datetime | None = None
        self._publisher, self._publishing = Publisher(), threading.Lock()
        self._begun: dict[str, datetime] = {}  # when a source's last round began
        self._tokens = push_tokens(settings)
        self._pushed: dict[str, datetime] = {}  # when a page was handed in last

    def run(self) -> int:
        """Run until SIGTERM or SIGINT; the exit code. Raises StateError for a state in use, ConfigError for a busy port."""
        settings = self._settings
        door = Door(self._tokens, settings.page_bytes, self._clock, self._take_pushed)
        with (
            StateLock(settings.state_dir),
            Store(settings.state_dir) as self._store,
            Server(settings, self._check, door),
        ):
            self._children = self._open_children(settings)
            self._visitor = open_visitor(
                settings, self._clock, self._store, sleep=self._stop.wait, over=self._stop.is_set
            )
            asking, local = max(2, settings.askers), max(2, settings.children)
            self._lines = Lines(self._round, self._plan_next, asking=asking, local=local)
            self._scheduler = BackgroundScheduler(timezone=UTC)
            self._scheduler.start()
            self._listen()
            self._publish()
            self._plan()
            notify("READY=1", self._status())
            self._log.info("ready", sources=len(settings.sources), address=f"http://{settings.host}:{settings.port}/")
            self._watch()
            self._end()
        return 0

    # ------------------------------------------------------------------------------------------------------ rounds

    def _plan(self) -> None:
        """Give every source its job, and take away those of sources that are gone."""
        names = {source.name for source in self._settings.sources if not source.paused}
        for job in self._scheduler.get_jobs():
            if job.id not in names:
                job.remove()
        now = self._clock()
        for source in self._settings.sources:
            if source.paused:
                continue
            self._schedule(source, first_due(source, self._store.due(source.name), now))

    def _schedule(self, source: Subscription, due: datetime) -> None:
        """Write a due time down and set the source's job to it; however late, it runs, and once."""
        self._store.set_due(source.name, due)
        self._set_job(source, due)

    def _set_job(self, source: Subscription, due: datetime) -> None:
        """Set a source's job to a time."""
        self._scheduler.add_job(
            self._lines.join,
            "date",
            run_date=due,
            args=[source.name, _host(source)],
            id=source.name,
            replace_existing=True,
            misfire_grace_time=None,
            coalesce=True,
            max_instances=2,  # what came of the first may be due before APScheduler has seen that it ended
        )

    def _round(self, name: str) -> None:
        """One round of a source, with the settings that hold now. Whatever goes wrong is told."""
        self._begun[name] = self._clock()
        source = self._source(name)
        try:
            if source is None or self._store.kept(f"paused {name}"):
                return
            report = run_round(
                self._settings, self._store, source, self._children, visitor=self._visitor, clock=self._clock
            )
            self._tell(report)
            self._publish()
        except (CleanerError, OSError) as error:
            self._log.error("round failed", source=name, error=str(error))
            notify(f"STATUS={name}: {error}")
        except Exception as error:  # noqa: BLE001 - a mistake of ours, which would end in the thread unseen
            self._log.error("round failed", source=name, error=repr(error))

    def _tell(self, report: RoundReport) -> None:
        """Write to the log what a round did."""
        for problem in report.problems:
            self._log.warning("page", source=report.source, problem=problem)
        self._log.info(
            "round",
            source=report.source,
            seconds=round(report.seconds, 2),
            removed=report.removed.total(),
            **report.counts,
            **({"error": report.error} if report.error else {}),
        )

    def _source(self, name: str) -> Subscription | None:
        """The source of a name in the settings that hold now; None where it is gone or paused in them."""
        return next((one for one in self._settings.sources if one.name == name and not one.paused), None)

    def _plan_next(self, name: str) -> None:
        """Plan a source's next round, with the settings that hold now; one that is gone or paused in them gets none."""
        begun, source = self._begun[name], self._source(name)
        if source is None or self._stop.is_set():
            return
        late = self._pushed.pop(name, begun) > begun  # pages came in while the round was under way
        try:
            wanted = next_try(self._store, source, self._clock())
            self._schedule(source, self._clock() + _SOON if late else next_due(source, begun, wanted))
        except CleanerError as error:  # the next round may find the state in order again
            self._log.error("due time not kept", source=name, error=str(error))
            self._set_job(source, next_due(source, begun))

    def _take_pushed(self, raw: RawPage) -> None:
        """Keep a page that was handed in, and clean it soon: those of the next seconds go with it."""
        self._store.keep_page(raw)
        self._pushed[raw.source] = self._clock()
        source = next((one for one in self._settings.sources if one.name == raw.source), None)
        soon = self._clock() + _SOON
        due = self._store.due(raw.source)
        if source is not None and (due is None or due > soon):
            self._schedule(source, soon)

    def _publish(self) -> None:
        """Write the feeds; a disk that is full is told, and tried again after the next round."""
        with self._publishing:
            try:
                self._publisher.publish(self._settings, self._store)
                for line in self._publisher.cut:
                    self._log.info("feed cut", feed=line)
                self._expire()
            except CleanerError as error:
                self._log.error("publish failed", error=str(error))
                notify(f"STATUS={error}")

    def _expire(self) -> None:
        """Forget what is too old or too much, once an hour: never before its entries were published."""
        now = self._clock()
        if self._expired is None or abs(now - self._expired) > timedelta(hours=1):
            self._expired = now
            if gone := expire(self._settings, self._store, now):
                self._log.info("expired", raw_pages=gone)

    # ------------------------------------------------------------------------------------------------- guard and signals

    def _listen(self) -> None:
        """Take signals: one to end, a second to end at once; SIGHUP to reload."""
        if threading.current_thread() is not threading.main_thread():
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_end)
        signal.signal(signal.SIGHUP, self._on_reload)

    def _on_end(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - a signal handler's signature
        """The first time end in order, the second time at once."""
        if self._stop.is_set():
            raise SystemExit(128 + number)
        self.stop()

    def _on_reload(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - a signal handler's signature
        """Ask the guard to reload."""
        self._asked_reload = True
        self._wake.set()

    def stop(self) -> None:
        """Ask the daemon to end."""
        self._stop.set()
        self._wake.set()

    @property
    def busy(self) -> bool:
        """Whether rounds are still under way, as they may be when ``run`` has ended: of a server that is slow, a pipe that is silent."""
        return self._lines.busy

    def _watch(self) -> None:
        """The guard: until the end, look after clock, reloads and the watchdog."""
        every = (watchdog_seconds() or 30.0) / 3
        wall, steady = self._clock(), self._monotonic()
        told = steady
        while not self._stop.is_set():
            self._wake.wait(min(_TICK, every))
            self._wake.clear()
            if self._asked_reload:
                self._asked_reload = False
                self._take_new_settings()
            now, at = self._clock(), self._monotonic()
            if abs((now - wall) - timedelta(seconds=at - steady)) > timedelta(seconds=_JUMP):
                self._log.warning("clock jumped", by=str((now - wall) - timedelta(seconds=at - steady)))
                wall, steady = now, at
                self._plan()
            if at - told >= every:
                told = at
                self._feed_watchdog()

    def _feed_watchdog(self) -> None:
        """Tell the service manager that we live, if we do."""
        try:
            self._check()
        except CleanerError as error:
            self._log.error("not well", error=str(error))
            notify(f"STATUS=not well: {error}")
        else:
            notify("WATCHDOG=1", self._status())

    def _check(self) -> None:
        """Raise StateError where the scheduler or the database does not work."""
        if not self._scheduler.running or not self._scheduler._thread.is_alive():  # noqa: SLF001 - nothing public tells it
            raise StateError("the scheduler has ended")
        self._store.check()

    def _status(self) -> str:
        """The status line that ``systemctl status`` shows."""
        dues = [due for source in self._settings.sources if (due := self._store.due(source.name))]
        following = f", next round at {min(dues):%H:%M:%S} UTC" if dues else ""
        return f"STATUS={len(self._settings.sources)} sources{following}"

    def _take_new_settings(self) -> None:
        """Reload: a bad configuration is refused whole, and the old one goes on."""
        reloading()
        try:
            settings = self._reload()
            self._visitor.take(settings)  # the same one: rounds under way and new ones ask a host in turn
        except (ConfigError, FetchError, OSError) as error:
            for line in str(error).splitlines():
                self._log.error("reload refused", problem=line)
            notify("READY=1", f"STATUS=reload refused: {str(error).splitlines()[0]}")
            return
        before, self._settings = self._children, settings
        self._tokens.clear()
        self._tokens.update(push_tokens(settings))
        self._children = self._open_children(settings)
        threading.Thread(target=before.close, name="old children", daemon=True).start()
        self._plan()
        self._publish()
        self._log.info("reloaded", sources=len(settings.sources))
        notify("READY=1", self._status())

    def _open_children(self, settings: Settings) -> Children:
        """The pool of children for these settings."""
        return Children(
            settings.children, settings.page_seconds, settings.page_memory, settings.knowledge, settings.authority
        )

    def _end(self) -> None:
        """Take no new round, give those under way a little time, then end; what was not done is done next time."""
        notify("STOPPING=1")
        self._log.info("ending")
        self._scheduler.shutdown(wait=False)
        self._lines.close()
        limit = self._monotonic() + _GRACE
        while self._lines.busy and self._monotonic() < limit:
            time.sleep(0.05)
        self._visitor.remember()
        self._children.close(at_once=True)


def _host(source: Subscription) -> str | None:
    """Which host a source asks first; None for one that asks none."""
    if source.kind in _LOCAL:
        return None
    url = source.url or next(iter(source.urls), None)
    try:
        return host_of(url) if url else None
    except FetchError:  # its round will say so
        return url


def push_tokens(settings: Settings) -> dict[str, str]:
    """The token of each source that pages are handed in to; a file that cannot be read, or is empty, lets nobody in."""
    found: dict[str, str] = {}
    for source in settings.sources:
        if source.kind == "push" and source.secrets is not None and not source.paused:
            try:
                found[source.name] = source.secrets.read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError):
                found[source.name] = ""
    return {name: token for name, token in found.items() if token}
