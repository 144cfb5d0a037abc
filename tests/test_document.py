"""Bytes become text, a tree and metadata."""

from __future__ import annotations

import pytest

from scraper.document import decoded

KAZAKH = "Өзен таңертең тасыды"


@pytest.mark.parametrize(
    ("body", "content_type", "charset"),
    [
        (KAZAKH.encode(), None, "utf-8"),
        (b"\xef\xbb\xbf" + KAZAKH.encode(), "text/html; charset=windows-1251", "utf-8"),
        (KAZAKH.encode("utf-16"), None, "utf-16-le"),
        (KAZAKH.encode(), "text/html; charset=windows-1251", "utf-8"),
        (KAZAKH.encode(), "text/html; charset=x-klingon", "utf-8"),
        (f"<p>{KAZAKH}</p>".encode("utf-16-le"), "text/html; charset=utf-16le", "utf-16-le"),
    ],
)
def test_text_is_read_in_the_charset_its_bytes_are_in(body: bytes, content_type: str | None, charset: str) -> None:
    """A mark first, then bytes that can only be UTF-8, then what the header says."""
    text, found = decoded(body, content_type)

    assert KAZAKH in text
    assert found == charset


@pytest.mark.parametrize("charset", ["utf-16", "punycode", "unicode_escape", "idna"])
def test_a_charset_that_plain_bytes_cannot_be_in_is_not_believed(charset: str) -> None:
    """The page would come out as noise."""
    assert decoded(b"<p>The river rose</p>", f"text/html; charset={charset}") == ("<p>The river rose</p>", "utf-8")


def test_the_header_wins_over_the_page_where_the_bytes_fit_it() -> None:
    """windows-1251 in the header, utf-8 in the page."""
    body = '<meta charset="utf-8"><p>Река поднялась</p>'.encode("windows-1251")

    text, charset = decoded(body, "text/html; charset=windows-1251")

    assert "Река поднялась" in text
    assert charset == "cp1251"
