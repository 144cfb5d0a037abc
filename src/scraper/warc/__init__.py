"""Beside `archive`: WARC records written and read, damaged ones too."""
