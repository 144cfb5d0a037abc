"""A count of calls that outlives its run: the sum is kept in a file, and the next run goes on where it stands."""

from __future__ import annotations

import json
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

SLOW_S = 1.0  # CPU seconds of this process, which a busy machine does not stretch
FLUSHED_S = 20.0


@dataclass(slots=True)
class Tally:
    """What came of the calls so far; an error is anything that the caller did not expect."""

    done: int = 0
    calls: int = 0
    refused: int = 0
    errors: int = 0
    slow: int = 0
    slowest_s: float = 0.0
    total_s: float = 0.0

    def count(self, call: Callable[[], object], refusal: type[Exception], name: str) -> None:
        """Make one call and count it; what must not be is told on stderr."""
        begun = time.process_time()
        self.calls += 1
        try:
            call()
        except refusal:
            self.refused += 1
        except Exception:  # noqa: BLE001 - a bug is what is looked for; the next call may show another
            self.errors += 1
            print(f"{name}:\n{traceback.format_exc()}", file=sys.stderr, flush=True)
        took = time.process_time() - begun
        self.total_s, self.slowest_s = self.total_s + took, max(self.slowest_s, took)
        if took > SLOW_S:
            self.slow += 1
            print(f"{name}: {took:.2f} s", file=sys.stderr, flush=True)

    def verdict(self) -> str:
        """Return the counts in one line."""
        each_ms = 1e3 * self.total_s / max(self.calls, 1)
        return (f"{self.calls} calls: {self.refused} refused, {self.errors} other errors; CPU {each_ms:.3f} ms a call,"
                f" the slowest {self.slowest_s:.3f} s, over {SLOW_S:g} s: {self.slow}")


def counted(tally: Tally, path: Path | None, upto: int) -> Iterator[int]:
    """Yield each number from where the tally stands to `upto`, and keep the tally in its file between them."""
    flushed = time.monotonic()
    while tally.done < upto:
        yield tally.done
        tally.done += 1
        if path and (time.monotonic() - flushed > FLUSHED_S or tally.done == upto):
            path.write_text(json.dumps(asdict(tally)))
            flushed = time.monotonic()


def tally_from(path: Path | None) -> Tally:
    """Read the tally that an earlier run left, or begin one."""
    return Tally(**json.loads(path.read_text())) if path and path.exists() else Tally()
