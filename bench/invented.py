"""Invented news without end: twenty sites of Central Asia in eight spellings, the n-th story always the same.

Words are made of syllables and endings, the frequent ones short; how often each stands follows Zipf's law (exponent
1.07 over 60,000 words a language), and three in a hundred are names, numbers and misspellings that hardly ever come
again. A story keeps to some words of its own. As in real stories of 480 words, 280 are different; with what follows it
a word takes 6 bytes in English and 13 in Cyrillic. One story in twenty is another site's, shortened, under a new
headline. Nothing here was copied.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from hashlib import sha1
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

from scraper.records import Article, Image, Kept, Origin, Page, Quote, Response, Role, Stamp, Teaser, Ticker
from scraper.source import Feed, Source

START = datetime(2019, 1, 1, tzinfo=UTC)
STEP = timedelta(seconds=157)  # between two stories; 550 a day, a million in five years
WORDS = 60_000  # of a language; what is rarer is made when it is needed
SPELLINGS = {  # onsets, vowels and endings of a language; 'o‘' and 'g‘' stand under any apostrophe
    "en": ("b c d f g h l m n p r s t w th st", "a e i o u ea", "ed er ing s al"),
    "ru": ("б в г д ж з к л м н п р с т ст пр", "а е и о у ы", "ами ого ение ский ова ться ую ях"),
    "kk": ("б ғ д ж з қ к л м н ң р с т ш й", "а ә е і о ө ұ ү", "дың лары ында ған мен лық тын"),
    "ky": ("б г д ж з к л м н ң п р с т ч ш", "а е и о ө у ү", "дын лары ында ган менен лык туу"),
    "uz-Latn": ("b ch d g g‘ h j k l m n q r s sh t", "a e i o o‘ u", "ning lari idan gan moqda lik ni"),
    "uz-Cyrl": ("б ғ д ж з к қ л м н р с т ч ш ҳ", "а е и о ў у", "нинг лари идан ган моқда лик ни"),
    "tg": ("б ғ д ҷ з к қ л м н р с т х ҳ ш", "а е и ӣ о ӯ", "ҳои анд ист гардид иро они"),
    "tk": ("b ç d g h j k l m n ň r s t ş ý", "a ä e i o ö u y", "nyň lary inde ýan lyk dan y"),
}
MONEY = {"uz-Latn": "so‘m", "uz-Cyrl": "сўм", "en": "som", "ru": "сом"}  # the thirtieth word of its language
ENDLESS = {"en": 900, "tk": 500}  # words without an ending, 200 elsewhere
APOSTROPHES = "'‘ʻʼ"
_SITES = (
    ("abay-times", "en"), ("steppe-herald", "en"), ("irtysh-post", "en"), ("gorny-vestnik", "ru"),
    ("stepnoy-kray", "ru"), ("dolina-news", "ru"), ("pereval", "ru"), ("kanal-sever", "ru"),
    ("tau-habar", "kk"), ("dala-uni", "kk"), ("ala-too", "ky"), ("jayloo", "ky"),
    ("qovun", "uz-Latn"), ("bozor", "uz-Latn"), ("anhor-uz", "uz-Latn"),
    ("vodiy", "uz-Cyrl"), ("pomir", "tg"), ("zarrin", "tg"), ("garagum", "tk"), ("alabay", "tk"),
)  # fmt: skip
_ZONES = {"en": "Asia/Almaty", "ru": "Asia/Bishkek", "kk": "Asia/Almaty", "ky": "Asia/Bishkek", "tg": "Asia/Dushanbe",
          "tk": "Asia/Ashgabat", "uz-Latn": "Asia/Tashkent", "uz-Cyrl": "Asia/Tashkent"}
SITES = tuple(
    Source(key, f"https://{key}.example/", (Feed(f"https://{key}.example/feed/"),), name=key.replace("-", " ").title(),
           language=language, timezone=_ZONES[language])
    for key, language in _SITES
)
PAIRS = (("KGS/USD", 5, 1144), ("KZT/USD", 5, 195), ("TJS/USD", 5, 10544), ("UZS/USD", 5, 8), ("TMT/USD", 5, 28571))
WITH_TICKER = 3  # of the sites
_ORIGINS = tuple(Origin(field, source, sure) for field, source, sure in (
    ("headline", "structure", 1.0), ("body", "structure", 0.85), ("language", "structure", 0.8),
    ("published", "json-ld", 0.98), ("authors", "json-ld", 0.95), ("canonical", "structure", 0.9),
    ("lead", "structure", 0.7), ("section", "json-ld", 0.9), ("tags", "json-ld", 0.8), ("images", "structure", 0.8)))


@dataclass(frozen=True, slots=True)
class Sight:
    """One story as a harvest hands it to the store."""

    source: Source
    page: Page
    response: Response


def fetched(number: int) -> datetime:
    """Return when the story of this number is fetched; it was published at most ten hours before."""
    return START + number * STEP


def source_of(number: int) -> Source:
    """Return the site of a story; they take turns."""
    return SITES[number % len(SITES)]


def address(number: int) -> str:
    """Return a story's address: words of its own, and its number."""
    dice, words = Random(number), vocabulary("en")
    slug = "-".join(_some(dice, words, dice.randint(4, 8)))
    return f"{source_of(number).home}{fetched(number):%Y/%m}/{slug}-{number}/"


