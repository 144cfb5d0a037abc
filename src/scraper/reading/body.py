"""Outline in, story out: which lines are its running text. Decides line by line, inside the densest run.

The hints of class names only ever speak against a line or for its kind; a page without any reads the same.
A live blog is one story: its posts stand in one run, and each post's heading stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from scraper.reading.density import (
    GOOD,
    HEADINGS,
    LASTING,
    OUT,
    PROSE,
    Weighed,
    believing,
    densest_run,
    is_notice,
    main_box,
    weighed,
)
from scraper.reading.elsewhere import beside, is_pointer, squashed, without_echoes, without_requests
from scraper.reading.hints import BODY, BYLINE, CAPTION, CREDIT, DATE, LEAD
from scraper.reading.outline import Outline
from scraper.reading.persons import looks_named
from scraper.reading.stamplines import heads_story

_LITTLE = 400  # characters of running text that make a run doubtful
_PLENTY = 2_000  # that nothing found with less trust would replace
_NEAR = 15  # lines from the headline to the text
_LEAD_NEAR = 7  # lines from the headline to the standfirst
_SUBTITLE_NEAR = 3  # the same where it is marked as a heading
_SHORT = 15  # characters of a paragraph; what is shorter behind the last one is a label
_TITLE = 150  # of an h1 inside the text that heads a part of it
_LABEL = 40  # the same of words and a colon that stand above links
_BEHIND = 12  # lines behind the last paragraph that may still be the story's
_CLOCK = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?!\d)")
_SENTENCE_END = tuple(".!?…。！？।۔؟:\"”»“’'")


@dataclass(frozen=True, slots=True)
class Story:
    """The lines that are the story, by index; `first` and `last` bound its running text, `top` is the box it fills."""

    page: Weighed
    chosen: tuple[int, ...] = ()
    first: int = -1
    last: int = -1
    top: int = 0
    told: bool = False  # the page's script data hold the same text

    @property
    def weight(self) -> int:
        """Return the width of its running text."""
        return sum(size for index in self.chosen if (size := self.page.widths[index]) >= GOOD)


def story_from(outline: Outline, headline: str, script_text: str = "", believed: int = OUT) -> Story:
    """Choose the story's lines; `script_text` is what script data say it is, and the arbiter where the page agrees."""
    page = _apart(weighed(outline, headline, believed))
    telling = _arbiter(page, script_text) if len(script_text) > 500 else None
    if telling is not None:
        page.good = [size if told else 0 for size, told in zip(page.widths, telling, strict=True)]
    page, span = _run(page)
    top = main_box(page, span)
    if page.outline.tags[top] == "p":
        top = page.outline.parents[top]  # a story of one paragraph may go on behind what stands below it
    inside = outline.within(top)
    goods = [index for index in range(*span) if page.good[index] and outline.lines[index].box in inside]
    goods = _in_prose(page, goods)
    if not goods:
        return Story(page)
    weight = sum(page.good[index] for index in goods)
    if 4 * sum(page.good[index] for index in goods if index < page.headline_at) > weight:
        page.headline_at = -1  # a headline behind a quarter of the text is another story's
    choice = _Choice(page, goods[0], goods[-1], inside, squashed(headline))
    chosen = choice.told(telling) if telling is not None else choice.lines()
    return Story(page, tuple(_finished(page, chosen)), goods[0], goods[-1], top, telling is not None)


def _in_prose(page: Weighed, goods: list[int]) -> list[int]:
    """Leave out what follows the last paragraph in bare boxes, where most of the text stands in paragraphs."""
    tags, lines = page.outline.tags, page.outline.lines
    prose = [index for index in goods if tags[lines[index].box] in PROSE]
    if 3 * sum(page.good[index] for index in prose) < 2 * sum(page.good[index] for index in goods):
        return goods
    return [index for index in goods if index <= prose[-1]]


def _apart(page: Weighed) -> Weighed:
    """Return the page with the lines of other stories weighed for nothing, if there is any text but theirs."""
    page.beside = beside(page)
    own = list(page.good)
    for index in page.beside:
        own[index] = 0
    return replace(page, good=own) if any(own) else page


def _run(page: Weighed) -> tuple[Weighed, tuple[int, int]]:
    """Return the densest run and the page it was found on; a doubtful one gives way to one with less trust in names."""
    span = densest_run(page)
    found, near = sum(page.good[span[0] : span[1]]), _is_near(page, span)
    if found >= _LITTLE and (near or found >= _PLENTY):
        return page, span
    relaxed = _apart(believing(page, LASTING))
    wider = densest_run(relaxed)
    more = sum(relaxed.good[wider[0] : wider[1]])
    if (found < _LITTLE and more > 3 * found) or (not near and _is_near(relaxed, wider) and more > 2 * found):
        return relaxed, wider
    return page, span


