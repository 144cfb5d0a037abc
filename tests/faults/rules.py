"""The faults of robots.txt: each the answer of a site's /robots.txt, and which of its pages may be fetched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from servers import Answer, Talk, answer, redirect, silence

RULES = b"User-agent: *\nDisallow: /blocked/\n"
PATHS = ("/open", "/blocked/x")
ALL: tuple[str, ...] = PATHS
NONE: tuple[str, ...] = ()
OPEN: tuple[str, ...] = ("/open",)


@dataclass(frozen=True, slots=True)
class RobotsFault:
    """An answer to robots.txt, which of PATHS are fetched then, and how often it is asked for at most.

    A fault that is `endless` ends with the patience of whoever asks, and not before.
    """

    robots: Answer
    fetched: tuple[str, ...]
    most: int = 1
    more: Mapping[str, Answer] = field(default_factory=dict)
    endless: bool = False


def robots_faults() -> dict[str, RobotsFault]:
    """Return every fault by name."""
    hops = {f"/r{n}": redirect(f"/r{n + 1}") for n in range(1, 5)}
    return {
        "robots-absent": RobotsFault(answer(b"", "404 Not Found"), ALL),
        "robots-disallow": RobotsFault(answer(b"User-agent: *\nDisallow: /\n"), NONE),
        "robots-error-500": RobotsFault(answer(b"", "500 Oops"), NONE, 4),
        "robots-forbidden": RobotsFault(answer(b"", "403 Forbidden"), ALL),
        "robots-silent": RobotsFault(silence, NONE, 4, endless=True),
        "robots-reset": RobotsFault(Talk.reset, NONE, 4),
        "robots-redirects": RobotsFault(redirect("/r1"), OPEN, 1, {**hops, "/r5": answer(RULES)}),
        "robots-loop": RobotsFault(redirect("/robots.txt"), ALL, 6),
        "robots-huge": RobotsFault(answer(RULES + b"# filler of a line\n" * 260_000), OPEN),
        "robots-huge-cut": RobotsFault(answer(RULES.ljust(512 * 1024 - 11, b"#") + b"\nDisallow: /o#pen"), OPEN),
        "robots-wildcard": RobotsFault(answer(b"User-agent: *\nDisallow: /*/x$\nDisallow: /op\nAllow: /open"), OPEN),
        "robots-redos": RobotsFault(answer(RULES + b"Disallow: /" + b"*a" * 4000 + b"b\n"), OPEN),
        "robots-html": RobotsFault(answer(b"<!doctype html><pre>\nUser-agent: *\nDisallow: /\n</pre>"), ALL),
        "robots-bom-cr": RobotsFault(answer(b"\xef\xbb\xbfUSER-agent :  * # all\rdisallow:/blocked/ # no\r"), OPEN),
        "robots-late": RobotsFault(_late, OPEN, 2),
        "robots-corrupt": RobotsFault(answer(RULES, Content_Length="999", Connection="close"), NONE, 4),
    }


def _late(talk: Talk) -> None:
    talk.send(answer(b"", "503 Busy") if talk.number == 1 else answer(RULES))