def teaser(number: int) -> Teaser:
    """Return what a feed says of a story."""
    return Teaser(address(number), headline=None, stamp=_published(number), external_id=str(number))


def sight(number: int, *, edited: bool = False) -> Sight:
    """Return a story as its page showed it when fetched first, or some hours later with a paragraph rewritten."""
    at = fetched(number) + (timedelta(hours=5) if edited else timedelta(0))
    article, url = _article(number), address(number)
    if edited:
        head, _, rest = article.body.partition("\n\n")
        news = _paragraph(Random(-number), _topic(number, article.language or "en"), 30)
        article = replace(article, body="\n\n".join((head, news, rest)))
    source = source_of(number)
    kept = receipt(number, at, 200, again=edited)
    headers = (("ETag", f'W/"{number:x}-{len(article.body):x}"'), ("Last-Modified", f"{at:%a, %d %b %Y %H:%M:%S} GMT"))
    page = Page(url, at, article, ticker=ticker(number, at))
    return Sight(source, page, Response(url, url, 200, headers, b"", at, (kept,)))


def receipt(number: int, at: datetime, status: int, *, again: bool = False) -> Kept:
    """Return where the bytes of an exchange lie; each has a place of its own."""
    digest = sha1(str((number, again)).encode()).hexdigest()[:32].upper()
    place = number % 5000 * 20_000 + again * 10_000
    return Kept(address(number), at, status, 9_000, f"sha1:{digest}", f"{at:%Y%m%d}-00000.warc.gz", place, 9_500)


def ticker(number: int, at: datetime) -> Ticker:
    """Return the rates a site's pages show at that time; most sites show none. They move some times a day."""
    if number % len(SITES) >= WITH_TICKER:
        return Ticker()
    return Ticker(tuple(_quote(pair, at) for pair in PAIRS))


