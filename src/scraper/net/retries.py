"""Which failures may pass, and when to try again."""

from __future__ import annotations

import logging
import socket
import ssl
from typing import TYPE_CHECKING

import trio

from scraper.answers import PASSING
from scraper.errors import Blocked, BodyError, NetworkError, StatusError
from scraper.net.wire import TROUBLE, Trip

if TYPE_CHECKING:
    import tenacity

_LONGEST_BACKOFF_S = 30.0

log = logging.getLogger("scraper.fetch")


def retrying(trip: Trip) -> tenacity.AsyncRetrying:
    """Return what tries again with growing, jittered waits, until the trip has had its tries or its time."""
    import tenacity  # 20 ms with the event loops it knows: loaded when a first try has failed

    first_s = trip.limits.retry_wait_s
    return tenacity.AsyncRetrying(
        sleep=trio.sleep,
        stop=lambda _: _exhausted(trip),
        wait=tenacity.wait_exponential(first_s, max=_LONGEST_BACKOFF_S) + tenacity.wait_random(0, first_s),
        retry=tenacity.retry_if_exception(_worth_a_retry),
        before_sleep=_noted,
        reraise=True,
    )


def passing(status: int) -> bool:
    """Tell whether the same request may be answered better a moment later."""
    return status in PASSING or 500 <= status < 600


def _noted(state: tenacity.RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    log.debug("again in %.1f s: %s", state.upcoming_sleep, error)


def _exhausted(trip: Trip) -> bool:
    """Tell whether an address has had its tries, redirects among them, or its time."""
    return trip.requests > trip.limits.retries or trip.spent_s >= trip.limits.url_s


def _worth_a_retry(error: BaseException) -> bool:
    """Tell whether the same request may go better: not after a refusal, a wrong name or a wrong certificate."""
    if isinstance(error, StatusError):
        return not isinstance(error, Blocked)
    cause = error.__cause__ if isinstance(error, NetworkError | BodyError) else None
    if isinstance(cause, socket.gaierror):
        return cause.errno == socket.EAI_AGAIN
    return isinstance(cause, TROUBLE) and not isinstance(cause, ssl.SSLCertVerificationError)
