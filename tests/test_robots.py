"""robots.txt by RFC 9309."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ceilings import HANG_S
from scraper.robots import RobotsCopy, RobotsRules, product_token, rules_from, rules_of, whole_lines

AGENT = "scraper/0.1 (+mailto:desk@paper.example)"
SITE = "https://paper.example"


def _allowed(text: str | bytes, *paths: str) -> list[bool]:
    rules = rules_from(200, text.encode() if isinstance(text, str) else text, AGENT)
    return [rules.allowed(SITE + path) for path in paths]


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 410, 451])
def test_a_missing_or_forbidden_file_allows_everything(status: int) -> None:
    """RFC 9309, 2.3.1.3, and a redirect without an end."""
    assert rules_from(status, b"User-agent: *\nDisallow: /", AGENT) == RobotsRules()
    assert rules_from(status, b"", AGENT).allowed(SITE + "/x")


@pytest.mark.parametrize("status", [0, 429, 500, 502, 503, 599])
def test_a_file_that_cannot_be_had_forbids_everything(status: int) -> None:
    """RFC 9309, 2.3.1.4: no rules known is no rule kept."""
    rules = rules_from(status, b"", AGENT)

    assert not rules.allowed(SITE + "/")
    assert rules.refused is not None
    assert rules.refused.startswith("robots.txt could not be had, ")


def test_a_file_nobody_could_ask_for_says_why() -> None:
    """The reason stands in the report."""
    copy = RobotsCopy(SITE, datetime(2026, 3, 1, tzinfo=UTC), 0, fault="connection refused")

    assert rules_of(copy, AGENT) == RobotsRules(
        refused="robots.txt could not be had, connection refused", unreachable=True
    )


def test_the_longest_match_wins_and_allow_wins_a_tie() -> None:
    """RFC 9309, 2.2.2."""
    text = "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /a/b/c\nDisallow: /t\nAllow: /t\n"

    assert _allowed(text, "/a", "/a/b", "/a/b/c", "/t", "/z") == [False, True, False, True, True]


def test_wildcards_and_the_end_mark_are_understood() -> None:
    """RFC 9309, 2.2.3."""
    text = "User-agent: *\nDisallow: /*.pdf$\nDisallow: /print/*/all\nDisallow: /*?session="

    assert _allowed(text, "/a.pdf", "/a.pdfx", "/print/7/all", "/print/all", "/s?session=1", "/s?x=1") == [
        False, True, False, True, False, True,
    ]


def test_escapes_are_compared_in_one_spelling() -> None:
    """RFC 9309, 2.2.2: octets outside ASCII are percent-encoded on either side."""
    text = "User-agent: *\nDisallow: /қоғам/\nDisallow: /%7Eold/"

    assert _allowed(text, "/%D2%9B%D0%BE%D2%93%D0%B0%D0%BC/1", "/~old/1", "/new") == [False, False, True]


def test_our_own_group_replaces_that_of_everybody() -> None:
    """Whatever its case, its version and its place; groups of one name are one (RFC 9309, 2.2.1)."""
    text = "User-agent: *\nDisallow: /\n\nUser-agent: SCRAPER/9\nDisallow: /a\n\nUser-agent: scraper\nDisallow: /b"

    assert _allowed(text, "/", "/a", "/b") == [True, False, False]


@pytest.mark.parametrize("name", ["scrape", "scraper-news", "my-scraper", "desk", "mailto"])
def test_a_group_for_another_crawler_is_not_ours(name: str) -> None:
    """Names are compared whole, and with the product's name only, not with the contact behind it."""
    assert _allowed(f"User-agent: {name}\nDisallow: /", "/") == [True]


def test_odd_spelling_is_read() -> None:
    """Byte-order mark, CR, odd case, spaces, comments, NUL, a missing end of line."""
    text = b"\xef\xbb\xbfuser-AGENT :  * # all\rDISALLOW:/private #no\r\r  Allow: /private/open\r\n\0Disallow: /late"

    assert _allowed(text, "/private", "/private/open", "/late", "/x") == [False, True, False, True]


