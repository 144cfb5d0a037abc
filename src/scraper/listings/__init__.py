"""Beside `discover`: feeds, sitemaps, WordPress, and the story links of any listing page."""