def _quote(pair: tuple[str, int, int], at: datetime) -> Quote:
    label, digits, units = pair
    hours = int(at.timestamp()) // 3600
    swing = units * 0.08 * math.sin(hours / 900) + Random(hours // 6 + units).gauss(0, units * 0.002)
    rate = Decimal(max(1, round(units + swing))).scaleb(-digits)
    change = f"{swing / units:.2f}%"
    base, counter = label.split("/")
    return Quote(base, counter, rate, f"{rate:f}", Decimal(change.strip("%")), change)


def _published(number: int) -> Stamp:
    """Return when a story came out; one site in five prints the day alone."""
    at = fetched(number) - timedelta(minutes=Random(number).randrange(1, 600))
    local = at.astimezone(ZoneInfo(source_of(number).timezone))
    if number % 5 == 0:
        midnight = local.replace(hour=0, minute=0, second=0)
        return Stamp(f"{local:%d.%m.%Y}", midnight.astimezone(UTC), local.date(), "day")
    return Stamp(local.isoformat(), at, local.date(), "second", "page")


def _article(number: int) -> Article:
    """Return a story; one in twenty tells what another site told some hours before."""
    dice, source, url = Random(number), source_of(number), address(number)
    told = number - len(SITES) * 7 - 1 if number % 21 == 0 else number
    copies = told != number and source_of(told).language == source.language
    body = _body(told if copies else number, source.language or "en")
    if copies:
        body = "\n\n".join(body.split("\n\n")[:-1] or [body])
    topic = _topic(number, source.language or "en")
    headline = _sentence(dice, topic, dice.randint(5, 12)).rstrip(".")
    authors = tuple(" ".join(_some(dice, topic.words, 2)).title() for _ in range(dice.choice((0, 1, 1, 2))))
    return Article(
        url, headline, body, canonical=url if dice.random() < 0.7 else None, external_id=str(number),
        lead=body.partition("\n\n")[0], authors=authors, byline=", ".join(authors) or None,
        section=topic.words[200 + dice.randrange(9)].title(), tags=tuple(dict.fromkeys(dice.sample(topic.own, 4))),
        language=source.language, published=_published(number), images=tuple(_images(dice, topic, url)),
        origins=_ORIGINS,
    )


def _images(dice: Random, topic: Topic, url: str) -> Iterator[Image]:
    for position in range(dice.choice((0, 1, 1, 1, 2, 3))):
        caption = _sentence(dice, topic, dice.randint(5, 14)) if dice.random() < 0.7 else None
        alt, credit = " ".join(_some(dice, topic.words, 4)), topic.words[300 + dice.randrange(12)].title()
        role: Role = "inline" if position else "cover"
        yield Image(position, f"{url}photo-{position}.jpg", alt, caption, credit, role, width=1200)


# --- words


@dataclass(frozen=True, slots=True)
class Topic:
    """What a story is written with: its language's words, a dozen of its own, and its site's apostrophe."""

    language: str
    words: Sequence[str]
    own: Sequence[str]
    apostrophe: str


def _topic(number: int, language: str) -> Topic:
    words, dice = vocabulary(language), Random(~number)
    own = [words[int(60 * (len(words) / 60) ** dice.random())] for _ in range(12)]
    return Topic(language, words, own, APOSTROPHES[number % len(SITES) % len(APOSTROPHES)])


def _body(number: int, language: str) -> str:
    dice, topic = Random(number ^ 0x5EED), _topic(number, language)
    left = min(2500, max(40, round(dice.lognormvariate(6.05, 0.6))))  # words: 420 in the middle, 500 on average
    paragraphs = []
    while left > 0:
        paragraphs.append(_paragraph(dice, topic, min(left, dice.randint(25, 70))))
        left -= 50
    return "\n\n".join(paragraphs)


def _paragraph(dice: Random, topic: Topic, words: int) -> str:
    sentences = []
    while words > 0:
        length = min(words, dice.randint(6, 22))
        sentences.append(_sentence(dice, topic, length))
        words -= length
    return " ".join(sentences)


def _sentence(dice: Random, topic: Topic, length: int) -> str:
    words = _some(dice, topic.words, length)
    for place, word in enumerate(words):
        chance = dice.random()
        if chance < 0.03:
            words[place] = _rare(dice, topic.language)
        elif chance < 0.21:
            words[place] = dice.choice(topic.own)
        elif chance < 0.27:
            words[place] = f"{word},"
    text = " ".join(words)
    return f"{text[0].upper()}{text[1:].rstrip(',')}.".replace("‘", topic.apostrophe)


def _rare(dice: Random, language: str) -> str:
    """Return a number, or a word from beyond the vocabulary."""
    if dice.random() < 0.4:
        return str(int(10 ** dice.uniform(0, 5)))
    return _word(language, int(WORDS * dice.random() ** -1.5)).title()


def _some(dice: Random, words: Sequence[str], count: int) -> list[str]:
    return dice.choices(words, cum_weights=_weights(), k=count)


@cache
def _weights() -> list[float]:
    return [*accumulate((rank + 2.7) ** -1.07 for rank in range(WORDS))]


@cache
def vocabulary(language: str) -> Sequence[str]:
    """Return a language's words, the most frequent first."""
    words = [_word(language, rank) for rank in range(WORDS)]
    if language in MONEY:
        words[30] = MONEY[language]
    return words


def _word(language: str, rank: int) -> str:
    """Return the word of this rank: one syllable for the first hundred, then an ending too, then more of them."""
    syllables, endings, left = _syllables(language), SPELLINGS[language][2].split(), rank
    text, left = syllables[left % len(syllables)], left // len(syllables)
    while left:
        left -= 1
        text, left = text + syllables[left % len(syllables)], left // len(syllables)
    return text + endings[rank % len(endings)] if rank > ENDLESS.get(language, 200) else text


@cache
def _syllables(language: str) -> list[str]:
    onsets, vowels, _ = (part.split() for part in SPELLINGS[language])
    syllables = [onset + vowel + coda for onset in onsets for vowel in vowels for coda in ("", onsets[-1][-1])]
    Random(len(syllables)).shuffle(syllables)
    return syllables