def test_one_group_may_name_several_crawlers() -> None:
    """RFC 9309, 2.2.1."""
    text = "User-agent: other\nUser-agent: scraper\nDisallow: /a\n\nUser-agent: third\nDisallow: /"

    assert _allowed(text, "/a", "/b") == [False, True]


def test_a_web_page_instead_of_rules_holds_none() -> None:
    """Even if its text reads like rules."""
    assert _allowed("\n <!DOCTYPE html><pre>\nUser-agent: *\nDisallow: /\n</pre>", "/") == [True]


def test_crawl_delay_and_sitemaps_are_read() -> None:
    """Sitemaps belong to the whole file, the delay to its group; what is no address is left out."""
    text = (
        "Sitemap: https://paper.example/a.xml\nUser-agent: *\nCrawl-delay: 2.5\nSitemap: /b.xml\n"
        "Sitemap: https://paper.example/a.xml\nUser-agent: other\nCrawl-delay: 99"
    )

    rules = rules_from(200, text.encode(), AGENT)

    assert (rules.crawl_delay, rules.sitemaps) == (2.5, ("https://paper.example/a.xml",))


def test_so_many_sitemaps_are_named_at_most() -> None:
    text = "".join(f"Sitemap: https://paper.example/{number}.xml\n" for number in range(600))

    assert len(rules_from(200, text.encode(), AGENT).sitemaps) == 500


@pytest.mark.parametrize("delay", ["soon", "-3", "nan", "inf", ""])
def test_a_delay_that_is_no_number_is_none(delay: str) -> None:
    """An endless delay would end the source."""
    assert rules_from(200, f"User-agent: *\nCrawl-delay: {delay}".encode(), AGENT).crawl_delay is None


def test_a_file_cut_at_its_limit_loses_its_half_line() -> None:
    """Half of `Disallow: /private` could be `Disallow: /`."""
    assert whole_lines(b"User-agent: *\nDisallow: /a\nDisallow: /") == b"User-agent: *\nDisallow: /a\n"
    assert whole_lines(b"User-agent: *\rDisa") == b"User-agent: *\r"
    assert whole_lines(b"no line at all") == b""


HOSTILE = {
    "4000 stars": "User-agent: *\nDisallow: /" + "*a" * 4000 + "b",
    "a quarter million stars": "User-agent: *\nDisallow: /" + "*a" * 250_000 + "$",
    "15000 names": "".join(f"User-agent: a{n}\n" for n in range(15_000)) + "Disallow: /x\n" * 25_000,
    "25000 rules": "User-agent: *\n" + "".join(f"Disallow: /{n}*a*$\n" for n in range(25_000)),
    "48000 short rules": "User-agent: *\n" + "Allow: /a*\n" * 48_000,
    "250 stars in each of 900": "User-agent: *\n" + "".join(f"Disallow: /{'*a' * 250}{n}$\n" for n in range(900)),
    "names": "User-agent " * 40_000,
    "a comment": "#" * 500_000,
    "no rules": ("x" * 50 + " ") * 10_000,
}  # each is near the 512 KiB of which a file is read


def spent_s() -> dict[str, float]:
    """Return the CPU seconds that reading each hostile file and matching one long address takes."""
    spent = {}
    for name, text in HOSTILE.items():
        started = time.process_time()
        rules_from(200, text.encode(), AGENT).allowed(SITE + "/" + "a" * 2000)
        spent[name] = time.process_time() - started
    return spent


def test_a_hostile_file_is_read_and_matched_within_seconds() -> None:
    """The slowest takes 0.3 s; measured in a process where no coverage counts lines, which takes as much again."""
    script = "import json, test_robots; print(json.dumps(test_robots.spent_s()))"
    child = subprocess.run(
        [sys.executable, "-c", script], cwd=Path(__file__).parent, stdout=subprocess.PIPE, timeout=HANG_S, check=True
    )

    spent = json.loads(child.stdout)

    assert spent.keys() == HOSTILE.keys()
    assert {name: seconds for name, seconds in spent.items() if seconds > 4} == {}


def test_the_product_token_is_what_stands_before_the_version() -> None:
    """RFC 9309, 2.2.1."""
    assert [product_token(agent) for agent in (AGENT, "News-Bot 2", "x_y", "")] == ["scraper", "news-bot", "x_y", "*"]
