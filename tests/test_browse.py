"""`scraper serve`: the archive as a reader and an analyst see it."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from archives import KGS, NOON, SITE, STORY, response_to, saved
from browsing import asked, demo_archive, served
from ceilings import HANG_S
from newsroom import Newsroom, story_page
from scraper.browse.metadata import metadata_from
from scraper.records import Page
from scraper.store import Store
from servers import answer

APRICOT = "Apricot Exchange Opens With a Bell and a Broken Scale"


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_archive(tmp_path_factory.mktemp("browse"))


@pytest.fixture(scope="module")
def home(db: Path) -> Iterator[str]:
    with served(db) as home:
        yield home


SITE_FILE = """\
key = "newsroom"
home = "{home}"
timezone = "Asia/Bishkek"
story = '{home}story-[a-z0-9-]+'
discover = [{{ listing = "{home}latest" }}]
limits = {{ gap_s = 0, retry_wait_s = 0.01, read_s = 10, url_s = 20 }}
"""


def ran(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder and return what it printed."""
    return subprocess.run([sys.executable, *command], cwd=folder, text=True, capture_output=True, timeout=HANG_S)


def story_of(db: Path, headline: str) -> int:
    with Store.reading(db) as store:
        number = store.rows("SELECT id FROM articles WHERE headline LIKE ?", (f"{headline}%",))[0]["id"]
    assert isinstance(number, int)
    return number


def headlines(page: str) -> list[str]:
    return re.findall(r'class="headline" href="[^"]+">([^<]+)<', page)


def test_the_front_page_has_the_newest_stories_first(home: str, db: Path) -> None:
    with Store.reading(db) as store:
        newest = [row["headline"] for row in store.newest(30)]

    page = asked(f"{home}/").text

    assert [each.replace("&#39;", "'") for each in headlines(page)] == newest
    assert re.search(r"ORK/USD</td><td class=\"number\">0\.10811<", page)


def test_the_front_page_goes_on_before_a_story(home: str, db: Path) -> None:
    page = asked(f"{home}/?before={story_of(db, APRICOT)}").text

    assert APRICOT not in page
    assert "Kite makers of two towns agree on a wind" in page


@pytest.mark.parametrize("spelling", ["so'm", "so‘m", "soʻm", "soʼm", "so`m", '"so\'m"'])
def test_the_search_finds_every_spelling_of_an_apostrophe(home: str, spelling: str) -> None:
    page = asked(f"{home}/-/search?q={quote(spelling)}").text

    assert len(headlines(page)) == 2
    assert re.search(r"<mark>so.m", page)


def test_the_best_match_has_the_words_in_its_headline(home: str) -> None:
    assert headlines(asked(f"{home}/-/search?q=melon").text)[0] == "The Melon Express Crosses the Pass"


HOSTILE = ["", '"', "'", "NEAR(", "a AND", "*", "headline:", "^", "\x00", "{a b}:", "-", "x" * 9000]


@pytest.mark.parametrize("query", HOSTILE)
def test_a_hostile_search_is_answered(home: str, query: str) -> None:
    assert asked(f"{home}/-/search?q={quote(query)}").status == 200


def test_a_story_reads_like_an_article(home: str, db: Path) -> None:
    page = asked(f"{home}/-/story/{story_of(db, 'The Melon Express')}").text

    assert '<h1 lang="en-US" dir="ltr">The Melon Express Crosses the Pass</h1>' in page
    assert '<p class="byline" lang="en-US" dir="ltr">by Aziza Karvon</p>' in page
    assert "6 October 2025, 09:20 (Asia/Bishkek)</time> · 2025-10-06 03:20 UTC" in page
    assert "<h2>Eleven wagons, one problem</h2>" in page
    assert "The first wagons are loaded at Kamarband on Sunday evening" in page
    assert '<span class="credit">Silkroad Times</span>' in page
    assert re.search(r'name=melons" dir="auto">melons</a>', page)
    assert re.search(r'id="original" href="http://127\.0\.0\.1:\d+/the-melon-express-crosses-the-pass/"', page)
    assert re.search(r"<td>\d{8}-\d+\.warc\.gz</td><td class=\"number\">\d+</td>", page)


def test_a_corrected_story_shows_what_was_changed(home: str, db: Path) -> None:
    number = story_of(db, APRICOT)

    assert "2 versions" in asked(f"{home}/-/story/{number}").text
    assert "<del>120</del> <ins>12</ins> tonnes" in asked(f"{home}/-/story/{number}/versions").text


