"""The daemon: APScheduler starts each source's rounds, a guard keeps time and watch, the web part serves.

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

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from cleaner.children import Children
from cleaner.collect import next_try, open_visitor
from cleaner.daemon.log import Log, open_log
from cleaner.daemon.notify import notify, reloading, watchdog_seconds
from cleaner.daemon.times import first_due, next_due
from cleaner.datatypes import RawPage, Settings, Subscription
from cleaner.errors import CleanerError, ConfigError, StateError
from cleaner.publishing import Publisher
from cleaner.run import expire, run_round, utc_now
from cleaner.store import StateLock, Store
from cleaner.web import Door, Server

__all__ = ["Daemon"]

_TICK = 1.0  # seconds between two looks of the guard
_JUMP = 60.0  # seconds by which the wall clock may differ from the monotonic one before all is planned anew
_SOON = timedelta(seconds=1)  # until a page that was handed in is cleaned
_GRACE = 8.0  # seconds that rounds under way get at the end


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
        self._busy: dict[str, threading.Lock] = {}
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
            self._visitor = open_visitor(settings, self._clock, self._store.kept("robots"))
            self._scheduler = BackgroundScheduler(
                timezone=UTC, executors={"default": ThreadPoolExecutor(max(2, settings.children, settings.askers))}
            )
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
        self._scheduler.add_job(
            self._round,
            "date",
            run_date=due,
            args=[source],
            id=source.name,
            replace_existing=True,
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )

    def _round(self, source: Subscription) -> None:
        """One round of a source, and the plan for its next. Whatever goes wrong, the source is planned again."""
        lock = self._busy.setdefault(source.name, threading.Lock())
        if not lock.acquire(blocking=False):
            return
        begun = self._clock()
        try:
            if self._store.kept(f"paused {source.name}"):
                return
            report = run_round(
                self._settings, self._store, source, self._children, visitor=self._visitor, clock=self._clock
            )
            for problem in report.problems:
                self._log.warning("page", source=source.name, problem=problem)
            removed = report.removed.total()
            self._log.info(
                "round",
                source=source.name,
                seconds=round(report.seconds, 2),
                removed=removed,
                **report.counts,
                **({"error": report.error} if report.error else {}),
            )
            self._publish()
        except (CleanerError, OSError) as error:
            self._log.error("round failed", source=source.name, error=str(error))
            notify(f"STATUS={source.name}: {error}")
        finally:
            lock.release()
            if not self._stop.is_set():
                self._plan_next(source.name, begun)

    def _plan_next(self, name: str, begun: datetime) -> None:
        """Plan a source's next round, with the settings that hold now; one that is gone or paused in them gets none."""
        source = next((one for one in self._settings.sources if one.name == name and not one.paused), None)
        if source is not None:
            late = self._pushed.pop(name, begun) > begun  # pages came in while the round was under way
            wanted = next_try(self._store, source, self._clock())
            self._schedule(source, self._clock() + _SOON if late else next_due(source, begun, wanted))

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
        except (ConfigError, OSError) as error:
            for line in str(error).splitlines():
                self._log.error("reload refused", problem=line)
            notify("READY=1", f"STATUS=reload refused: {str(error).splitlines()[0]}")
            return
        before, self._settings = self._children, settings
        self._tokens.clear()
        self._tokens.update(push_tokens(settings))
        self._children = self._open_children(settings)
        self._visitor = open_visitor(settings, self._clock, self._visitor.to_json())
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
        limit = self._monotonic() + _GRACE
        while any(lock.locked() for lock in self._busy.values()) and self._monotonic() < limit:
            time.sleep(0.05)
        self._store.keep("robots", self._visitor.to_json())
        self._children.close(at_once=True)


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
