"""Addresses without what opens doors, as they are kept and shown: no user, no password, no key of a visit.

What a listing names is public and stays as it is, but for a user in it. Where a redirect leads was said to us alone:
its query may hold a key, and is followed with it but told without it.
"""

from __future__ import annotations

import re

_USER = re.compile(r"([/\\]{2})[^/\\?#\s<>\"']*@")
# browsers forgive a missing slash: https:/reader:word@paper.example/
_USER_AT_START = re.compile(r"\A(\s*+[a-z][a-z0-9+.-]{0,30}+:[/\\]*+)[^/\\?#\s]*@", re.IGNORECASE)
_KEY = (
    r"(?:[\w.%-]{0,40}(?:token|secret|passw(?:or)?d|api[_-]?key|signature|credentials?|session[_-]?id|sess[_-]?id|jwt)"
    r"|auth|authorization|sig|pwd|ticket|session)"
)
_PAIR = re.compile(rf";{_KEY}=[^;?#/\s]*|(?<=[?&#]){_KEY}=[^&#\s]*&?", re.IGNORECASE)


def without_user(text: str) -> str:
    """Return `text` with the user and password taken out of every address in it."""
    return _USER.sub(r"\1", _USER_AT_START.sub(r"\1", text)) if "@" in text else text


def told(target: str) -> str:
    """Return the address a redirect leads to, absolute or not, without a user and without keys in its query."""
    target = without_user(target)
    bare = _PAIR.sub("", target)
    return target if bare == target else bare.rstrip("?&#")
