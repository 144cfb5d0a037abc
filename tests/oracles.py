"""How many histories an oracle is given: some hundreds in `make test`, all with FULL_ORACLES=1."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings


def histories(some: int, *, full: int) -> settings:
    """Return the settings of a test that tries so many histories, on one archive that all of them share."""
    count = full if os.environ.get("FULL_ORACLES") else some
    return settings(max_examples=count, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