def test_a_search_is_narrowed_to_an_outlet_and_to_days(home: str) -> None:
    """What is narrowed comes newest first; what is no day narrows nothing."""
    of_one, of_days, of_no_day = (
        headlines(asked(f"{home}/-/search?q=tunnel{more}").text)
        for more in ("&source=qovun", "&since=2025-10-06&until=2025-10-07", "&until=soon"))

    assert of_one == ["Nine centimetres: two tunnels meet under the Olis pass"]
    assert of_days == ["Two Tunnels Meet Under the Pass, Nine Centimetres Apart", "The Melon Express Crosses the Pass"]
    assert len(of_no_day) == 3


def test_a_search_goes_on_where_the_newest_end(tmp_path: Path) -> None:
    db = tmp_path / "news.db"
    with Store.open(db) as store:
        for number in range(53):
            saved(store, replace(STORY, url=f"https://site.example/{number}/", body=f"Snow {number}.\n\n{STORY.body}"),
                  NOON + timedelta(minutes=number))
    with served(db) as home:
        first = asked(f"{home}/-/search?q=snow&source=site").text
        (rest,) = re.findall(r'rel="next" href="([^"]+)"', first)
        second = asked(f"{home}/-/search{rest.replace('&amp;', '&')}").text

    assert (len(headlines(first)), len(headlines(second))) == (50, 3)
    assert 'rel="next"' not in second


def test_a_story_without_a_date_stands_on_the_front_page(tmp_path: Path) -> None:
    """Beside dated ones: days and their absence could not be put in order, and the page was an error."""
    db = tmp_path / "news.db"
    with Store.open(db) as store:
        saved(store, STORY)
        saved(store, replace(STORY, url="https://site.example/b/", headline="Nobody knows when", published=None))
    with served(db) as home:
        page = asked(f"{home}/").text

    assert sorted(headlines(page)) == ["Nobody knows when", "Pass closed"]
    assert re.findall("<h2>(.+)</h2>", page) == [
        '<time datetime="2026-03-02">Monday, 2 March 2026</time>', "No date"]


def test_a_text_that_runs_from_right_to_left_does_so_and_ours_does_not(tmp_path: Path) -> None:
    """Its full stops stood at the wrong end, and a screen reader read our words in its language."""
    db, headline = tmp_path / "news.db", "دریاچه دوباره پر شد (120 km)."
    with Store.open(db) as store:
        number = saved(store, replace(STORY, headline=headline, language="fa")).article_id
    with served(db) as home:
        story, front, found = (asked(f"{home}{path}").text for path in (
            f"/-/story/{number}", "/", f"/-/search?q={quote('دریاچه')}"))

    assert all('<html lang="en">' in page for page in (story, front, found))
    assert f'<h1 lang="fa" dir="rtl">{headline}</h1>' in story
    assert '<div class="body" lang="fa" dir="rtl">' in story
    assert '<h3 lang="fa" dir="rtl"><a class="headline"' in front
    assert '<h2 lang="fa" dir="rtl"><a class="headline"' in found


@pytest.mark.parametrize("path", [
    "/news", "/news/articles", "/news/edits", "/news/sections_by_week?source=", "/-/dashboards", "/-/dashboards/rates",
])
def test_a_page_of_datasette_says_its_language_and_leads_everywhere(home: str, path: str) -> None:
    """For a screen reader, and for who does not know that three bars are a menu."""
    page = asked(home + path).text

    assert '<html lang="en">' in page
    assert page.count("<main>") == 1
    assert {"/", "/-/search", "/news", "/-/dashboards"} <= set(re.findall('<li><a href="([^"]+)">', page))


def test_a_query_is_called_by_its_title_and_shows_its_rows_first(home: str) -> None:
    page = asked(f"{home}/news/sections_by_week?source=qovun").text

    assert "<title>Stories per section and week</title>" in page
    assert "GROUP BY week" not in re.sub("<input[^>]*>", "", page)
    assert re.findall(r'<td class="col-section[^"]*">(.+?)</td>', page) == ["Jamiyat", "Review", "Society"]


def test_a_dashboard_without_scripts_says_where_its_numbers_are(home: str) -> None:
    assert "<noscript><p" in asked(f"{home}/-/dashboards/rates").text
    assert "<noscript>" not in asked(f"{home}/-/dashboards").text


def test_a_page_that_is_not_there_leads_home(home: str) -> None:
    page = asked(f"{home}/nosuch")

    assert page.status == 404
    assert '<a href="/" id="home">Latest stories</a>' in page.text


def test_a_story_that_is_not_there_is_a_404(home: str) -> None:
    assert asked(f"{home}/-/story/7").status == 404
    assert asked(f"{home}/-/story/7/versions").status == 404


@pytest.mark.parametrize("table", ["articles", "latest_stories", "edits", "edited_articles"])
def test_a_headline_leads_to_its_story(home: str, table: str) -> None:
    page = asked(f"{home}/news/{table}").text

    assert re.search(r'<td class="col-headline[^"]*"><a href="/-/story/\d+">', page)


