"""Every served fault through the whole harvest: a site each with thirty healthy stories, one process, real workers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from faults.harvests import MOST_STORIES, harvested
from faults.pages import CYRILLIC, DROP, FORMULA, HARMFUL
from faults.rules import PATHS
from faults.site import ODD, STORIES, Play, Story
from faults.stage import DELAY_S, Stage, lacking, staged
from scraper.archive import WarcArchive
from servers import Site, Talk, answer

CPU_S = 750  # ten times the usual
BYTES = 250_000_000


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Play all of them once."""
    with ExitStack() as stack:
        yield staged(tmp_path_factory.mktemp("stage"), stack)


def closed(stage: Stage) -> set[str]:
    """Return the sites of which nothing but robots.txt may be asked for."""
    return {name for name, fault in stage.robots.items() if not fault.fetched}


def test_every_healthy_story_of_every_site_is_archived_once_and_whole(stage: Stage) -> None:
    """Whatever stands beside it; a site closed by its robots.txt has none."""
    amiss = {}
    for name in stage.sites:
        rows = {row["url"]: row for row in stage.articles(name)}
        wanted = [] if name in closed(stage) else STORIES
        found = {story.path: _amiss(story, rows.get(stage.url(name, story.path))) for story in wanted}
        amiss[name] = {path: what for path, what in found.items() if what}
        if name in closed(stage):
            amiss[name] |= rows

    assert {name: what for name, what in amiss.items() if what} == {}
    assert len(stage.sites) - len(closed(stage)) > 130


def _amiss(story: Story, row: dict[str, object] | None) -> str | None:
    return "not there" if row is None else lacking(story, row)


def test_what_is_to_be_kept_is_archived_once_and_whole(stage: Stage) -> None:
    """Under its own address, or as another address of the healthy story it turned out to be."""
    kept = stage.stories("KEEP")
    odd = {name: stage.odd(name) for name in kept}

    assert {name: len(rows) for name, rows in odd.items() if len(rows) != 1} == {}
    assert {name: what for name, rows in odd.items() if (what := lacking(kept[name], rows[0]))} == {}
    assert {name: stage.problems(name) for name in kept if stage.problems(name)} == {}


def test_what_is_to_be_skipped_leaves_one_error_with_its_address_and_cause(stage: Stage) -> None:
    """And no row in articles."""
    causes = {name: fault.says for name, fault in stage.served.items() if fault.verdict == "SKIP"}
    causes |= {name: fault.says for name, fault in stage.pages.items() if fault.verdict == "SKIP"}
    found = {name: stage.problems(name) for name in causes}
    amiss = {
        name: problems
        for name, problems in found.items()
        if [url for url, _ in problems] != [stage.url(name)] or causes[name] not in problems[0][1] or not problems[0][1]
    }

    assert amiss == {}
    assert {name: rows for name in causes if (rows := stage.odd(name))} == {}


def test_what_is_merely_to_be_safe_is_either_whole_or_one_error(stage: Stage) -> None:
    """Never half of it, never both."""
    safe = stage.stories("SAFE")
    odd = {name: stage.odd(name) for name in safe}

    assert {name: rows for name, rows in odd.items() if len(rows) + len(stage.problems(name)) != 1} == {}
    assert {name: what for name, rows in odd.items() if rows and (what := lacking(safe[name], rows[0]))} == {}


def test_an_absurd_wish_puts_the_story_off(stage: Stage) -> None:
    """For the 30 days that are the most a site gets; it was asked once and the run did not wait."""
    (row,) = stage.ran.rows("SELECT not_before, article_id FROM resources WHERE url = ?", stage.url("retry-absurd"))
    ((url, reason),) = stage.problems("retry-absurd")

    assert (row["article_id"], url) == (None, stage.url("retry-absurd"))
    assert row["not_before"].replace("T", " ")[:10] in reason.replace("T", " ")
    assert stage.sites["retry-absurd"].paths.count("/fault") == 1


def test_no_fault_is_asked_for_more_often_than_it_may(stage: Stage) -> None:
    """Nor is any healthy page of its site asked for twice, but where a redirect leads to one."""
    most = {name: fault.most for name, fault in stage.served.items()} | dict.fromkeys(stage.pages, 1)
    counts = {name: stage.sites[name].paths.count("/fault") for name in most}
    healthy = {name: [path for path in site.paths if "story" in path] for name, site in stage.sites.items()}

    assert {name: count for name, count in counts.items() if count > most[name]} == {}
    assert [name for name, paths in healthy.items() if len(paths) > len(set(paths))] == ["redirect-moved"]
    assert max(len(site.requests) for site in stage.sites.values()) <= 1 + 2 + MOST_STORIES


