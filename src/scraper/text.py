"""Whitespace, Unicode, apostrophes: what is cleaned out of stored text, folded to compare, made inert to leave."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

# One Uzbek letter mark, five code points in the wild, and the accent signs typed for it.
APOSTROPHES = "\u2018\u2019\u02bb\u02bc\u0027\u0060\u00b4\u2032"

# Soft hyphen, zero-width and bidirectional controls, byte-order mark: invisible, and they break search.
# U+200C and U+200D stay: Persian and the Indic scripts spell with them.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
# A cell that begins so is a formula to a spreadsheet (OWASP, CSV injection); a leading apostrophe makes it text.
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?%?")
_SPACES = re.compile(r"\s+")


def visible(text: str) -> str:
    """Return `text` without the characters nobody sees: controls, soft hyphens, bidi marks, lone surrogates."""
    return _LONE_SURROGATES.sub("\ufffd", _CONTROLS.sub("", _INVISIBLE.sub("", text)))


def squeezed(text: str) -> str:
    """Return the visible text on one line, every run of white space (NBSP included) as one space."""
    if text.isprintable() and "  " not in text:  # most is as it should be, and the space is the one that is printable
        return text.strip(" ")
    joined = " ".join(text.split())  # ten times faster, and what nobody sees is not printable
    return joined if joined.isprintable() else _SPACES.sub(" ", visible(text)).strip()


def folded(text: str) -> str:
    """Return `text` as it is compared, never as it is stored: NFKC, caseless, one apostrophe."""
    plain = squeezed(text)
    if plain.isascii():  # NFKC changes none of it, and its one other apostrophe is the grave accent
        return plain.lower().replace("`", "'")
    plain = unicodedata.normalize("NFKC", plain).casefold()
    for mark in APOSTROPHES:  # a fifth of what one translation costs
        plain = plain.replace(mark, "'")
    return plain


def inert(cell: object) -> object:
    """Return a cell that no spreadsheet runs: text that begins like a formula gets an apostrophe, a number none.

    A carriage return becomes a line feed: csv leaves it unquoted, and what follows it would be a cell of its own.
    """
    if not isinstance(cell, str):
        return cell
    runs = _FORMULA.match(cell) and not _NUMBER.fullmatch(cell)
    text = cell.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if runs else text


def unspaced_signs(text: str) -> int:
    """Count the signs of scripts that put no space between words: Thai, Burmese, Khmer, Chinese, Japanese, Korean."""
    return 0 if text.isascii() else len(_unspaced().findall(text))


@cache
def _unspaced() -> re.Pattern[str]:
    # 4 ms to compile, a step for each of 48,000 signs: done where text needs it
    return re.compile(
        "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]"
    )