def test_the_search_of_datasette_itself_narrows_the_table(home: str) -> None:
    rows = json.loads(asked(f"{home}/news/articles.json?_search=so%27m&_shape=array").text)

    assert len(rows) == 2


def test_facets_are_sources_languages_and_sections_never_dates(home: str) -> None:
    facets = json.loads(asked(f"{home}/news/articles.json").text)

    assert set(facets["facet_results"]) == {"source", "language", "section"}
    assert facets["suggested_facets"] == []


def test_every_table_view_and_column_that_is_shown_is_described(home: str, db: Path) -> None:
    with Store.reading(db) as store:
        tables = metadata_from(store)["databases"]["news"]["tables"]
        shown = json.loads(asked(f"{home}/news.json").text)
        names = [each["name"] for each in (*shown["tables"], *shown["views"]) if not each.get("hidden")]
        bare = {(name, column) for name in names for column, about in tables[name]["columns"].items() if not about}

    assert bare == set()
    assert len(tables["articles"]["columns"]) > 20
    assert all(tables[name]["description"] for name in names)
    assert {"observations", "robots", "warc_files", "_sqlite_migrations", "articles_fts"}.isdisjoint(names)


def test_every_query_is_described(db: Path) -> None:
    with Store.reading(db) as store:
        queries = metadata_from(store)["databases"]["news"]["queries"]

    assert {name for name, each in queries.items() if not (each["title"] and each["description"])} == set()


def test_every_chart_is_of_the_kind_that_puts_no_markup_into_the_page(db: Path) -> None:
    with Store.reading(db) as store:
        dashboards = metadata_from(store)["plugins"]["datasette-dashboards"]

    assert {"rates", "stories", "edits", "coverage", "health"} == set(dashboards)
    assert {chart["library"] for each in dashboards.values() for chart in each["charts"].values()} == {"vega-lite"}


def test_no_page_may_load_anything_from_elsewhere(home: str) -> None:
    policies = {asked(f"{home}{path}").headers["content-security-policy"].split(";")[0]
                for path in ("/", "/-/search", "/news", "/-/dashboards/rates")}

    assert policies == {"default-src 'none'", "default-src 'self'"}


def test_the_archive_cannot_be_written_to_or_taken_while_it_grows(home: str) -> None:
    assert asked(f"{home}/news.json?sql=delete+from+articles").status == 400
    assert asked(f"{home}/news.db").status == 403


def every_address(home: str, db: Path) -> list[str]:
    """Return each table, view, query and chart of the archive, and our own pages."""
    with Store.reading(db) as store:
        told = metadata_from(store)
    shown = json.loads(asked(f"{home}/news.json?_show_hidden=1").text)
    queries = told["databases"]["news"]["queries"]
    dashboards = told["plugins"]["datasette-dashboards"]
    values = {"words": "apricot", "headline": "Apricot", "day": "2025-10-07"}
    return [
        "/", "/-/search?q=river", "/-/dashboards", "/news",
        *(f"/news/{each['name']}" for each in (*shown["tables"], *shown["views"])),
        *(f"/news/{name}.json?" + "&".join(f"{key}={value}" for key, value in values.items()) for name in queries),
        *(f"/-/dashboards/{name}" for name in dashboards),
        *("/news.json?sql=" + quote(re.sub(r"\[\[.*?\]\]", "", chart["query"]))
          for each in dashboards.values() for chart in each["charts"].values()),
    ]


def test_a_story_of_which_no_bytes_are_kept_says_why(tmp_path: Path) -> None:
    with Newsroom(tmp_path) as room:
        room.publish("flood")
        page = story_page("Flood closes the lower streets of the town", "Word of it spread early on.")
        room.site.answers["/story-flood"] = answer(page, X_Robots_Tag="noarchive")
        room.brought()

        with served(room.db) as home:
            shown = asked(f"{home}/-/story/{story_of(room.db, 'Flood')}").text

    assert "No bytes of its page are kept: its publisher asks for no copies." in shown


def test_everything_answers_while_a_harvest_writes(tmp_path: Path) -> None:
    """And neither side finds the database locked."""
    db = demo_archive(tmp_path)
    stop, written = threading.Event(), list[int]()

    def write() -> None:
        with Store.open(db) as store:
            while not stop.is_set():
                number = len(written)
                story = replace(STORY, url=f"https://site.example/{number}/", headline=f"Pass {number} closed",
                                body=f"Number {number}. {STORY.body}")
                saved(store, story, NOON + number * timedelta(seconds=1), quotes=(KGS,))
                written.append(number)

    with served(db) as home:
        addresses = every_address(home, db)
        writer = threading.Thread(target=write)
        writer.start()
        answers = {address: asked(home + address) for address in addresses}
        while len(written) <= 20 and writer.is_alive():
            answers[addresses[0]] = asked(home + addresses[0])
        stop.set()
        writer.join()

    assert {address: answer.text[:300] for address, answer in answers.items() if answer.status != 200} == {}
    assert len(addresses) > 50
    assert len(written) > 20


