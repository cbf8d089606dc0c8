"""A second session against the same database: work in a thread, with a connection of its own, that can be held."""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from django.db import connection

PATIENCE = 20


class Session:
    """`work` in another session, held before the first statement that contains `hold_before`."""

    def __init__(self, work: Callable[[], Any], *, hold_before: str | None = None) -> None:
        self.work, self.hold_before = work, hold_before
        self.result: Any = None
        self.error: BaseException | None = None
        self._reached, self._go = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        if self.hold_before is not None:
            assert self._reached.wait(PATIENCE), f"never came to {self.hold_before!r}: {self.error}"
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.finish()

    def is_waiting(self) -> bool:
        """Whether the session is still at work a moment later."""
        self._thread.join(0.4)
        return self._thread.is_alive()

    def finish(self) -> Any:
        """Let it go on, and return what its work returned."""
        self._go.set()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), "the session never ended"
        if self.error is not None:
            raise self.error
        return self.result

    def _run(self) -> None:
        try:
            with connection.execute_wrapper(self._hold):
                self.result = self.work()
        except BaseException as error:  # raised again where the test waits
            self.error = error
        finally:
            self._reached.set()
            connection.close()

    def _hold(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if self.hold_before is not None and self.hold_before in sql and not self._reached.is_set():
            self._reached.set()
            self._go.wait(PATIENCE)
        return execute(sql, params, many, context)
