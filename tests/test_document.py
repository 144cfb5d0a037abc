"""Bytes become text and a tree, whatever they claim to be."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.charsets import decoded
from scraper.document import bomb, document_from, document_from_text, page_text
from scraper.errors import ParseError
from scraper.scriptdata import json_objects, json_values

KAZAKH = "Өзен таңертең тасыды"
RUSSIAN = "Уровень воды в водохранилище упал на четыре метра за одно лето."


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        ("\ufeffвода".encode(), "text/html; charset=koi8-r", ("вода", "utf-8")),
        ("вода".encode("utf-16"), None, ("вода", "utf-16-le")),
        ("вода".encode("koi8-r"), "text/html; charset=koi8-r", ("вода", "koi8-r")),
        ("вода".encode(), "text/html; charset=iso-8859-1", ("вода", "utf-8")),
        (b"<meta charset=windows-1251>" + "вода".encode("cp1251"), None, ("<meta charset=windows-1251>вода", "cp1251")),
        (b"plain", None, ("plain", "utf-8")),
        (b"", None, ("", "utf-8")),
    ],
)
def test_a_page_is_read_in_the_charset_it_is_written_in(
    body: bytes, content_type: str | None, expected: tuple[str, str]
) -> None:
    """A byte-order mark wins, then valid UTF-8, the header, the meta tag."""
    assert decoded(body, content_type) == expected


def test_a_page_that_names_no_charset_is_detected() -> None:
    """Old Cyrillic sites send cp1251 and say nothing."""
    assert decoded(RUSSIAN.encode("cp1251"), "text/html")[0] == RUSSIAN


def test_one_stray_byte_does_not_change_the_charset() -> None:
    """A page cut in mid-character is still UTF-8."""
    text, charset = decoded(RUSSIAN.encode()[:-2] + b"\xd0", "text/html; charset=utf-8")

    assert (text[:12], charset) == (RUSSIAN[:12], "utf-8")
    assert decoded("Новости города: мост открыт".encode("cp1251") + b"\x98", "text/html; charset=windows-1251") == (
        "Новости города: мост открыт\ufffd", "cp1251")


def test_a_nul_is_dropped() -> None:
    """The parser would put U+FFFD into the middle of a word."""
    assert decoded(b"wa\x00ter", None)[0] == "water"


@given(st.binary(max_size=400), st.sampled_from([None, "text/html; charset=utf-8", "text/html; charset=nonsense"]))
def test_any_bytes_decode(body: bytes, content_type: str | None) -> None:
    """What no charset explains becomes U+FFFD, never an exception."""
    text, charset = decoded(body, content_type)

    assert isinstance(text, str)
    assert charset


@pytest.mark.parametrize(
    ("markup", "why"),
    [
        ("<div>" * 20_000, "nested over 5000 deep"),
        ("<div>" * 20_000 + "</div>" * 20_000, "nested over 5000 deep"),
        ("<ul><li>" * 20_000, "nested over 5000 deep"),
        ("<select>" + "<option>x" * 20_000, "over 10000 options"),
        ("<p " + " ".join(f"a{i}=1" for i in range(20_000)) + ">", "over 10000 attributes in one tag"),
    ],
)
def test_a_bomb_is_refused_before_it_is_parsed(markup: str, why: str) -> None:
    """Each of these takes the parser quadratic time."""
    began = time.process_time()

    with pytest.raises(ParseError, match=why):
        document_from_text(markup, "https://herald.example/")

    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "markup",
    [
        "<p>x</p>" * 50_000,
        "<p>x" * 50_000,
        "<br>" * 50_000,
        "<!-- " + "<div>" * 20_000 + " -->",
        "<script>var x = '" + "a b " * 40_000 + "';</script>",
        '<meta name="description" content="' + "a word " * 20_000 + '">',
        "<div data-state='{" + '"key": 1, ' * 20_000 + "}'>",
    ],
)
def test_a_long_page_is_no_bomb(markup: str) -> None:
    """Siblings, void tags, comments and scripts cost linear time."""
    assert bomb(markup) is None


def test_a_page_of_a_hundred_thousand_siblings_is_parsed_in_bounded_time() -> None:
    """5 MB of attributes are no reason to walk the page twice."""
    markup = "<body>" + "".join(f'<div class="{"x" * 40}" id="b{i}"></div>' for i in range(100_000))
    began = time.process_time()

    document_from_text(markup, "https://herald.example/")

    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    ("script", "objects"),
    [
        ('{"a": 1}', [{"a": 1}]),
        ('[{"a": 1}, [{"b": 2}]]', [{"a": 1}, {"b": 2}]),
        ('{"@graph": [{"a": 1}, {"b": 2,}]}', [{"@graph": [{"a": 1}, {"b": 2}]}, {"a": 1}, {"b": 2}]),
        ('{"mainEntity": {"a": 1}}', [{"mainEntity": {"a": 1}}, {"a": 1}]),
        ('//<![CDATA[\n{"a": "x\ny"};\n//]]>', [{"a": "x\ny"}]),
        ('{"a": 1}{"b": 2', [{"a": 1}]),
        ('{"headline": "A \\"B\\"", "x": oops}', [{"headline": 'A "B"'}]),
        ("", []),
        ("null", []),
        ("[" * 100_000, []),
    ],
)
def test_script_data_are_read_as_far_as_they_go(script: str, objects: list[dict[str, object]]) -> None:
    """Comments, CDATA, raw line breaks, trailing commas, two values in a row, a broken end."""
    assert list(json_objects(script)) == objects


@given(st.text(max_size=300))
def test_any_script_is_read(script: str) -> None:
    """A broken script holds nothing, it breaks nothing."""
    assert isinstance(json_values(script), list)


def test_metadata_are_read_by_their_names() -> None:
    """Property, name and itemprop are one to us; repeats stand in page order."""
    document = document_from(
        b'<meta property="OG:Title" content=" A  sluice "><meta name=author content=Ilma>'
        b"<meta name=author content=Odra>"
        b'<link rel="canonical alternate" href="/a"><title> A sluice </title>',
        "text/html",
        "https://herald.example/",
    )

    assert document.meta == {"og:title": ("A sluice",), "author": ("Ilma", "Odra")}
    assert document.links == {"canonical": ("/a",), "alternate": ("/a",)}
    assert document.title == "A sluice"


def test_the_text_of_a_page_breaks_between_blocks() -> None:
    """A ticker's parts stand in tags of their own, its entries in blocks; scripts are no text."""
    document = document_from_text(
        "<ul><li><b>KGS/USD</b><i>=</i><span>0.01144</span> 0%</li><li>Two</li></ul>"
        "<script>x</script>a<br>b<p>c\nd</p>e",
        "https://herald.example/",
    )

    assert page_text(document) == "KGS/USD = 0.01144 0%\nTwo\na\nb\nc d\ne"


def test_a_lone_surrogate_does_not_stop_the_parser() -> None:
    """Text that came through a lenient decoder may hold one."""
    document = document_from_text("<p>wa\ud800ter</p>", "https://herald.example/")

    assert page_text(document) == "water"


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
    assert decoded(b"<p>The river rose.</p>", f"text/html; charset={charset}") == ("<p>The river rose.</p>", "utf-8")


@pytest.mark.parametrize("charset", ["uu", "hex", "base64", "quopri", "rot13", "zlib", "bz2"])
def test_a_codec_that_gives_no_text_is_no_charset(charset: str) -> None:
    """Python knows these by name; a byte that is not UTF-8 made it try them."""
    assert decoded("<p>Café</p>".encode("cp1252"), f"text/html; charset={charset}")[0] == "<p>Café</p>"


def test_the_header_wins_over_the_page_where_the_bytes_fit_it() -> None:
    """windows-1251 in the header, utf-8 in the page."""
    body = '<meta charset="utf-8"><p>Река поднялась</p>'.encode("windows-1251")

    text, charset = decoded(body, "text/html; charset=windows-1251")

    assert "Река поднялась" in text
    assert charset == "cp1251"
