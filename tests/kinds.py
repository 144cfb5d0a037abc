"""Every kind of place a made press can be found by, beyond the four of its own: see HARVESTED."""

from __future__ import annotations

import json
from collections.abc import Sequence

from presses import KINDS, Press, Printed
from scraper.source import Feed, Listing, Place, Sitemap
from servers import Answer, answer

HARVESTED = (
    *KINDS, "atom", "json feed", "plain sitemap", "news sitemap", "robots.txt", "next links", "load-more html",
    "load-more json",
)  # fmt: skip
_NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


class WholePress(Press):
    """A press that can be found by every kind of place."""

    def place(self, kind: str) -> Place:
        """Return one way into the site."""
        more = self.site.url("/more")
        places: dict[str, Place] = {
            "atom": Feed(self.site.url("/atom")),
            "json feed": Feed(self.site.url("/feed.json")),
            "plain sitemap": Sitemap(self.site.url("/all.xml")),
            "news sitemap": Sitemap(self.site.url("/news.xml")),
            "robots.txt": Sitemap(self.site.url("/robots.txt")),
            "next links": Listing(self.site.url("/news")),
            "load-more html": Listing(self.site.url("/fresh"), pages=f"{more}?page={{n}}"),
            "load-more json": Listing(self.site.url("/newest"), pages=f"{more}.json?page={{n}}"),
        }
        return places[kind] if kind in places else super().place(kind)

    def answer(self, path: str) -> Answer | None:
        """Return what stands at a path."""
        name, _, query = path.partition("?")
        page = int(query.removeprefix("page=")) if query.startswith("page=") else 1
        _, shown = self._page({"page": str(page)})
        further = self.site.url(f"{name}?page={page + 1}") if shown else None
        match name:
            case "/robots.txt":
                named = f"User-agent: *\nSitemap: {self.site.url('/sitemap.xml')}\n"
                return answer(named.encode(), Content_Type="text/plain")
            case "/atom":
                return answer(self._atom(shown, further).encode(), Content_Type="application/atom+xml")
            case "/feed.json":
                return answer(self._json_feed(shown, further), Content_Type="application/feed+json")
            case "/all.xml":
                return answer(self._map("<lastmod>{0:%Y-%m-%d}</lastmod>").encode(), Content_Type="application/xml")
            case "/news.xml":
                news = "<news:news><news:publication_date>{0:%Y-%m-%dT%H:%M:%SZ}</news:publication_date></news:news>"
                return answer(self._map(news).encode(), Content_Type="application/xml")
            case "/news" | "/fresh" | "/newest":
                return answer(self._page_of(shown, further if name == "/news" else None).encode())
            case "/more":
                return answer(self._cards(shown).encode())
            case "/more.json":
                cards = {"html": self._cards(shown), "count": len(shown)}
                return answer(json.dumps(cards).encode(), Content_Type="application/json")
        return super().answer(path)

    def _cards(self, shown: Sequence[Printed]) -> str:
        return "".join(
            f'<article><h2><a href="{each.path}">{each.headline}</a></h2>'
            f'<time datetime="{each.published.isoformat()}">{each.published:%d %B %Y}</time></article>'
            for each in shown
        )

    def _page_of(self, shown: Sequence[Printed], further: str | None) -> str:
        link = f'<nav><a rel="next" href="{further}">Next</a></nav>' if further else ""
        return f"<!doctype html><html><body><main>{self._cards(shown)}</main>{link}</body></html>"

    def _atom(self, shown: Sequence[Printed], further: str | None) -> str:
        entries = "".join(
            f'<entry><title>{each.headline}</title><link href="{self.site.url(each.path)}"/>'
            f"<published>{each.published.isoformat()}</published></entry>"
            for each in shown
        )
        link = f'<link rel="next" href="{further}"/>' if further else ""
        return f'<feed xmlns="http://www.w3.org/2005/Atom">{link}{entries}</feed>'

    def _json_feed(self, shown: Sequence[Printed], further: str | None) -> bytes:
        items = [{"id": str(each.number), "url": self.site.url(each.path), "title": each.headline,
                  "date_published": each.published.isoformat()} for each in shown]  # fmt: skip
        found = {"version": "https://jsonfeed.org/version/1.1", "title": "Press", "items": items}
        return json.dumps(found | ({"next_url": further} if further else {})).encode()

    def _map(self, dated: str) -> str:
        urls = "".join(f"<url><loc>{self.site.url(each.path)}</loc>{dated.format(each.published)}</url>"
                       for each in self.stories)  # fmt: skip
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" {_NEWS}>{urls}</urlset>'
