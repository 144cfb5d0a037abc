"""`scraper demo`: what a newcomer sees first."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from ceilings import HANG_S
from scraper.store import Store


def demo(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the demo in `folder`."""
    args = [sys.executable, "-m", "scraper", "demo"]
    return subprocess.run(args, cwd=folder, text=True, capture_output=True, timeout=HANG_S, check=False)


def test_the_demo_shows_the_main_job_over_four_days(tmp_path: Path) -> None:
    """Rates move, a story is corrected, one is withdrawn, one was never there."""
    process = demo(tmp_path)

    assert process.returncode == 0
    assert process.stdout.count("scraper harvest\n") == 4
    assert "Nine centimetres" in process.stdout.split("-- what two sites took")[1]
    assert "Apricot" in process.stdout.split("-- what was corrected")[1]
    assert "Steppe Radio" in process.stdout.split("-- what was withdrawn")[1]
    assert set(process.stderr.splitlines()) == {line for line in process.stderr.splitlines() if "404 Not Found" in line}
    with Store.reading(tmp_path / "demo" / "news.db") as store:
        assert [dict(row) for row in store.rows("SELECT count(*) AS articles FROM articles")] == [{"articles": 14}]
        assert store.rows("SELECT reason FROM article_versions") != []


def test_a_second_demo_replaces_the_first(tmp_path: Path) -> None:
    """It can be run as often as one likes, with the same result."""
    first, second = (re.sub(r":\d\dZ", "Z", demo(tmp_path).stdout) for _ in range(2))  # its clock goes on while it runs

    assert second == first


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    """The demo takes away only what a demo made."""
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "news.db").write_text("mine")

    process = demo(tmp_path)

    assert process.returncode == 2
    assert process.stderr.count("\n") == 1
    assert (tmp_path / "demo" / "news.db").read_text() == "mine"
