"""The memory of a long run: ten thousand stories from one site over loopback, in one harvest.

    python bench/soak.py [--pages 10000]

Printed every thousand stories: the sum of Pss over the run's processes (the harvest and its readers, shared pages
counted once), in MiB, the median of the samples around; at the end the greatest of all samples, and the ratio of the
last to the first. Pages are written: 20 to 100 paragraphs of random words, 15 to 90 KB, a marquee; the site answers as
fast as it is asked.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from statistics import median

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from costs import pss_mib
from newsroom import listing_page, story_page
from servers import Answer, Site, answer

ON_A_PAGE = 100  # stories of a listing page
SOURCE = """\
key = "soak"
home = "{home}"
timezone = "Asia/Bishkek"
story = '{home}story-\\d+'
discover = [{{ listing = "{home}latest", pages = "?page={{n}}" }}]
limits = {{ gap_s = 0, pages = {listings}, stories = {pages} }}
"""


class Pages(dict[str, Answer]):
    """Every listing page and every story, written when it is asked for; `told` is how many stories were."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count, self.told = count, 0
        dice = Random(3)
        words = ["".join(dice.choices("aeinorstlkmdu", k=dice.randint(2, 11))) for _ in range(5000)]
        self.texts = [" ".join(dice.choices(words, k=120)).capitalize() + "." for _ in range(400)]

    def get(self, path: str, default: Answer | None = None) -> Answer | None:  # type: ignore[override]
        """Return the answer to a path."""
        if path.startswith("/story-"):
            self.told += 1
            return answer(self._story(int(path.removeprefix("/story-"))))
        if path.startswith("/latest"):
            return answer(self._listing(int(path.partition("=")[2] or 1)))
        return default

    def _story(self, number: int) -> bytes:
        dice = Random(number)
        text = "</p><p>".join(dice.choices(self.texts, k=dice.randint(20, 100)))
        return story_page(f"Story {number} of the town: {dice.choice(self.texts)[:40]}", text)

    def _listing(self, page: int) -> bytes:
        numbers = range((page - 1) * ON_A_PAGE, min(page * ON_A_PAGE, self.count))
        return listing_page((f"/story-{number}", f"Story {number} of the town and its river") for number in numbers)


def main() -> None:
    """Harvest the site and print what its run weighed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=10_000)
    pages = Pages(parser.parse_args().pages)
    samples: list[tuple[int, float]] = []
    with tempfile.TemporaryDirectory() as folder, Site(pages) as site:
        declared = Path(folder) / "soak.toml"
        listings = pages.count // ON_A_PAGE + 2
        declared.write_text(SOURCE.format(home=site.url("/"), listings=listings, pages=pages.count))
        args = [sys.executable, "-m", "scraper", "-d", f"{folder}/news.db", "harvest", "--source-file", str(declared)]
        began = time.monotonic()
        process = subprocess.Popen([*args, "--allow-private", "127.0.0.1"])
        while process.poll() is None:
            time.sleep(0.5)
            site.requests.clear()
            if pages.told < pages.count and (weight := pss_mib(process.pid)):  # its readers end with the last story
                samples.append((pages.told, weight))
        took = time.monotonic() - began
        stored = (Path(folder) / "news.db").stat().st_size
    report(samples, pages.count)
    print(f"{pages.told} stories in {took:.0f} s, exit code {process.returncode}, news.db {stored / 2**20:.0f} MiB")


def report(samples: list[tuple[int, float]], pages: int) -> None:
    """Print the weight at every tenth, and how the last compares with the first."""
    step, weights = pages // 10, []
    for at in range(step, pages + 1, step):
        nearest = sorted(samples, key=lambda sample: abs(sample[0] - at))[:5]
        weights.append(median(weight for _, weight in nearest))
        print(f"{at:6} stories  {weights[-1]:6.0f} MiB")
    print(f"greatest {max(weight for _, weight in samples):.0f} MiB; last / first {weights[-1] / weights[0]:.2f}")


if __name__ == "__main__":
    main()
