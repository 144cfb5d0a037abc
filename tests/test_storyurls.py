"""What an address alone tells; every address is invented."""

from __future__ import annotations

import pytest

from scraper.listings.storyurls import address_score, address_shape


@pytest.mark.parametrize("path", [
    "/", "/?cat=3", "/?s=bridge&paged=2", "/category/world-and-region/", "/tag/bridge-opens-at-last/",
    "/author/a-writer/", "/2026/03/", "/2026/", "/about/", "/contact-us.html", "/privacy-policy-of-ours/",
    "/terms-and-conditions-for-use/", "/files/annual-report-of-2026.pdf", "/feed/", "/page/3/",
    "/wp-login.php?action=lostpassword", "/news/index.html?page=4",
])
def test_lists_services_and_files_are_no_stories(path: str) -> None:
    """Whatever their slugs look like."""
    assert address_score(f"https://a.example{path}") == -4.0


@pytest.mark.parametrize("path", [
    "/2026/03/11/bridge/", "/2026/0311/106.html", "/news/125371/", "/?p=128317", "/news.php?cat=155&newid=13177",
    "/bridge-opens-after-three-years/", "/world/bridge-opens-4711/index.html", "/home-birth-on-the-rise-again/",
    "/%D0%BC%D0%BE%D1%81%D1%82-%D0%BE%D1%82%D0%BA%D1%80%D1%8B%D1%82-%D0%B4%D0%BB%D1%8F-%D0%B2%D1%81%D0%B5%D1%85/",
    "/三年后大桥终于通车面包价格上涨/", "/legal-battle-over-the-bridge/",
])
def test_dates_numbers_and_long_slugs_are_stories(path: str) -> None:
    """In any script, escaped or not; a word that names a page of the site may start a headline."""
    assert address_score(f"https://a.example{path}") >= 1.5


@pytest.mark.parametrize(("path", "expected"), [("/world/", -1.0), ("/world-news/", 0.5), ("/devblog-86/", 0.0)])
def test_one_word_is_a_section_s(path: str, expected: float) -> None:
    """Unless a number stands beside it."""
    assert address_score(f"https://a.example{path}") == expected


def test_addresses_of_one_kind_have_one_shape() -> None:
    """Depth, ending, a number, the folder and a query tell them apart."""
    first, second = "https://a.example/news/bridge-opens.html", "https://a.example/news/tunnel-is-next.html"

    assert address_shape(first) == address_shape(second)
    assert len({address_shape(url) for url in (first, "https://a.example/bridge.html", first + "?x=1", "https://a.example/",
                                               "https://a.example/news/bridge-opens", "https://a.example/b/bridge.html",
                                               "https://a.example/news/bridge-12345.html")}) == 7
