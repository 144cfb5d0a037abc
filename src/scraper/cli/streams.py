"""The program's three streams: closed by its caller, full, of another charset, or a terminal with its wishes."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from io import BufferedReader, BufferedWriter, FileIO, TextIOWrapper
from typing import TYPE_CHECKING

from scraper.errors import ArchiveError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class _Outlet(FileIO):
    """The file of stdout; that it takes nothing more is an error of ours, but for a reader that went away."""

    def write(self, data: ReadableBuffer, /) -> int:
        """Write bytes. Raises: ArchiveError for a full disk, say; what is left then goes nowhere."""
        try:
            return super().write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            let_go_of_stdout()
            raise ArchiveError(f"stdout cannot be written ({error.strerror})") from error


class _Log(FileIO):
    """The file of stderr; that nobody can write to it any more (a full disk, a reader that went away) stops nothing."""

    def write(self, data: ReadableBuffer, /) -> int:
        """Write what can be written."""
        with suppress(OSError):
            return super().write(data)
        return memoryview(data).nbytes


def stand_on_streams() -> None:
    """See to it that no file of the archive gets the number of a closed stream, and that all text can be printed."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    if sys.stdin is None:  # as the interpreter leaves what was closed when it started
        sys.stdin = TextIOWrapper(BufferedReader(FileIO(0, "rb", closefd=False)), "utf-8")
    encoding = sys.stdout.encoding if sys.stdout else "utf-8"
    outlet = BufferedWriter(_Outlet(1, "wb", closefd=False))
    sys.stdout = TextIOWrapper(outlet, encoding, "backslashreplace", line_buffering=outlet.isatty())
    encoding = sys.stderr.encoding if sys.stderr else "utf-8"
    log = BufferedWriter(_Log(2, "wb", closefd=False))
    sys.stderr = TextIOWrapper(log, encoding, "backslashreplace", line_buffering=True)


def speak_to_programs() -> None:
    """Let stdout be UTF-8 whatever the locale: JSON, CSV and pages that say so are read by programs."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # unsaid, it is strict


def coloured() -> bool:
    """Tell whether stdout is a terminal, and nobody asked for no colours (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def let_go_of_stdout() -> None:
    """Point stdout at nothing: the interpreter flushes it once more at exit, and would complain again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
