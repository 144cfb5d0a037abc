"""newspaper4k: addresses on stdin to JSON lines. Arguments: HOME OUTPUT. Its own thread pool, five threads by default.

It finds stories on a front page by rules of its own and reads no sitemaps, so the addresses are given to it, as
articles: an address alone it fetches twice.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from newspaper import Article
from newspaper.mthreading import fetch_news

with Path(sys.argv[2]).open("w", encoding="utf-8") as output:
    for article in fetch_news([Article(url) for url in json.load(sys.stdin)]):
        line = {"url": article.url, "title": article.title, "body": article.text}
        print(json.dumps({**line, "date": str(article.publish_date)}), file=output)
