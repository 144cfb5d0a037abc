"""The WARC folder: what is written, what never is, what a crash leaves, and what can be read from anybody's files."""

from __future__ import annotations

import contextlib
import gzip
import logging
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scraper.archive import Damage, WarcArchive, exchanges, instant_from
from scraper.errors import ArchiveError
from scraper.records import Exchange, Kept
from scraper.warc.warcread import Record, records, whole_end
from scraper.warc.warcrecord import digest_of, exchange_members

NOON = datetime(2026, 3, 14, 12, 0, 0, 250, tzinfo=UTC)
PAGE = b"<html><h1>Dam repaired</h1><p>The dam above the village holds again.</p></html>"
ANSWER = (("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(PAGE))))
STORY = Exchange(
    url="https://news.example/dam?page=2",
    fetched=NOON,
    request_headers=(("Host", "news.example"), ("User-Agent", "scraper/0.1")),
    status=200,
    reason="OK",
    headers=ANSWER,
    wire=PAGE,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "news.warc"


@pytest.fixture
def archive(folder: Path) -> Iterator[WarcArchive]:
    with WarcArchive(folder) as opened:
        yield opened


def records_of(folder: Path) -> list[Record]:
    """Return every record of the folder; none may be damaged."""
    found: list[Record] = []
    for path in sorted(folder.glob("*.warc.gz")):
        with path.open("rb") as stream:
            found += records(stream, lambda offset, reason: pytest.fail(f"{offset}: {reason}"))
    return found


def checked(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Return what `warcio check` says: its exit value and its output."""
    capsys.readouterr()
    value = Checker(SimpleNamespace(inputs=[str(path)], verbose=False)).process_all()
    captured = capsys.readouterr()
    return value, captured.out + captured.err


# What is written


def test_an_exchange_becomes_request_metadata_and_response(archive: WarcArchive, folder: Path) -> None:
    archive.keep(STORY, source="hills")

    kinds = [(record.kind, record.fields.get("warc-target-uri")) for record in records_of(folder)]
    assert kinds == [("warcinfo", None), *((kind, STORY.url) for kind in ("request", "metadata", "response"))]
    _, request, metadata, response = records_of(folder)
    assert request.block.startswith(b"GET /dam?page=2 HTTP/1.1\r\nHost: news.example\r\n")
    assert metadata.block == b"source: hills\r\nfetched: 2026-03-14T12:00:00.000250Z\r\n"
    assert response.block.endswith(b"\r\n\r\n" + PAGE)
    assert request.fields["warc-concurrent-to"] == response.fields["warc-record-id"]


def test_warcio_check_passes(archive: WarcArchive, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for minute in range(3):
        archive.keep(replace(STORY, fetched=NOON + timedelta(minutes=minute)), source="hills")
    packed = replace(
        STORY, url="https://news.example/z", wire=gzip.compress(PAGE), headers=(("Content-Encoding", "gzip"),)
    )
    archive.keep(packed)
    archive.keep(replace(STORY, status=304, reason="Not Modified", wire=b""))

    with (folder / "20260314-00001.warc.gz").open("rb") as stream:
        iterator = ArchiveIterator(stream, check_digests=True)
        proved = [
            (record.rec_type, record.content_stream().read() is not None and record.digest_checker.passed)
            for record in iterator
        ]
    assert checked(folder / "20260314-00001.warc.gz", capsys) == (0, "")
    assert [passed for kind, passed in proved if kind == "response"] == [True, True]
    assert iterator.err_count == 0


def test_a_receipt_leads_to_the_gzip_member_of_the_answer(archive: WarcArchive, folder: Path) -> None:
    archive.keep(STORY)
    kept = archive.keep(replace(STORY, url="https://news.example/b", wire=b"other"))

    assert kept == Kept(
        "https://news.example/b", NOON, 200, 5, digest_of(b"other"), "20260314-00001.warc.gz", kept.offset, kept.length
    )
    data = (folder / str(kept.file)).read_bytes()
    assert kept.offset is not None
    assert kept.length is not None
    assert kept.offset + kept.length == len(data)
    assert gzip.decompress(data[kept.offset :]).endswith(b"\r\n\r\nother\r\n\r\n")


def test_what_was_kept_is_read_back(archive: WarcArchive) -> None:
    kept = archive.keep(STORY, source="hills")

    assert archive.read(str(kept.file), kept.offset or 0) == replace(STORY, request_headers=())
    assert list(archive.exchanges()) == [(kept, STORY, "hills")]


@given(
    wire=st.binary(max_size=300),
    value=st.text(st.characters(max_codepoint=0xFF, exclude_categories=["Cc"]), max_size=20),
    status=st.sampled_from((200, 301, 404, 503)),
    truncated=st.sampled_from((None, "length", "time", "disconnect")),
    encoding=st.sampled_from(("gzip", "identity")),
)
def test_any_answer_comes_back_as_it_was(
    wire: bytes, value: str, status: int, truncated: str | None, encoding: str
) -> None:
    headers = (("X-Note", value.strip()), ("Content-Encoding", encoding), ("Content-Length", str(len(wire))))
    exchange = Exchange("https://news.example/", NOON, (), status, "Said", headers, wire, truncated)

    _, answer = exchange_members(exchange, digest_of(wire), source=None, original=None)

    block = gzip.decompress(answer).partition(b"\r\n\r\n")[2]
    head, _, body = block.partition(b"\r\n\r\n")
    assert body == wire + b"\r\n\r\n"
    assert head.decode("latin-1").split("\r\n")[1:] == [f"{name}: {text}" for name, text in headers]


def test_the_head_is_true_to_the_body_as_written(archive: WarcArchive, folder: Path) -> None:
    hops = (("Transfer-Encoding", "chunked"), ("Connection", "keep-alive"), ("Content-Encoding", "gzip"))
    archive.keep(replace(STORY, headers=hops, wire=b"\x1f\x8b..."))

    assert records_of(folder)[-1].block == (
        b"HTTP/1.1 200 OK\r\nX-Archive-Orig-Transfer-Encoding: chunked\r\nX-Archive-Orig-Connection: keep-alive\r\n"
        b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\n\x1f\x8b..."
    )


def test_a_body_cut_at_a_limit_says_so_and_states_its_true_length(archive: WarcArchive, folder: Path) -> None:
    archive.keep(replace(STORY, wire=PAGE[:20], truncated="disconnect"))

    cut = records_of(folder)[-1]
    assert cut.fields["warc-truncated"] == "disconnect"
    length = f"X-Archive-Orig-Content-Length: {len(PAGE)}\r\nContent-Length: 20\r\n\r\n".encode()
    assert cut.block.endswith(length + PAGE[:20])


def test_no_answer_leaves_no_bytes(archive: WarcArchive, folder: Path) -> None:
    kept = archive.keep(Exchange("https://news.example/", NOON))

    assert kept == Kept("https://news.example/", NOON, 0, 0)
    assert list(folder.iterdir()) == []


def test_no_credential_reaches_a_record_or_the_log(
    archive: WarcArchive, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "scraper")
    names = ("Authorization", "Proxy-Authorization", "Cookie", "set-cookie", "X-API-Key")
    secrets = tuple((name, "hunter2") for name in names)
    located = (("Location", "https://reader:hunter2@news.example/next"), *secrets)
    kept = archive.keep(
        replace(STORY, url="https://reader:hunter2@news.example/dam", request_headers=located, headers=located)
    )

    assert kept.url == "https://news.example/dam"
    assert not [record for record in records_of(folder) if "hunter2" in f"{record.fields}{record.block!r}"]
    assert b"Location: https://news.example/next\r\n" in records_of(folder)[-1].block
    assert [entry.getMessage() for entry in caplog.records] == ["warc https://news.example/dam"]


@pytest.mark.parametrize("value,written", [("1\r\n\r\nWARC/1.1", b"1 WARC/1.1"), ("\x00\x1b[2J", b" [2J")])
def test_a_header_cannot_break_out_of_its_line(archive: WarcArchive, folder: Path, value: str, written: bytes) -> None:
    archive.keep(replace(STORY, headers=(("X-A", value), *ANSWER)))

    assert records_of(folder)[-1].block.startswith(b"HTTP/1.1 200 OK\r\nX-A: " + written + b"\r\nContent-Type: ")


# Revisits


def test_an_unchanged_body_is_a_revisit_that_reads_as_the_page(archive: WarcArchive, folder: Path) -> None:
    first = archive.keep(STORY)
    later = replace(STORY, fetched=NOON + timedelta(hours=1))
    again = archive.keep(later)

    revisit = records_of(folder)[-1]
    assert {name: revisit.fields[name] for name in revisit.fields if "refers" in name or name == "warc-profile"} == {
        "warc-profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        "warc-refers-to-target-uri": STORY.url,
        "warc-refers-to-date": "2026-03-14T12:00:00.000250Z",
        "warc-refers-to-filename": "20260314-00001.warc.gz",
        "warc-refers-to-file-offset": str(first.offset),
    }
    assert PAGE not in revisit.block
    assert (again.digest, again.wire_bytes) == (first.digest, len(PAGE))
    assert archive.read(str(again.file), again.offset or 0) == replace(later, request_headers=())


def test_a_304_is_a_revisit_that_reads_as_the_stored_page(archive: WarcArchive) -> None:
    first = archive.keep(STORY)
    unmodified = Exchange(
        STORY.url, NOON + timedelta(hours=1), STORY.request_headers, 304, "Not Modified", (("ETag", "b"),)
    )
    kept = archive.keep(unmodified)

    assert (kept.digest, kept.wire_bytes) == (first.digest, 0)
    expected = replace(unmodified, headers=(("ETag", "b"), *ANSWER), wire=PAGE)
    assert archive.read(str(kept.file), kept.offset or 0) == replace(expected, request_headers=())
    assert [capture[:2] for capture in archive.exchanges()][1] == (kept, expected)


def test_the_original_of_an_earlier_run_is_asked_for(folder: Path) -> None:
    with WarcArchive(folder) as archive:
        first = archive.keep(STORY)
    later = replace(STORY, fetched=NOON + timedelta(days=1))

    with WarcArchive(folder, earlier={STORY.url: first}.get) as archive:
        kept = archive.keep(later)

        assert kept.file == "20260315-00001.warc.gz"
        assert archive.read(str(kept.file), kept.offset or 0) == replace(later, request_headers=())
    assert records_of(folder)[-1].kind == "revisit"


@pytest.mark.parametrize(
    "changed",
    [{"wire": PAGE + b" "}, {"url": "https://news.example/other"}, {"status": 404}, {"truncated": "time"}],
    ids=lambda changed: str(*changed),
)
def test_anything_else_is_written_whole(archive: WarcArchive, folder: Path, changed: dict[str, object]) -> None:
    archive.keep(STORY)
    archive.keep(replace(STORY, **changed))  # type: ignore[arg-type]

    assert [record.kind for record in records_of(folder) if record.kind != "request"][1:] == ["response"] * 2


def test_an_answer_that_was_cut_is_nobodys_original(archive: WarcArchive, folder: Path) -> None:
    archive.keep(replace(STORY, truncated="time"))
    archive.keep(STORY)

    assert records_of(folder)[-1].kind == "response"


# Files


def test_each_utc_day_has_its_file(archive: WarcArchive, folder: Path) -> None:
    for hours in (0, 12, 1, 13):
        archive.keep(replace(STORY, fetched=NOON + timedelta(hours=hours)))

    assert sorted(path.name for path in folder.iterdir()) == ["20260314-00001.warc.gz", "20260315-00001.warc.gz"]
    assert len(list(archive.exchanges())) == 4


def test_a_full_file_is_followed_by_the_next_number(folder: Path) -> None:
    with WarcArchive(folder, file_bytes=2500) as archive:
        for number in range(5):
            archive.keep(replace(STORY, url=f"https://news.example/{number}"))

    sizes = {path.name: path.stat().st_size for path in sorted(folder.iterdir())}
    assert list(sizes) == [f"20260314-0000{number}.warc.gz" for number in range(1, len(sizes) + 1)]
    assert len(sizes) > 1
    assert max(sizes.values()) <= 2500
    assert sum(record.kind == "warcinfo" for record in records_of(folder)) == len(sizes)


def test_a_later_run_of_the_day_goes_on_in_its_file(folder: Path) -> None:
    with WarcArchive(folder) as archive:
        kept = archive.keep(STORY)
    with WarcArchive(folder, {str(kept.file): _end(kept)}) as archive:
        archive.keep(replace(STORY, url="https://news.example/b"))

    assert [path.name for path in folder.iterdir()] == ["20260314-00001.warc.gz"]
    assert [record.kind for record in records_of(folder)].count("warcinfo") == 1


def _end(kept: Kept) -> int:
    assert kept.offset is not None
    assert kept.length is not None
    return kept.offset + kept.length


# Crashes and full disks


def _three_kept(folder: Path) -> list[Kept]:
    with WarcArchive(folder) as archive:
        return [
            archive.keep(replace(STORY, url=f"https://news.example/{number}"), source="hills") for number in range(3)
        ]


@pytest.mark.parametrize("cut", [1, 4, 300])
@pytest.mark.parametrize("known", [0, 1, 2])
def test_a_torn_tail_is_cut_off_and_nothing_else(
    folder: Path, known: int, cut: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """The database may know less than the file holds; whole records stay whether it knows them or not."""
    kept = _three_kept(folder)
    path = folder / str(kept[0].file)
    os.truncate(path, path.stat().st_size - cut)
    committed = {} if known == 0 else {path.name: _end(kept[known - 1])}

    with WarcArchive(folder, committed) as archive:
        uncommitted = [capture[0] for capture in archive.uncommitted()]
        archive.keep(replace(STORY, url="https://news.example/next"))

    assert uncommitted == kept[known:2]
    assert [capture[0].url[-4:] for capture in exchanges(folder, damaged=_fail)] == ["le/0", "le/1", "next"]
    assert checked(path, capsys) == (0, "")


def test_a_gzipped_page_within_a_torn_record_is_not_taken_for_a_record(folder: Path) -> None:
    """A page that came gzipped stands in its record as it came: a whole gzip member inside a torn one."""
    first = _three_kept(folder)[0]
    path = folder / str(first.file)
    with WarcArchive(folder) as archive:
        packed = archive.keep(replace(STORY, wire=gzip.compress(PAGE), headers=(("Content-Encoding", "gzip"),)))
    assert gzip.compress(PAGE, mtime=0)[10:] in path.read_bytes()
    os.truncate(path, _end(packed) - 3)

    with WarcArchive(folder, {path.name: _end(first)}):
        pass

    with path.open("rb") as stream:
        assert path.stat().st_size == whole_end(stream, 0) == packed.offset


def test_whole_records_the_database_does_not_know_stay(folder: Path) -> None:
    """A restored backup of the database knows less than the files hold."""
    kept = _three_kept(folder)

    with WarcArchive(folder, {str(kept[0].file): _end(kept[0])}) as archive:
        assert [capture[::2] for capture in archive.uncommitted()] == [(kept[1], "hills"), (kept[2], "hills")]

    assert [capture[0] for capture in exchanges(folder)] == kept


def test_damage_within_a_file_is_not_taken_for_a_torn_tail(folder: Path) -> None:
    kept = _three_kept(folder)
    path = folder / str(kept[0].file)
    data = bytearray(path.read_bytes())
    data[(kept[1].offset or 0) + 300] ^= 0xFF
    path.write_bytes(data)

    with WarcArchive(folder, {path.name: _end(kept[0])}) as archive:
        following = archive.keep(STORY)

    assert path.read_bytes() == data
    assert following.file == "20260314-00002.warc.gz"


def test_a_file_of_another_database_is_left_alone(folder: Path) -> None:
    """What the database knows ends in the middle of the torn record."""
    kept = _three_kept(folder)
    path = folder / str(kept[0].file)
    os.truncate(path, path.stat().st_size - 1)
    before = path.read_bytes()

    with WarcArchive(folder, {path.name: _end(kept[2]) - 7}) as archive:
        assert archive.keep(STORY).file == "20260314-00002.warc.gz"

    assert path.read_bytes() == before


def test_a_file_shorter_than_the_database_says_is_not_appended_to(folder: Path) -> None:
    kept = _three_kept(folder)
    path = folder / str(kept[0].file)
    os.truncate(path, _end(kept[1]))

    with WarcArchive(folder, {path.name: _end(kept[2])}) as archive:
        assert archive.keep(STORY).file == "20260314-00002.warc.gz"

    assert path.stat().st_size == _end(kept[1])


def test_every_record_has_a_random_uuid_of_its_own(archive: WarcArchive, folder: Path) -> None:
    for _ in range(40):
        archive.keep(STORY, source="news")

    told = [record.fields["warc-record-id"] for record in records_of(folder)]

    ids = [each.removeprefix("<urn:uuid:").removesuffix(">") for each in told]
    assert len(ids) == len(set(ids)) > 80
    assert {(str(UUID(each)), UUID(each).version, UUID(each).variant) for each in ids} == {
        (each, 4, RFC_4122) for each in ids
    }


def test_a_file_with_nothing_whole_is_set_aside_not_emptied(folder: Path) -> None:
    _three_kept(folder)
    path = folder / "20260314-00001.warc.gz"
    os.truncate(path, 20)

    with WarcArchive(folder) as archive:
        assert archive.keep(STORY).file == "20260314-00002.warc.gz"

    assert path.with_name(path.name + ".torn").stat().st_size == 20


def test_a_full_disk_leaves_the_file_as_it_was(archive: WarcArchive, folder: Path) -> None:
    kept = archive.keep(STORY)
    path = folder / str(kept.file)

    with file_size_limit(path.stat().st_size + 700), pytest.raises(ArchiveError) as caught:
        archive.keep(replace(STORY, url="https://news.example/b", wire=os.urandom(5000)))

    assert isinstance(caught.value.__cause__, OSError)
    assert str(caught.value) == f"cannot write {path} (File too large)"
    assert path.stat().st_size == _end(kept)
    after = archive.keep(replace(STORY, url="https://news.example/c"))
    assert [capture[0] for capture in archive.exchanges(_fail)] == [kept, after]


def test_a_file_that_cannot_be_begun_is_not_left_behind(archive: WarcArchive, folder: Path) -> None:
    with file_size_limit(10), pytest.raises(ArchiveError):
        archive.keep(STORY)

    assert list(folder.iterdir()) == []
    kept = archive.keep(STORY)
    assert [capture[0] for capture in archive.exchanges(_fail)] == [kept]
    assert records_of(folder)[0].kind == "warcinfo"


@contextlib.contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond `size` bytes: writes stop short, then fail with EFBIG."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_file_that_was_taken_away_is_told_before_anything_refers_to_it(folder: Path) -> None:
    """Its descriptor would take bytes for ever, and nobody could read them."""
    archive = WarcArchive(folder).__enter__()
    kept = archive.keep(STORY)
    (folder / str(kept.file)).rename(folder / "away.warc.gz")

    with pytest.raises(ArchiveError, match="cannot write"):
        archive.sync()

    with pytest.raises(ArchiveError, match="cannot write"):
        archive.__exit__(None, None, None)


def test_a_folder_that_is_no_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "news.warc").write_text("")

    with pytest.raises(ArchiveError, match=r"cannot use the WARC folder .*news\.warc \(File exists\)"):
        WarcArchive(tmp_path / "news.warc").__enter__()


TORN_WRITER = """
import os, resource, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from scraper.archive import WarcArchive
from scraper.records import Exchange
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
with WarcArchive(Path(sys.argv[1])) as archive:
    noon = datetime(2026, 3, 14, 12, tzinfo=UTC)
    kept = archive.keep(Exchange("https://news.example/0", noon, status=200, wire=b"whole"))
    size = kept.offset + kept.length + int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    archive.keep(Exchange("https://news.example/1", noon, status=200, wire=os.urandom(50_000)))
"""


@pytest.mark.parametrize("torn", [1, 17, 300, 700, 9_000])
def test_a_writer_that_dies_within_a_write_leaves_its_whole_records(
    folder: Path, torn: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """The kernel stops the write after so many bytes, and kills the process at the next one."""
    died = subprocess.run([sys.executable, "-c", TORN_WRITER, str(folder), str(torn)], check=False)
    path = folder / "20260314-00001.warc.gz"
    with path.open("rb") as stream:
        whole = whole_end(stream, 0)
    assert (died.returncode, path.stat().st_size > whole) == (-signal.SIGXFSZ, True), "the injection happened"

    with WarcArchive(folder) as archive:
        after = archive.keep(STORY)

    assert [kept.url for kept, _, _ in exchanges(folder, damaged=_fail)] == ["https://news.example/0", STORY.url]
    assert (after.file, checked(path, capsys)) == (path.name, (0, ""))


WRITER = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from scraper.archive import WarcArchive
from scraper.records import Exchange
noon = datetime(2026, 3, 14, 12, tzinfo=UTC)
with WarcArchive(Path(sys.argv[1])) as archive:
    number = 0
    while True:
        url = f"https://news.example/{os.getpid()}/{number}"
        kept = archive.keep(Exchange(url, noon, status=200, wire=os.urandom(200_000)))
        print(kept.offset + kept.length, flush=True)
        number += 1
"""


def test_twenty_killed_writers_leave_whole_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each is killed with signal 9 while it writes; what it reported as kept is there, and appended to."""
    reported = 0
    for answers in range(20):
        command = [sys.executable, "-c", WRITER, str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            for _ in range(1 + answers % 3):
                writer.stdout.readline()
            writer.kill()
            reported += 1 + answers % 3 + len(writer.stdout.read().splitlines())
        assert writer.returncode == -9

    with WarcArchive(folder):
        found = list(exchanges(folder, damaged=_fail))

    assert reported <= len(found) <= reported + 20
    assert len({kept.url for kept, _, _ in found}) == len(found)
    assert checked(folder / "20260314-00001.warc.gz", capsys) == (0, "")


# Files of others


def _fail(damage: Damage) -> None:
    pytest.fail(str(damage))


def _foreign(version: str, http: list[tuple[str, str]], body: bytes, *, packed: bool = True) -> bytes:
    """Return a response record as warcio writes it."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=packed, warc_version=version)
    record = writer.create_warc_record(
        "https://paper.example/a",
        "response",
        payload=BytesIO(body),
        length=len(body),
        http_headers=StatusAndHeaders("200 OK", http, protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": "2025-02-03T04:05:06Z"},
    )
    writer.write_record(record)
    return out.getvalue()


PLAIN = [("Content-Type", "text/html")]
FOREIGN = Exchange(
    "https://paper.example/a", datetime(2025, 2, 3, 4, 5, 6, tzinfo=UTC), (), 200, "OK", tuple(PLAIN), PAGE
)


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_file_of_another_crawler_is_read(tmp_path: Path, version: str, packed: bool) -> None:
    path = tmp_path / "theirs.warc.gz"
    path.write_bytes(_foreign(version, PLAIN, PAGE, packed=packed) * 2)

    found = list(exchanges(path, damaged=_fail))

    assert [(exchange, source) for _, exchange, source in found] == [(FOREIGN, None)] * 2
    kept = found[1][0]
    assert (kept.file, kept.digest) == (str(path), digest_of(PAGE))
    assert WarcArchive(tmp_path).read(path.name, kept.offset or 0) == FOREIGN


def test_one_gzip_over_all_records_is_read_without_offsets(tmp_path: Path) -> None:
    path = tmp_path / "theirs.warc.gz"
    path.write_bytes(gzip.compress(_foreign("1.0", PLAIN, PAGE, packed=False) * 3))

    found = list(exchanges(path, damaged=_fail))

    assert [(kept.offset, exchange) for kept, exchange, _ in found] == [(None, FOREIGN)] * 3


def test_a_chunked_body_is_joined(tmp_path: Path) -> None:
    headers = [*PLAIN, ("Transfer-Encoding", "chunked")]
    path = tmp_path / "theirs.warc.gz"
    chunked = b"a\r\n" + PAGE[:10] + b"\r\n%x\r\n" % len(PAGE[10:]) + PAGE[10:] + b"\r\n0\r\n\r\n"
    path.write_bytes(_foreign("1.0", headers, chunked) + _foreign("1.0", headers, PAGE))

    wires = [exchange.wire for _, exchange, _ in exchanges(path, damaged=_fail)]

    assert wires == [PAGE, PAGE], "a body said to be chunked that is not comes as it is"


def test_an_arc_file_is_read(tmp_path: Path) -> None:
    answer = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE
    line = b"https://paper.example/a 192.0.2.7 20250203040506 text/html %d\n" % len(answer)
    head = b"1 0 InternetArchive\nURL IP-address Archive-date Content-type Archive-length\n\n"
    first = b"filedesc://a.arc 0.0.0.0 20250203040506 text/plain %d\n" % len(head) + head
    path = tmp_path / "a.arc.gz"
    path.write_bytes(gzip.compress(first) + gzip.compress(line + answer + b"\n"))

    assert [exchange for _, exchange, _ in exchanges(path, damaged=_fail)] == [FOREIGN]


def test_a_revisit_before_its_original_comes_last_and_whole(tmp_path: Path) -> None:
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.0")
    revisit = writer.create_revisit_record(
        "https://paper.example/b",
        digest_of(PAGE),
        "https://paper.example/a",
        "2025-02-03T04:05:06Z",
        http_headers=StatusAndHeaders("200 OK", PLAIN, protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": "2025-02-04T00:00:00Z"},
    )
    writer.write_record(revisit)
    (tmp_path / "1.warc.gz").write_bytes(out.getvalue())
    (tmp_path / "2.warc.gz").write_bytes(_foreign("1.0", PLAIN, PAGE))

    found = [(kept.file, exchange.url, exchange.wire) for kept, exchange, _ in exchanges(tmp_path, damaged=_fail)]

    assert found == [("2.warc.gz", FOREIGN.url, PAGE), ("1.warc.gz", "https://paper.example/b", PAGE)]


def test_a_revisit_that_leads_to_another_page_is_not_given_its_body(folder: Path) -> None:
    changed = replace(STORY, wire=b"changed")
    with WarcArchive(folder) as archive:
        other = archive.keep(replace(STORY, url="https://news.example/other"))
    wrong = replace(other, url=STORY.url, digest=digest_of(changed.wire))
    damages: list[Damage] = []

    with WarcArchive(folder, earlier={STORY.url: wrong}.get) as archive:
        kept = archive.keep(changed)

        with pytest.raises(ArchiveError, match="the page repeated at byte"):
            archive.read(str(kept.file), kept.offset or 0)
        assert [found for found, _, _ in archive.exchanges(damages.append)] == [other]
    assert [damage.reason for damage in damages] == [f"its original is not here: {STORY.url}"]


def test_a_revisit_without_its_original_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "1.warc.gz"
    _, answer = exchange_members(STORY, "sha1:ABC", source=None, original=Kept(STORY.url, NOON, 200, 1))
    path.write_bytes(answer)
    damages: list[Damage] = []

    assert list(exchanges(path, damaged=damages.append)) == []
    assert damages == [Damage(str(path), 0, f"its original is not here: {STORY.url}")]


def _damaged_copy(data: bytes, where: str) -> bytes:
    third = len(data) // 3
    match where:
        case "cut short":
            return data[:-10]
        case "bits flipped":
            return (
                data[: third + 200]
                + bytes(byte ^ 0xFF for byte in data[third + 200 : third + 210])
                + data[third + 210 :]
            )
        case "bytes missing":
            return data[: third + 100] + data[third + 150 :]
        case "rubbish between":
            return data[:third] + b"\x1f\x8b\x08rubbish" * 10 + data[third:]
        case _:
            return data + bytes(512)


@pytest.mark.parametrize(
    "where,left",
    [("cut short", 2), ("bits flipped", 2), ("bytes missing", 2), ("rubbish between", 3), ("zeros after", 3)],
)
def test_what_can_be_read_of_a_damaged_file_is_read_and_the_loss_reported(
    tmp_path: Path, where: str, left: int
) -> None:
    path = tmp_path / "theirs.warc.gz"
    path.write_bytes(_damaged_copy(_foreign("1.0", PLAIN, PAGE) * 3, where))
    damages: list[Damage] = []

    found = [exchange for _, exchange, _ in exchanges(path, damaged=damages.append)]

    assert found == [FOREIGN] * left
    assert [damage.file for damage in damages] == [str(path)]


@pytest.mark.parametrize("where,left", [("cut short", 2), ("rubbish between", 3), ("zeros after", 3)])
def test_a_plain_file_is_read_past_its_damage_too(tmp_path: Path, where: str, left: int) -> None:
    path = tmp_path / "theirs.warc"
    path.write_bytes(_damaged_copy(_foreign("1.0", PLAIN, PAGE, packed=False) * 3, where))
    damages: list[Damage] = []

    found = [exchange for _, exchange, _ in exchanges(path, damaged=damages.append)]

    assert (found, len(damages)) == ([FOREIGN] * left, 1)


@given(st.binary(max_size=400), st.integers(0, 900))
def test_no_file_raises(tmp_path_factory: pytest.TempPathFactory, rubbish: bytes, at: int) -> None:
    path = tmp_path_factory.mktemp("w") / "x.warc.gz"
    data = _foreign("1.0", PLAIN, PAGE, packed=len(rubbish) % 2 == 0)
    path.write_bytes(data[:at] + rubbish + data[at:])

    for _, exchange, _ in exchanges(path, damaged=lambda _: None):
        assert isinstance(exchange, Exchange)


def test_a_record_too_large_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scraper.warc.warcread.RECORD_BYTES", 1000)
    small, large = (_foreign("1.0", PLAIN, body) for body in (PAGE, bytes(5000)))
    path = tmp_path / "theirs.warc.gz"
    path.write_bytes(small + large + small)
    damages: list[Damage] = []

    assert [exchange for _, exchange, _ in exchanges(path, damaged=damages.append)] == [FOREIGN, FOREIGN]
    assert damages == [Damage(str(path), len(small), f"more than 1000 bytes, {len(large)} bytes lost")]


@pytest.mark.parametrize("text", ["20260302060504", "2026-03-02T06:05:04Z", "2026-03-02T06:05:04.000000999Z"])
def test_an_instant_is_read_however_exactly_it_is_written(text: str) -> None:
    """ARC's fourteen digits, and WARC/1.1's nanoseconds."""
    assert instant_from(text) == datetime(2026, 3, 2, 6, 5, 4, tzinfo=UTC)


def test_a_place_without_an_answer_is_an_archive_error(archive: WarcArchive) -> None:
    kept = archive.keep(STORY)

    with pytest.raises(ArchiveError, match="no answer at byte 5 of"):
        archive.read(str(kept.file), 5)
    with pytest.raises(ArchiveError, match="no answer at byte 0 of"):
        archive.read("20260101-00001.warc.gz", 0)