def _is_near(page: Weighed, span: tuple[int, int]) -> bool:
    return 0 <= page.headline_at <= span[0] <= page.headline_at + _NEAR


def _arbiter(page: Weighed, script_text: str) -> list[bool] | None:
    """Return which lines script data tell, if those hold what the page shows: neither a teaser nor another text."""
    guide = squashed(script_text)
    telling = [size >= 40 and squashed(line.text)[:300] in guide
               for size, line in zip(page.widths, page.outline.lines, strict=True)]
    told = sum(size for size, tells in zip(page.widths, telling, strict=True) if tells)
    captions = [index for index, tells in enumerate(telling)
                if tells and page.inherited[page.outline.lines[index].box] & CAPTION]
    uncaptioned = told - sum(page.widths[index] for index in captions)
    if uncaptioned * 10 >= 8 * len(script_text):
        told = uncaptioned
        for index in captions:  # they begin as the text does
            telling[index] = False
    shown = [size if tells else weight for size, tells, weight in zip(page.widths, telling, page.good, strict=True)]
    start, end = densest_run(replace(page, good=shown))
    complete = len(script_text) * 10 >= 7 * sum(shown[start:end])
    return telling if complete and told * 10 >= 8 * len(script_text) else None


def _finished(page: Weighed, chosen: list[int]) -> list[int]:
    """Leave out requests, echoes, and the headings that nothing follows."""
    chosen, lines, tags = without_echoes(page, without_requests(page, chosen)), page.outline.lines, page.outline.tags
    while chosen and tags[lines[chosen[-1]].box] in HEADINGS:
        if page.good[chosen[-1]] and lines[chosen[-1]].text.endswith(_SENTENCE_END):
            break  # the text is set in headings
        chosen.pop()
    return chosen


