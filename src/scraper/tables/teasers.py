"""What a listing said of a story that is waited for, as JSON in its row."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from scraper.records import Stamp, Teaser
from scraper.tables.schema import utc_from, utc_text


def teaser_json(teaser: Teaser) -> str:
    """Return what is worth remembering of a teaser; an excerpt is not."""
    stamp = teaser.stamp
    return json.dumps({
        "headline": teaser.headline, "external_id": teaser.external_id, "updated": teaser.updated, "stamp": stamp and [
            stamp.raw, stamp.instant and utc_text(stamp.instant), stamp.day and stamp.day.isoformat(),
            stamp.precision, stamp.zone, stamp.fault,
        ],
    })


def teaser_from(url: str, text: str | None) -> Teaser:
    """Return what a listing said of a story, from its row."""
    hints: dict[str, Any] = json.loads(text or "{}")
    stamp = None
    if hints.get("stamp"):
        raw, instant, day, precision, zone, fault = hints["stamp"]
        stamp = Stamp(raw, instant and utc_from(instant), day and date.fromisoformat(day), precision, zone, fault)
    return Teaser(
        url, hints.get("headline"), stamp, external_id=hints.get("external_id"), updated=hints.get("updated", False)
    )
