"""Content codings: bounded, whole, and only those asked for."""

from __future__ import annotations

import gzip
import zlib
from tracemalloc import get_traced_memory, start, stop

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.decoding import beginning, decoded, unpacked
from scraper.errors import BodyError

PAGE = b"<p>An invented story.</p>" * 40


def _bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(megabytes)) + packer.flush()


@given(st.lists(st.binary(max_size=400), min_size=1, max_size=4))
def test_members_that_follow_one_another_are_one_body(parts: list[bytes]) -> None:
    """RFC 1952, 2.2; the first half alone would be a truncated story."""
    assert decoded(b"".join(gzip.compress(part) for part in parts), "gzip", 2000) == b"".join(parts)


@given(st.binary(max_size=3000), st.integers(0, 3000))
def test_a_body_over_its_limit_is_refused_and_one_within_it_is_whole(body: bytes, limit: int) -> None:
    """Whether packed or not."""
    for wire, encoding in ((body, None), (gzip.compress(body), "gzip"), (zlib.compress(body), "deflate")):
        if len(body) <= limit:
            assert decoded(wire, encoding, limit) == body
        else:
            with pytest.raises(BodyError, match=f"body over {limit} bytes"):
                decoded(wire, encoding, limit)


@given(st.integers(1, len(gzip.compress(PAGE)) - 1))
def test_gzip_cut_anywhere_is_an_error(length: int) -> None:
    """httpx takes a cut stream for a whole one."""
    with pytest.raises(BodyError):
        decoded(gzip.compress(PAGE)[:length], "gzip", 10_000)


@given(st.integers(10, len(gzip.compress(PAGE)) - 1), st.integers(0, 7))
def test_a_flipped_bit_never_changes_a_body(place: int, bit: int) -> None:
    """The check sum and the length behind the body catch what inflates all the same."""
    wire = bytearray(gzip.compress(PAGE))
    wire[place] ^= 1 << bit

    try:
        body = decoded(bytes(wire), "gzip", 10_000)
    except BodyError:
        return

    assert body == PAGE  # a copy taken from another repeat of the same words


@pytest.mark.parametrize("encoding", ["br", "zstd", "x-rot13", "gzip, gzip", "br,gzip", "compress"])
def test_a_coding_that_was_not_asked_for_is_refused(encoding: str) -> None:
    """Nested gzip among them."""
    with pytest.raises(BodyError, match=r"was not asked for|nested"):
        decoded(gzip.compress(gzip.compress(PAGE)), encoding, 10_000)


@pytest.mark.parametrize("encoding", [None, "", "identity", "Identity, "])
def test_a_body_without_a_coding_is_itself(encoding: str | None) -> None:
    """Identity is what no coding is called."""
    assert decoded(PAGE, encoding, 10_000) == PAGE


def test_the_odd_ways_of_old_servers_are_read() -> None:
    """deflate without its wrapper, x-gzip in capitals, zeros behind the last member, nothing at all."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    bare = packer.compress(PAGE) + packer.flush()

    assert decoded(bare, "deflate", 10_000) == PAGE
    assert decoded(zlib.compress(PAGE), "deflate", 10_000) == PAGE
    assert decoded(gzip.compress(PAGE) + bytes(100), "X-GZIP", 10_000) == PAGE
    assert decoded(b"", "gzip", 10_000) == b""


def test_a_plain_page_that_says_gzip_is_an_error() -> None:
    """Never mojibake."""
    with pytest.raises(BodyError, match="not what its content encoding says"):
        decoded(PAGE, "gzip", 10_000)


def test_a_bomb_costs_its_limit_and_no_more() -> None:
    """256 MiB in 256 KiB, cut at 1 MiB."""
    bomb = _bomb(256)

    start()
    with pytest.raises(BodyError, match="once decoded"):
        decoded(bomb, "gzip", 1 << 20)
    peak = get_traced_memory()[1]
    stop()

    assert peak < 8 << 20


@settings(max_examples=20, deadline=None)
@given(st.integers(-9, 9), st.binary(min_size=1, max_size=40))
def test_a_body_longer_than_a_step_is_whole(more: int, seed: bytes) -> None:
    """In every format, near the sizes at which the inflater pauses."""
    body = (seed * (3 << 20))[: (2 << 20) + more]
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    bare = packer.compress(body) + packer.flush()

    for wire, encoding in ((gzip.compress(body, 1), "gzip"), (zlib.compress(body), "deflate"), (bare, "deflate")):
        assert decoded(wire, encoding, 3 << 20) == body


def test_a_large_body_is_held_once() -> None:
    """A sitemap of 32 MiB, and little more at its peak."""
    packed = _bomb(32)

    start()
    body = decoded(packed, "gzip", 64 << 20)
    peak = get_traced_memory()[1]
    stop()

    assert len(body) == 32 << 20
    assert peak < 42 << 20


def test_a_flood_of_empty_members_is_refused() -> None:
    """A megabyte that decodes to no byte; block-wise gzip has a thousand members at most."""
    assert decoded(gzip.compress(b"") * 1000, "gzip", 100) == b""
    with pytest.raises(BodyError, match="members"):
        decoded(gzip.compress(b"") * 50_000, "gzip", 100)


def test_the_beginning_of_a_broken_body_is_what_can_be_had() -> None:
    """For robots.txt cut at its limit, and for telling who refuses."""
    packed = gzip.compress(PAGE, 0)

    assert beginning(PAGE, None, 10) == PAGE[:10]
    assert beginning(packed[:200], "gzip", 10) == PAGE[:10]
    assert beginning(packed, "gzip", 10_000) == PAGE
    assert beginning(b"junk", "gzip", 10) == b""
    assert beginning(packed, "br", 10) == b""


def test_a_page_looked_through_for_a_mark_is_not_decoded_again_to_be_read() -> None:
    """It costs a fifth of the fetching thread, and nothing stands between the two."""
    wire = gzip.compress(PAGE)

    start = beginning(wire, "gzip", 256 * 1024)

    assert decoded(wire, "gzip", 16 * 1024 * 1024) is start


@given(st.binary(max_size=3000), st.integers(0, 3000))
def test_the_beginning_is_no_longer_than_its_limit(body: bytes, limit: int) -> None:
    """Of a body that would be whole a little later, too."""
    assert beginning(gzip.compress(body), "gzip", limit) == body[:limit]


def test_a_gzip_file_is_unpacked_and_any_other_left() -> None:
    """sitemap.xml.gz, served as a file."""
    assert unpacked(gzip.compress(PAGE), 10_000) == PAGE
    assert unpacked(PAGE, 10) == PAGE
    with pytest.raises(BodyError, match="over 10 bytes"):
        unpacked(gzip.compress(PAGE), 10)