@dataclass(slots=True)
class _Choice:
    """The choice line by line between the headline and a few lines behind the last paragraph."""

    page: Weighed
    first: int
    last: int
    inside: range
    title: str
    loose: bool = field(init=False)  # most of the text stands in no paragraph: divs and line breaks
    homes: set[int] = field(init=False)

    def __post_init__(self) -> None:
        page, lines, tags = self.page, self.page.outline.lines, self.page.outline.tags
        goods = [index for index in range(self.first, self.last + 1) if page.good[index]]
        prose = sum(page.good[index] for index in goods if tags[lines[index].box] in PROSE)
        self.loose = prose * 2 < sum(page.good[index] for index in goods)
        self.homes = {self._home(self.first), self._home(self.last)}

    def _home(self, index: int) -> int:
        box = self.page.outline.lines[index].box
        return box if self.loose else self.page.outline.parents[box]

    def lines(self) -> list[int]:
        """Return the lines to take, in page order."""
        chosen: list[int] = []
        lines, end = self.page.outline.lines, self.last + 1
        while end < len(lines) and (lines[end].box == lines[self.last].box or self._home(end) in self.homes):
            end += 1
        for index in self._reach(len(lines)):
            if index >= end + _BEHIND and (self.loose or not self.page.good[index]):
                continue
            if self.takes(index) and not self._repeats(index, chosen):
                chosen.append(index)
        return chosen

    def told(self, telling: list[bool]) -> list[int]:
        """Return the lines that script data tell, and the headings and short lines between them."""
        page, chosen = self.page, list[int]()
        for index in self._reach(self.last + 1):
            tag = page.outline.tags[page.outline.lines[index].box]
            short = page.widths[index] < 40 or tag in HEADINGS
            may_be = short or self._leads(index)
            if telling[index] or (may_be and self.takes(index) and not self._repeats(index, chosen)):
                chosen.append(index)
        return chosen

    def _reach(self, end: int) -> range:
        start = self.page.headline_at + 1 if self.page.headline_at >= 0 else self.first
        return range(start, min(len(self.page.outline.lines), end))

    def _repeats(self, index: int, chosen: list[int]) -> bool:
        lines = self.page.outline.lines
        return bool(chosen) and lines[chosen[-1]].text == lines[index].text

    def takes(self, index: int) -> bool:
        """Tell whether the line is the story's, by where it stands and what it holds."""
        line, page = self.page.outline.lines[index], self.page
        if page.inherited[line.box] & OUT or index in page.beside or index in page.pictured:
            return False
        if not (line.box in self.inside or self._leads(index)) or self._is_furniture(index):
            return False
        if "[caption" in line.text:  # never rendered; `prose` makes a caption of it
            return True
        size, tag = page.widths[index], page.outline.tags[line.box]
        at_home = self._home(index) in self.homes and size >= _SHORT
        if index < self.first and tag not in HEADINGS:
            return self._leads(index) or (at_home and tag == "p" and line.text.endswith(_SENTENCE_END))
        if index > self.last and looks_named(line.text):
            return False  # a signature
        if index > self.last:
            return self._goes_on(index) or (at_home and line.text.endswith(_SENTENCE_END))
        return tag in PROSE or self.loose or size >= 60 or line.strong * 10 > len(line.text) * 9

    def _goes_on(self, index: int) -> bool:
        """Tell whether the line behind the last paragraph is of the same text: in its box, or a paragraph beside it."""
        page, line = self.page, self.page.outline.lines[index]
        home, tag = self._home(index), page.outline.tags[line.box]
        if tag not in PROSE or line.box == page.outline.lines[self.last].box:
            return tag in PROSE
        named = tag == "p" and bool(page.outline.hints[home] & BODY) and page.widths[index] >= _SHORT
        return home in self.homes and (page.good[index] > 0 or (named and line.strong * 2 < len(line.text)))

    def _leads(self, index: int) -> bool:
        """Tell whether the line may be the standfirst, which often stands in the header, outside the text's box."""
        page = self.page
        if not 0 <= page.headline_at < index < self.first or page.widths[index] < 50:
            return False
        box, text = page.outline.lines[index].box, page.outline.lines[index].text
        tag = page.outline.tags[box]
        if tag == "li" or not (page.inherited[box] & LEAD or tag in PROSE) or self._away(index) > _LEAD_NEAR:
            return False
        return _CLOCK.search(text) is None or text.endswith(_SENTENCE_END)  # else a stamp, whatever stands beside it

    def _away(self, index: int) -> int:
        """Return how many lines below the headline the line stands, those of its picture not counted."""
        page, start = self.page, self.page.headline_at
        if index > start + 2 * _LEAD_NEAR:
            return index - start
        between = range(start + 1, index + 1)
        return sum(not page.inherited[page.outline.lines[at].box] & (CAPTION | CREDIT) for at in between)

    def _may_open(self, index: int) -> bool:
        """Tell whether the heading above the first paragraph is of the text."""
        lead = self.page.inherited[self.page.outline.lines[index].box] & LEAD
        return bool(lead) or self._heads_post(index) or self._tells(index)

    def _tells(self, index: int) -> bool:
        """Tell whether the heading right below the headline is a standfirst: a sentence, not a title."""
        near = 0 < index - self.page.headline_at <= _SUBTITLE_NEAR and self.page.headline_at >= 0
        return near and self.page.widths[index] >= GOOD

    def _heads_post(self, index: int) -> bool:
        """Tell whether the heading stands right above the first paragraph, boxed with it: a post of a live blog."""
        lines, parents = self.page.outline.lines, self.page.outline.parents
        box = parents[lines[index].box]
        shared = box == parents[lines[self.first].box]
        return index == self.first - 1 and shared and parents[box] in self.inside

    def _labels(self, index: int) -> bool:
        """Tell whether the line is a few words and a colon."""
        return self.page.widths[index] <= _LABEL and self.page.outline.lines[index].text.endswith(":")

    def _heads_links(self, index: int) -> bool:
        """Tell whether what stands below the heading leads to other stories."""
        lines = self.page.outline.lines
        below = lines[index + 1] if index + 1 < len(lines) else None
        return below is not None and (index + 1 in self.page.beside or below.linked * 10 >= len(below.text) * 9)

    def _is_furniture(self, index: int) -> bool:
        """Tell whether the line is a link, a repeated title, a kicker, a byline, a date or an address."""
        page, line, size = self.page, self.page.outline.lines[index], self.page.widths[index]
        hints, tag = page.inherited[line.box], page.outline.tags[line.box]
        if size < 200 and (line.linked * 10 > len(line.text) * 8 or is_pointer(line)):
            return True
        if tag == "h1" and (index < self.first or size > _TITLE):
            return True
        if tag in HEADINGS and index < self.first and not self._may_open(index):
            return True
        if abs(len(line.text) - len(self.title)) <= 40 and squashed(line.text) == self.title:
            return True
        if hints & (BYLINE | DATE) and not hints & BODY and size < 100:
            return True
        near = index <= min(self.first + 2, page.headline_at + _NEAR)
        if near and tag not in HEADINGS and heads_story(line.text, hints):
            return True
        if is_notice(line.text) or ((tag in HEADINGS or self._labels(index)) and self._heads_links(index)):
            return True
        return line.text.startswith(("http://", "https://")) or not any(map(str.isalnum, line.text))
