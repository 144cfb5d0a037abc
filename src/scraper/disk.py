"""Is there room to write? Asked before a harvest, a backfill, an import, a reparse or a forgetting begins.

A disk that fills up meanwhile is the writers' own error.
"""

from __future__ import annotations

import os
from pathlib import Path

from scraper.errors import ArchiveError

MIB = 1024 * 1024


def demand_room(folders: tuple[Path, ...], floor: int) -> None:
    """Refuse to begin where fewer than `floor` bytes are free; a folder that is not there yet is its parent's.

    Raises: ArchiveError with the folder, and what is free on its disk.
    """
    for folder in folders:
        place = folder if folder.exists() else folder.absolute().parent
        try:
            disk = os.statvfs(place)
        except OSError as error:
            raise ArchiveError(f"cannot tell what is free on its disk ({error.strerror})", str(place)) from error
        free = disk.f_bavail * disk.f_frsize
        if free < floor:
            wanted = f"{floor / MIB:.0f} MiB are wanted (free_bytes under [limits])"
            raise ArchiveError(f"only {free / MIB:.0f} MiB are free on the disk, {wanted}", str(place))
