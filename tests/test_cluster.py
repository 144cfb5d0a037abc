"""Past one machine: a Dask cluster whose workers are killed gives what an undisturbed machine gives."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from ceilings import HANG_S
from farms import Farm, wait_until
from scraper.cluster import Cluster
from scraper.errors import ConfigError
from scraper.extracting.job import settle
from scraper.extracting.shard import Job, extract_shard
from scraper.shards import shards_from
from shardmaking import parts, shards
from towns import STORIES, Town, captures, rows, told


@pytest.fixture(scope="module")
def _farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Farm]:
    with Farm(tmp_path_factory.mktemp("farm")) as farm:
        yield farm


@pytest.fixture
def farm(_farm: Farm) -> Farm:
    """A scheduler and two workers; one that a test has killed is replaced."""
    _farm.fill()
    return _farm


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Five WARC files."""
    return shards(tmp_path_factory.mktemp("files"), 5, 8)


@pytest.fixture(scope="module")
def whole(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Their parts, as one worker on this machine makes them."""
    folder = tmp_path_factory.mktemp("whole")
    job = Job(folder / "out")
    settle(job.folder)
    for shard in shards_from([str(file) for file in files]):
        extract_shard(shard, job)
    return parts(job.folder)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Three sites with six stories each, whose source files ask for a little patience."""
    with Town(tmp_path_factory.mktemp("town")) as town:
        yield town


@pytest.fixture(scope="module")
def news(town: Town) -> Path:
    """The archive of an ordinary harvest of them."""
    town.harvest()
    return town.db


def scraper(*args: object) -> subprocess.Popen[str]:
    """Start the program."""
    return subprocess.Popen([sys.executable, "-m", "scraper", *map(str, args)], text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)  # fmt: skip


def done(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Wait for the program's end; return its code and what it complained of."""
    _, complaints = process.communicate(timeout=HANG_S)
    return process.returncode, complaints


def under_way(command: Sequence[object], far: Callable[[], bool]) -> subprocess.Popen[str]:
    """Start the program, and return when it has come so far, or has ended before."""
    process = scraper(*command)
    wait_until(lambda: far() or process.poll() is not None)
    return process


def extraction(folder: Path, farm: Farm, files: list[Path]) -> list[object]:
    """Return the arguments of an extraction of these files on the farm."""
    return ["extract", *files, "-o", folder, "--dask", farm.address]


def extracted(folder: Path, count: int) -> Callable[[], bool]:
    """Return what tells whether so many files are done."""
    return lambda: len([*folder.glob("shards/*.json")]) >= count


def test_an_extraction_whose_worker_is_killed_gives_the_same_parts(
    tmp_path: Path, farm: Farm, files: list[Path], whole: dict[str, bytes]
) -> None:
    process = under_way(extraction(tmp_path / "out", farm, files), extracted(tmp_path / "out", 1))

    farm.kill_one()

    assert done(process) == (0, "")
    assert parts(tmp_path / "out") == whole


def test_an_extraction_killed_as_a_whole_is_gone_on_with(
    tmp_path: Path, farm: Farm, files: list[Path], whole: dict[str, bytes]
) -> None:
    process = under_way(extraction(tmp_path / "out", farm, files), extracted(tmp_path / "out", 2))

    process.kill()
    process.communicate()

    assert done(scraper(*extraction(tmp_path / "out", farm, files))) == (0, "")
    assert parts(tmp_path / "out") == whole


def test_a_scheduler_that_is_not_there_is_a_line(tmp_path: Path, files: list[Path]) -> None:
    assert done(scraper("extract", *files, "-o", tmp_path / "out", "--dask", "tcp://127.0.0.1:9")) == (
        1, "scraper: no Dask scheduler answers: tcp://127.0.0.1:9\n")


@pytest.mark.parametrize("address", ["nonsense://x", "tcp://", ""])
def test_an_address_that_is_none_is_an_error_of_use(address: str) -> None:
    with pytest.raises(ConfigError, match="is no address of a scheduler"), Cluster(address):
        pass


def harvest(folder: Path, farm: Farm, town: Town, *options: str) -> list[object]:
    """Return the arguments of a harvest of the town on the farm."""
    return ["-q", "-d", folder / "news.db", "harvest", *town.options, "--dask", farm.address, *options]


def six_more(town: Town) -> Callable[[], bool]:
    """Return what tells whether the town was asked for more than six pages from now on."""
    before = town.asked()
    return lambda: town.asked() - before > 6


def test_a_harvest_whose_worker_is_killed_gives_the_same_rows(
    tmp_path: Path, farm: Farm, town: Town, news: Path
) -> None:
    process = under_way(harvest(tmp_path, farm, town), six_more(town))

    farm.kill_one()

    assert done(process) == (0, "")
    assert told(tmp_path / "news.db") == told(news)
    assert captures(tmp_path / "news.db") == captures(news)


def test_a_harvest_killed_as_a_whole_is_gone_on_with(
    tmp_path: Path, farm: Farm, town: Town, news: Path
) -> None:
    process = under_way(harvest(tmp_path, farm, town), six_more(town))

    process.kill()
    process.communicate()

    assert done(scraper(*harvest(tmp_path, farm, town))) == (0, "")
    assert told(tmp_path / "news.db") == told(news)
    assert captures(tmp_path / "news.db") == captures(news)


def test_a_dealt_harvest_asks_for_nothing_twice_and_is_a_whole_archive(
    tmp_path: Path, farm: Farm, town: Town
) -> None:
    assert done(scraper(*harvest(tmp_path, farm, town))) == (0, "")
    town.forget_what_was_asked()

    assert done(scraper(*harvest(tmp_path, farm, town))) == (0, "")

    assert [path for path in town.paths() if "story" in path] == []
    assert done(scraper("-d", tmp_path / "news.db", "db", "verify")) == (0, "no faults\n")


def test_a_signal_ends_a_dealt_harvest_and_the_next_takes_in_what_it_fetched(
    tmp_path: Path, farm: Farm, town: Town, news: Path
) -> None:
    """One site stops answering at its last story: no harvest ends before its signal."""
    with town.silenced():
        process = under_way(harvest(tmp_path, farm, town), six_more(town))
        process.terminate()
        assert done(process)[0] == 128 + signal.SIGTERM

    assert done(scraper(*harvest(tmp_path, farm, town))) == (0, "")
    assert {count for _, count in captures(tmp_path / "news.db")} == {1}
    assert len(captures(tmp_path / "news.db")) == 15
    assert told(tmp_path / "news.db") == told(news)


def test_a_deadline_ends_a_dealt_harvest_and_the_next_goes_on(
    tmp_path: Path, farm: Farm, town: Town, news: Path
) -> None:
    """One site stops answering at its last story; what was sent is kept, and only what was under way is asked again."""
    town.forget_what_was_asked()
    with town.silenced():
        code, _ = done(scraper(*harvest(tmp_path, farm, town, "--deadline", "6")))

    assert code in (0, 3)  # 3 where a site was not reached in time
    assert rows(tmp_path / "news.db", "SELECT interrupted FROM runs") == [("a signal or the deadline",)]
    assert done(scraper(*harvest(tmp_path, farm, town))) == (0, "")
    assert told(tmp_path / "news.db") == told(news)
    for room in town.rooms.values():
        asked = Counter(path for path in room.site.paths if "story" in path)
        assert asked.keys() == {f"/story-{name}" for name in STORIES}
        assert asked.total() <= len(STORIES) + 1


def test_what_is_forgotten_comes_back_by_no_share(tmp_path: Path, farm: Farm, town: Town) -> None:
    story = town.rooms["north"].site.url("/story-hail")
    assert done(scraper(*harvest(tmp_path, farm, town))) == (0, "")
    assert done(scraper("-q", "-d", tmp_path / "news.db", "forget", "--yes", story)) == (0, "")
    town.forget_what_was_asked()

    assert done(scraper(*harvest(tmp_path, farm, town))) == (0, "")

    assert (len(captures(tmp_path / "news.db")), "/story-hail" in town.paths()) == (14, False)
    shares = [*(tmp_path / "news.warc" / "shares").glob("*.db")]
    assert [story in str(told(share)) for share in shares] == [False] * len(shares)