def test_the_dead_ends_of_redirects_are_named_and_left_alone(stage: Stage) -> None:
    """At most four connections; the error names the address that failed."""
    aside = stage.aside
    ends = {
        "to-refused": aside.refused, "to-silent": aside.silent.url("/"), "to-not-http": aside.banner.url("/"),
        "to-reset-on-accept": aside.resetting.url("/"), "to-bad-tls": aside.self_signed.url("/"),
        "to-no-dns": "http://nowhere.invalid/", "ssrf-canary": aside.canary.url("/"),
        "ssrf-metadata": "http://169.254.169.254/latest/meta-data/",
        "ssrf-decimal": f"http://2130706441:{aside.canary.port}/",
        "ssrf-mapped": f"http://[::ffff:127.0.0.9]:{aside.canary.port}/", "ssrf-file": "file:///etc/passwd",
    }  # fmt: skip

    assert {name: found for name, end in ends.items() if end not in (found := stage.problems(name)[0][1])} == {}
    assert {end for end in (aside.silent, aside.resetting, aside.banner) if not 1 <= end.accepted <= 4} == set()
    assert (aside.self_signed.requests, aside.canary.accepted) == ([], 0)


def test_a_wish_for_patience_is_granted(stage: Stage) -> None:
    """Retry-After in seconds and as a date: nothing is asked of the host meanwhile."""
    for name in ("retry-seconds", "retry-date"):
        site = stage.sites[name]
        first = next(at for at, request in enumerate(site.requests) if request.path == "/fault")
        assert site.gaps[first] >= 1.0


def test_nothing_follows_a_redirect_to_another_site_and_no_request_swells(stage: Stage) -> None:
    """Neither a cookie nor credentials."""
    heads = [request.headers for request in stage.aside.foreign.requests]
    sizes = [len(request.head) for site in stage.sites.values() for request in site.requests]

    assert heads
    assert all({"host", "user-agent", "accept", "accept-encoding"} == set(head) for head in heads)
    assert max(sizes) < 400


# robots.txt


def test_only_what_robots_allow_is_asked_for(stage: Stage) -> None:
    """NONE means nothing but robots.txt, and a site that says why."""
    asked = {name: tuple(path for path in PATHS if path in stage.sites[name].paths) for name in stage.robots}
    early = {name for name in stage.robots if stage.sites[name].requests[0].path != "/robots.txt"}

    assert asked == {name: fault.fetched for name, fault in stage.robots.items()}
    assert {name: stage.sites[name].paths for name in closed(stage) if stage.sites[name].paths} == {}
    assert {name: found for name in closed(stage) if "robots.txt" not in (found := stage.problems(name)[0][1])} == {}
    assert early == set()


def test_a_crawl_delay_is_kept(stage: Stage) -> None:
    """From the end of one request to the start of the next."""
    assert min(stage.sites["robots-delay"].gaps) >= DELAY_S


# Listings, feeds, sitemaps


def test_an_entry_point_that_goes_wrong_costs_few_requests_and_says_so(stage: Stage) -> None:
    """Whatever is whole in it is used."""
    for name, fault in stage.indexes.items():
        site = stage.sites[name]
        asked = [path for path in site.paths if path.startswith(("/odd", "/more", "/fine"))]
        said = " ".join(reason for url, reason in stage.problems(name) if "/odd" in url)
        assert (name, len(asked) <= fault.most) == (name, True)
        assert (name, fault.says in said, said == "" or fault.says != "") == (name, True, True)


def test_the_budget_holds_for_a_sitemap_of_fifty_thousand(stage: Stage) -> None:
    """Its stories and those of the listing beside it take turns; the rest waits."""
    (row,) = stage.ran.rows(
        "SELECT count(*) AS waiting FROM resources WHERE source = 'xml-sitemap-50k' AND kind = 'story'"
        " AND article_id IS NULL"
    )
    asked = [path for path in stage.sites["xml-sitemap-50k"].paths if path.startswith("/n/")]

    assert row["waiting"] == 50_000
    assert 0 < len(asked) <= 80


def test_what_feeds_say_is_text_and_nothing_else(stage: Stage) -> None:
    """No entity is opened or grows, no script stays one."""
    teasers = stage.ran.rows("SELECT teaser FROM resources WHERE teaser LIKE '%haha%' OR teaser LIKE '%root:%'")

    assert teasers == []
    assert stage.aside.canary.accepted == 0


# Content


