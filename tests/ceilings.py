"""How long anything is waited for in the tests: a ceiling against hangs, which no test waits out."""

from __future__ import annotations

from typing import Final

HANG_S: Final = 600.0  # a harvest of six stories took over 60 s on a machine with eight jobs a core
