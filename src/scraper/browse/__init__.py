"""The archive in a browser: Datasette with pages of our own, read-only, without a byte from elsewhere.

    serving     the server: Datasette set up for one archive
    metadata    what Datasette is told: descriptions, queries, dashboards
    plugin      what is hooked into it: routes, headline links, a content policy
    pages       front page, search, story, versions: rows in, HTML out
    reading     pure: a body in blocks, a time on the clock of its place, marks in a snippet
"""