def test_other_addresses_of_a_story_lead_to_it(stage: Stage) -> None:
    """Tracking keys, AMP, a fragment, a comment form, a redirect: archived once."""
    moved = stage.ran.rows(
        "SELECT article_urls.url FROM article_urls JOIN articles ON articles.id = article_id WHERE articles.url = ?"
        " ORDER BY 1", stage.url("redirect-moved", STORIES[0].path)
    )  # fmt: skip
    aliases = [name for name in stage.pages if name.startswith("alias-")]

    assert [row["url"] for row in moved] == [stage.url("redirect-moved"), stage.url("redirect-moved", STORIES[0].path)]
    assert {name: len(rows) for name in aliases if len(rows := stage.articles(name)) != len(STORIES)} == {}
    assert [stage.problems(name) for name in aliases] == [[]] * 5


def test_a_date_that_cannot_be_believed_is_no_date(stage: Stage) -> None:
    """Never is the time of the fetch passed off as the publication."""
    columns = ("published", "published_raw", "published_fault")
    found = {name: tuple(stage.odd(name)[0][column] for column in columns) for name in stage.pages if "date" in name}

    assert found == {
        "no-date": (None, None, None),
        "date-1900": (None, "1900-01-01T00:00:00Z", "before 1990"),
        "date-future": (None, "2999-12-31T10:00:00Z", "after the fetch"),
        "date-ambiguous": (None, "03/04/05", "day or month first"),
        "date-invalid": (None, "2024-02-31T25:61:00Z", "no such day"),
    }


def test_what_is_no_rate_is_rejected_alone_and_a_conflict_recorded(stage: Stage) -> None:
    """The good ones are stored once each."""
    quotes = "SELECT label, rate_text FROM quotes JOIN pairs ON pairs.id = pair_id WHERE source = ? ORDER BY label"
    names = ("ticker-malformed", "ticker-flood")
    found = {name: [tuple(row.values()) for row in stage.ran.rows(quotes, name)] for name in names}
    rejects = stage.ran.rows("SELECT text, reason FROM quote_rejects WHERE source = 'ticker-malformed' ORDER BY text")
    conflicts = stage.ran.rows(
        "SELECT rate_text, cells FROM quote_conflicts WHERE pair_id IN"
        " (SELECT id FROM pairs WHERE source = 'ticker-malformed') ORDER BY 1"
    )

    assert found == {
        "ticker-malformed": [("AZN/USD", "0.58820"), ("KGS/USD", "0.01150")],
        "ticker-flood": [(f"{pair}/USD", f"0.0{n}000") for pair, n in
                         (("KGS", 1), ("KZT", 2), ("TJS", 4), ("TMT", 5), ("UZS", 3))],
    }  # fmt: skip
    assert {row["text"].split("/")[0]: row["reason"] for row in rejects} == {
        "AMD": "not available", "GEL": "not a plain number", "KZT": "negative", "TJS": "zero", "TMT": "infinite",
        "UZS": "not a number",
    }  # fmt: skip
    assert conflicts == [{"rate_text": "0.58820", "cells": 2}, {"rate_text": "0.60000", "cells": 1}]


def test_attacks_are_stored_as_the_text_they_are(stage: Stage) -> None:
    """Script, SQL and a formula in the fields; paths that lead out of the archive lead nowhere."""
    headlines = {name: stage.odd(name)[0]["headline"] for name in ("xss", "sql-meta", "csv-formula")}
    captions = stage.ran.rows("SELECT caption FROM images WHERE caption LIKE '%by the river'")
    beside = {path.name for path in stage.ran.folder.iterdir() if not path.name.startswith(("source-", "news.db-"))}

    assert headlines == {
        "xss": f"{HARMFUL} is seen at the old mill", "sql-meta": f"{DROP}{ODD.headline}", "csv-formula": FORMULA,
    }  # fmt: skip
    assert [row["caption"] for row in captions] == [f"{HARMFUL} by the river"]
    assert beside == {"news.db", "news.db.lock", "news.warc", "scraper.toml"}


def test_a_canonical_link_takes_no_other_story_s_place(stage: Stage) -> None:
    """Neither one of its own site's nor one of another's."""
    theft, foreign = stage.odd("canonical-theft"), stage.odd("canonical-foreign")

    assert [row["url"] for row in (*theft, *foreign)] == [stage.url("canonical-theft"), stage.url("canonical-foreign")]
    assert stage.ran.rows("SELECT 1 FROM article_urls WHERE url LIKE '%courier.example%'") == []


