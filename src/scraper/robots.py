"""robots.txt in, rules out, by RFC 9309. No network, no clock.

Protego matches the paths; what it is handed has every other crawler's name replaced, so that names match
exactly (RFC 9309, 2.2.1) and a file of ten thousand names costs no more than one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from protego import Protego

from scraper.urls import origin

_MAX_SITEMAPS = 500
_AGENT = re.compile(
    r"^[^\S\n]*+user[ -]?agent(?:[^\S\n]*+:|[^\S\n])[^\S\n]*+([^#\n]*+)[^\n]*+", re.IGNORECASE | re.MULTILINE
)
_TOKEN = re.compile(r"[a-z0-9_-]+", re.IGNORECASE | re.ASCII)
_LINES = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class RobotsCopy:
    """What an origin answered for /robots.txt; kept between runs for at most a day (RFC 9309, 2.4).

    `status` is 0 where no answer came, and `fault` says why.
    """

    origin: str
    fetched: datetime
    status: int
    body: bytes = b""
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """What one origin allows one crawler.

    `refused` says why nothing at all may be fetched, None where the paths decide; `unreachable` tells that
    nobody answered. `crawl_delay` is in seconds; `sitemaps` are absolute addresses in file order.
    """

    crawl_delay: float | None = None
    sitemaps: tuple[str, ...] = ()
    refused: str | None = None
    unreachable: bool = False
    paths: Protego | None = None
    token: str = ""

    def allowed(self, url: str) -> bool:
        """Tell whether the address may be fetched."""
        if self.refused is not None:
            return False
        return self.paths is None or bool(self.paths.can_fetch(url, self.token))


def rules_of(copy: RobotsCopy, user_agent: str) -> RobotsRules:
    """Read the rules for `user_agent` out of a copy."""
    if copy.fault is not None:
        return RobotsRules(refused=f"robots.txt could not be had, {copy.fault}", unreachable=True)
    return rules_from(copy.status, copy.body, user_agent)


def rules_from(status: int, body: bytes, user_agent: str) -> RobotsRules:
    """Read the rules for `user_agent` out of an answer; status 0 means that none came.

    4xx: everything may be fetched; 5xx and no answer: nothing (RFC 9309, 2.3.1.3 and 2.3.1.4). Redirects
    without an end count as 4xx (2.3.1.2). A web page instead of rules holds none.
    """
    if status == 0 or status == 429 or status >= 500:
        said = f"status {status}" if status else "no answer"
        return RobotsRules(refused=f"robots.txt could not be had, {said}", unreachable=status == 0)
    if not 200 <= status < 300:
        return RobotsRules()
    text = body.decode("utf-8-sig", "replace")
    if text.lstrip()[:1] == "<":
        return RobotsRules()
    token = product_token(user_agent)
    paths = Protego.parse(_ours(text, token))
    sitemaps = tuple(url for url in map(str.strip, paths.sitemaps) if origin(url))
    named = tuple(dict.fromkeys(sitemaps))[:_MAX_SITEMAPS]
    return RobotsRules(paths.crawl_delay(token), named, paths=paths, token=token)


def whole_lines(body: bytes) -> bytes:
    """Return a body that was cut without its last line: half a path would forbid more than was said."""
    return body[: max(body.rfind(b"\n"), body.rfind(b"\r")) + 1]


def product_token(user_agent: str) -> str:
    """Return the name that robots.txt calls a crawler by: what stands before the version."""
    match = _TOKEN.match(user_agent.strip())
    return match[0].lower() if match else "*"


def _ours(text: str, token: str) -> str:
    lines = _LINES.sub("\n", text.replace("\0", ""))
    return _AGENT.sub(lambda agent: f"User-agent: {_named(agent[1].strip(), token)}", lines)


def _named(name: str, token: str) -> str:
    if name.startswith("*"):
        return "*"
    ours = _TOKEN.match(name)
    return token if ours and ours[0].lower() == token else "x-another"
