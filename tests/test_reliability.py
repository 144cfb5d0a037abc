"""docs/reliability.md says what the program does."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

from scraper.cli.commands import EPILOG
from scraper.health import Kind
from scraper.limits import Limits

ROOT = Path(__file__).parent.parent
DOCS = (ROOT / "docs" / "reliability.md").read_text("utf-8")


def test_every_limit_is_explained_with_its_default() -> None:
    """In the order of the record."""
    documented = re.findall(r"^\| `(\w+)` \| (\d+) \|", DOCS, re.MULTILINE)

    assert documented == [(spec.name, f"{getattr(Limits(), spec.name):.0f}") for spec in fields(Limits)]


def test_every_kind_of_alert_is_explained() -> None:
    """Each has a row that says when it opens and when it closes."""
    _, _, health = DOCS.partition("## Health")
    rows = re.findall(r"^\| (`[^|]+) \|", health, re.MULTILINE)

    assert re.findall(r"`([\w-]+)`", " ".join(rows)) == list(get_args(Kind))


def test_every_exit_code_is_explained() -> None:
    """Those that --help lists."""
    told = set(re.findall(r"^ {2}(\d+) {2}", EPILOG, re.MULTILINE))
    documented = set(re.findall(r"\d+", " ".join(re.findall(r"^\| ([\d, ]+) \|", DOCS, re.MULTILINE))))

    assert told == documented - {"143"}  # told beside 130


def test_every_test_and_bench_it_names_is_there() -> None:
    """A pattern names at least one."""
    named = re.findall(r"`((?:tests|bench)/[\w*]+\.py)`", DOCS)

    assert len(named) >= 10
    assert [name for name in named if not list(ROOT.glob(name))] == []