def test_a_marked_up_or_recoded_text_is_found_by_its_words(stage: Stage) -> None:
    """Zero-width characters, NULs and charsets do not stand between a reader and the story."""
    words = "SELECT source FROM articles JOIN articles_fts ON articles_fts.rowid = id WHERE articles_fts MATCH ?"
    odd = {row["source"] for row in stage.ran.rows(words, "odd AND mill")}
    bridge = {row["source"] for row in stage.ran.rows(words, CYRILLIC.headline.split()[1])}

    assert odd >= {"bidi-zero-width", "nul-bytes", "utf8-broken"}
    assert bridge == {"charset-header", "charset-meta", "charset-bogus"}


# The run


def test_the_run_is_bounded_in_time_and_memory(stage: Stage) -> None:
    """Over all its processes, however busy the machine is with other things."""
    assert stage.ran.cpu_s < CPU_S
    assert 0 < stage.ran.peak_bytes < BYTES


def test_the_run_explains_itself(stage: Stage) -> None:
    """A line per problem on stderr, a summary per site on stdout, exit code 3: some were refused or put off."""
    problems = stage.ran.rows("SELECT source, url, reason FROM run_problems ORDER BY source, position")
    lines = sorted(f"{row['source']}: {row['reason']}: {row['url']}" for row in problems)
    summaries = [line.split(":")[0] for line in stage.ran.stdout.splitlines()]

    assert sorted(stage.ran.stderr.splitlines()) == lines
    assert sorted(summaries) == sorted(stage.sites)
    assert "Traceback" not in stage.ran.stderr
    assert stage.ran.code == 3


def test_the_archive_is_whole_and_leads_to_the_bytes(stage: Stage) -> None:
    """Every story has its exchange, and the page can be read again from it."""
    with closing(sqlite3.connect(stage.ran.folder / "news.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    places = stage.ran.rows(
        "SELECT file, offset FROM articles LEFT JOIN fetches ON article_id = articles.id WHERE headline = ?",
        ODD.headline,
    )
    with WarcArchive(stage.ran.folder / "news.warc") as archive:
        bodies = [archive.read(row["file"], row["offset"]).wire for row in places]

    assert len(bodies) > 40
    assert stage.ran.rows("SELECT url FROM articles EXCEPT SELECT articles.url FROM articles JOIN fetches"
                          " ON article_id = articles.id WHERE file > ''") == []  # fmt: skip


def test_no_secret_of_an_address_is_printed_or_stored(stage: Stage) -> None:
    """A listing may link to an address with a password in it."""
    with closing(sqlite3.connect(stage.ran.folder / "news.db")) as db:
        dump = "\n".join(db.iterdump())

    assert "secret" not in stage.ran.stderr + stage.ran.stdout + dump


# Two visits


def _restless(talk: Talk) -> None:
    talk.send(answer(ODD.page(), ETag=f'"{talk.number}"'))


def test_the_second_visit_tells_an_edit_from_a_withdrawal_and_from_nothing(tmp_path: Path) -> None:
    """A new text is current and the old one kept; a withdrawn story stays; a new ETag alone is no edit."""
    edited = ODD.page().replace(b"the northern road", b"the southern road")
    plays = [
        Play("edited", {"/fault": answer(ODD.page(), ETag='"1"')}, ["/fault"]),
        Play("withdrawn", {"/fault": answer(ODD.page(), ETag='"1"')}, ["/fault"]),
        Play("restless-etag", {"/fault": _restless}, ["/fault"]),
    ]
    with ExitStack() as stack:
        sites = {play.name: stack.enter_context(Site(play.site_answers())) for play in plays}
        declared = [play.declared(sites[play.name].url("")) for play in plays]
        first = harvested(tmp_path, declared)
        sites["edited"].answers["/fault"] = answer(edited, ETag='"2"')
        sites["withdrawn"].answers["/fault"] = answer(b"gone", "410 Gone")

        second = harvested(tmp_path, declared, "--recheck")

    rows = {row["source"]: row for row in second.rows("SELECT * FROM articles WHERE headline = ?", ODD.headline)}
    versions = second.rows("SELECT source, reason FROM article_versions JOIN articles ON articles.id = article_id")
    assert (first.code, second.code) == (0, 0)
    assert "southern" in rows["edited"]["body"]
    assert [name for name, row in rows.items() if row["withdrawn"]] == ["withdrawn"]
    assert versions == [{"source": "edited", "reason": "publisher-edit"}]
    assert second.rows("SELECT count(*) AS stories FROM articles") == [{"stories": 3 * (len(STORIES) + 1)}]
