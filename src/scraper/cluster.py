"""Work dealt to the workers of a Dask cluster: the one door to it. What is dealt must bear to be run twice.

A task whose worker dies is dealt again by the scheduler, three times; then it is given up, and the others go on.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeVar
from uuid import uuid4

from scraper.errors import ConfigError, NetworkError

REACH_S: Final = 5.0  # until a scheduler has answered
GATHER_S: Final = 30.0  # until its first worker is there

_ADDRESS = re.compile(r"((tcp|tls|ws|wss|ucx)://)?[^/\s]+:\d+")

T = TypeVar("T")
R = TypeVar("R")


class Cluster:
    """The cluster behind a scheduler's address, such as tcp://10.0.0.1:8786."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._client: Any = None

    def __enter__(self) -> Self:
        """Reach the scheduler and a worker.

        Raises: NetworkError where either is not there; ConfigError where the address is none.
        """
        if not _ADDRESS.fullmatch(self._address):
            raise ConfigError(f"{self._address!r} is no address of a scheduler; one is tcp://HOST:8786")
        from distributed import Client

        for name in [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]:
            logging.getLogger(name).setLevel(logging.CRITICAL)  # each has a level of its own; what matters is raised
        try:
            self._client = Client(self._address, timeout=REACH_S, set_as_default=False)
        except OSError as error:
            raise NetworkError("no Dask scheduler answers", self._address) from error
        try:
            self._client.wait_for_workers(1, timeout=GATHER_S)
        except TimeoutError as error:
            self._client.close()
            raise NetworkError(f"no worker has come to the scheduler within {GATHER_S:g} s", self._address) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give up what is not done; tasks that run are told by `wanted`."""
        self._client.close()

    def dealt(self, function: Callable[[T], R], tasks: Sequence[T]) -> Iterator[Done[T, R]]:
        """Deal one call of a function for each task; yield each as it ends.

        What the function raises comes out as itself. Raises: NetworkError where the scheduler is lost.
        """
        from distributed import KilledWorker, as_completed

        run = uuid4().hex
        keys = [f"scraper-{run}-{number}" for number in range(len(tasks))]
        futures = {key: self._client.submit(function, task, key=key, pure=False)
                   for key, task in zip(keys, tasks, strict=True)}
        named = dict(zip(keys, tasks, strict=True))
        try:
            for future in as_completed(list(futures.values()), loop=self._client.loop):
                task = named[futures.pop(future.key).key]
                try:
                    yield Done(task, future.result())
                except KilledWorker as error:
                    yield Done(task, None, f"it killed {error.allowed_failures + 1} workers")
        except CancelledError as error:
            raise NetworkError("the Dask scheduler was lost", self._address) from error


class Done(Generic[T, R]):
    """A task that has ended: what it brought, or why it brought nothing."""

    __slots__ = ("killed", "result", "task")

    def __init__(self, task: T, result: R | None, killed: str | None = None) -> None:
        self.task, self.result, self.killed = task, result, killed


def wanted() -> bool:
    """Tell whether the task that asks is still wanted by who dealt it; to be asked in the task's own thread."""
    from distributed import get_worker

    worker = get_worker()
    state = worker.state.tasks.get(worker.get_current_task())
    return state is not None and state.state != "cancelled"