def test_everything_answers_while_the_cron_job_runs(tmp_path: Path) -> None:
    """The real thing beside it, over and over: each harvest a process that finds a story more."""
    stop, codes = threading.Event(), list[int]()

    with Newsroom(tmp_path) as room:
        (tmp_path / "newsroom.toml").write_text(SITE_FILE.format(home=room.site.url("/")), "utf-8")

        def harvest() -> None:
            room.publish(f"flood-{len(codes)}")
            job = ran(tmp_path, "-m", "scraper", "-q", "-d", str(room.db), "harvest", "--source-file", "newsroom.toml",
                      "--allow-private", "127.0.0.1")
            assert (job.stdout, job.stderr) == ("", "")
            codes.append(job.returncode)

        def keep_on() -> None:
            while not stop.is_set() or len(codes) < 2:
                harvest()

        harvest()
        with served(room.db) as home:
            addresses = every_address(home, room.db)
            cron = threading.Thread(target=keep_on)
            cron.start()
            answers = {address: asked(home + address) for address in addresses}
            stop.set()
            cron.join()

    assert {address: answer.text[:300] for address, answer in answers.items() if answer.status != 200} == {}
    assert len(codes) > 1
    assert set(codes) == {0}


def test_without_the_extra_one_line_says_what_to_install(tmp_path: Path) -> None:
    without = "import sys; sys.modules['datasette'] = None; from scraper.cli import main; main()"

    process = ran(tmp_path, "-c", without, "serve")

    assert process.returncode == 2
    assert process.stderr == "scraper: this needs more than the core: pip install 'scraper[browse]'\n"


def test_a_port_that_is_taken_is_one_clear_line(db: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = ran(db.parent, "-m", "scraper", "-d", str(db), "serve", "--port", str(port))

    assert process.returncode == 2
    assert process.stderr == f"scraper: cannot listen on 127.0.0.1 port {port} (Address already in use)\n"


def test_no_archive_is_one_clear_line(tmp_path: Path) -> None:
    process = ran(tmp_path, "-m", "scraper", "serve", "--port", "0")

    assert process.returncode == 74
    assert process.stderr.count("\n") == 1


def test_a_story_leads_to_its_copies_elsewhere(tmp_path: Path) -> None:
    """The earliest first, each with what its source calls it."""
    body = " ".join(f"Sentence {number} tells what the council of the town decided." for number in range(20))
    with Store.open(tmp_path / "news.db") as store:
        saved(store, replace(STORY, body=body))
        other = replace(SITE, key="other", home="https://other.example/", name="The Other")
        url = "https://other.example/pass/"
        page = Page(url, NOON, replace(STORY, url=url, body=body, headline="Pass shut"))
        store.save(other, page, response_to(url, place=100))
        number = store.rows("SELECT id FROM articles WHERE source = 'site'")[0]["id"]
    with served(tmp_path / "news.db") as home:
        shown = asked(f"{home}/-/story/{number}").text

    (told,) = re.findall(r'<li>(The Other.+)</li>', shown)
    assert re.fullmatch(r'The Other, 2 March 2026, 16:00 \(Asia/Almaty\), <b>at the same time</b>: '
                        r'<a href="/-/story/\d+" dir="auto">Pass shut</a> \(the same text\)', told)


def test_a_story_leads_to_its_translations(tmp_path: Path) -> None:
    """As its page says that they stand there."""
    there = "https://site.example/uz/pass/"
    with Store.open(tmp_path / "news.db") as store:
        saved(store, replace(STORY, alternates=(("uz-Latn", there),)))
        saved(store, replace(STORY, url=there, headline="Dovon yopildi", body="Dovon yopildi.", language="uz-Latn"))
        numbers = {row["headline"]: row["id"] for row in store.rows("SELECT id, headline FROM articles")}
        links = {headline: [each["headline"] for each in story.translations]
                 for headline, number in numbers.items() if (story := store.story(number))}
    with served(tmp_path / "news.db") as home:
        shown = asked(f"{home}/-/story/{numbers['Pass closed']}").text

    leads = f'<a href="/-/story/{numbers["Dovon yopildi"]}" lang="uz-Latn" dir="ltr">Dovon yopildi</a> (uz-Latn)'
    assert leads in shown
    assert links == {"Pass closed": ["Dovon yopildi"], "Dovon yopildi": ["Pass closed"]}
