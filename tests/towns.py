"""Several small sites on loopback, declared in source files, and what archives of them hold."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from newsroom import Newsroom, story_page
from scraper.cli.context import Context
from scraper.cli.rooms import Terms, harvested
from scraper.config import Settings, source_from
from scraper.errand import Plan
from servers import answer, silence

SOURCE = """\
key = "{key}"
home = "{home}"
timezone = "Asia/Bishkek"
story = '{home}story-[a-z0-9-]+'
discover = [{{ listing = "{home}latest" }}]
limits = {{ gap_s = 0.1, retry_wait_s = 0.01 }}
"""
STORIES = ("flood", "storm", "thaw", "hail", "frost", "fog")
KEYS = ("north", "south", "east")


@dataclass(eq=False)
class Town:
    """Three sites with six stories each, one of them marked noarchive; a tenth of a second between two requests."""

    folder: Path
    rooms: dict[str, Newsroom] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self._open = ExitStack()
        for key in KEYS:
            room = self.rooms[key] = self._open.enter_context(Newsroom(self.folder))
            room.publish(*STORIES)
            page = story_page("Fog closes the lower streets of the town", "Word of the fog spread early on.",
                              marquee="TMT/USD = 0.28570 0%")
            room.site.answers["/story-fog"] = answer(page, X_Robots_Tag="noarchive")
            (self.folder / f"{key}.toml").write_text(SOURCE.format(key=key, home=room.site.url("/")), "utf-8")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    @property
    def db(self) -> Path:
        """Return the archive of an ordinary harvest."""
        return self.folder / "news.db"

    def harvest(self) -> None:
        """Harvest all of them here."""
        sources = [source_from(self.folder / f"{key}.toml") for key in KEYS]
        context = Context(Settings(db=self.db), self.folder, -1, debug=False)
        harvested(context, sources, Plan(), Terms(private=("127.0.0.1",)))

    @property
    def options(self) -> list[str]:
        """Return what makes a harvest ask these sites, in silence."""
        files = [f"--source-file={self.folder / key}.toml" for key in KEYS]
        return [*files, "--allow-private=127.0.0.1"]

    @contextmanager
    def silenced(self) -> Iterator[None]:
        """Let one site say nothing for a while where its last story should be."""
        answers = self.rooms["north"].site.answers
        page = answers["/story-flood"]
        answers["/story-flood"] = silence
        try:
            yield
        finally:
            answers["/story-flood"] = page

    def paths(self) -> list[str]:
        """Return what was asked for, at whichever site."""
        return [request.path for room in self.rooms.values() for request in room.site.requests]

    def asked(self) -> int:
        """Return how many requests came."""
        return len(self.paths())

    def forget_what_was_asked(self) -> None:
        """Begin to count anew."""
        for room in self.rooms.values():
            room.site.requests.clear()


def told(db: Path) -> list[tuple[object, ...]]:
    """Return what an archive says, the time of day left out."""
    return rows(db, """
        SELECT 'article', id, source, url, headline, body, published, revision FROM articles
        UNION ALL SELECT 'image', article_id, position, url, alt, caption, credit, role FROM images
        UNION ALL SELECT 'address', article_id, url, NULL, NULL, NULL, NULL, NULL FROM article_urls
        UNION ALL SELECT 'rate', source, label, rate_text, change_text, NULL, NULL, NULL
        FROM quotes JOIN pairs ON pairs.id = pair_id
        ORDER BY 1, 2, 3, 4
    """)


def captures(db: Path) -> list[tuple[object, ...]]:
    """Return how often the bytes of each story are kept."""
    return rows(db, "SELECT url, count(*) FROM fetches WHERE url LIKE '%/story-%' AND file IS NOT NULL GROUP BY url")


def rows(db: Path, sql: str) -> list[tuple[object, ...]]:
    """Return what a question brings."""
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(sql).fetchall()
