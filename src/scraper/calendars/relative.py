"""Dates that count from now: `Сегодня, 19:48`, `5 hours 42 min ago`, `vor 3 Tagen`, `5分前`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from scraper.calendars.clocks import Beside, clock_after, clock_before
from scraper.calendars.months import folded_word
from scraper.calendars.written import Clock

# A space in a name is "_". `ma`, `hier` and `sot` are ordinary words elsewhere: a text of their own, or beside a time.
DAYS: Mapping[int, str] = {
    0: """today bugun bügün búgin bugün бугун бүгін бүгүн бүген сегодня имрӯз имруз şu_gün şugün bu_gün сьогодні сёння
       днес danas данас денес heute vandaag vandag aujourd'hui aujourd’hui hoy oggi hoje avui azi astăzi sot ma dnes
       dzisiaj dziś i_dag idag tänään täna šodien šiandien hari_ini hôm_nay היום اليوم امروز σήμερα 今日 今天 오늘""",
    1: """yesterday kecha keshe keşe кеча кеше кечээ вчера дирӯз дируз düýn dünən dün учора вчора jučer juče јуче
       gestern gisteren gister hier ayer ieri ontem ahir dje tegnap včera včeraj wczoraj i_går igår eilen eile vakar
       kemarin hôm_qua אתמול أمس دیروز χθες 昨日 昨天 어제""",
    2: "позавчера позавчора vorgestern avant-hier anteayer",
}
_SECOND, _MINUTE, _HOUR, _DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
UNITS: Mapping[timedelta, str] = {
    _SECOND: """second seconds sec secs s сек секунд секунды секунду soniya сония saniye sekunde sekunden segundos
             secondes secondi sekund 秒前 秒钟前 초""",
    _MINUTE: """minute minutes min mins m минут минуты минуту минута мин хв хвилин хвилини хвилину daqiqa дақиқа мүнөт
             дақ minut minuty minutę minuta minuten minutter minuter minuti minutos minuto minuuttia dakika dk dəqiqə
             perce perccel λεπτά λεπτό دقيقة دقائق دقیقه menit phút 分前 分钟前 分鐘前 분""",
    _HOUR: """hour hours hr hrs h час часа часов ч год годин години годину soat соат сағат sağat саат saat sagat stunde
           stunden std heure heures hora horas ora ore uur hodin hodiny hodinou godzin godziny godzinę timer timmar
           time tim tuntia tunti órája órával val valandas ώρες ώρα ساعة ساعات ساعت jam giờ
           時間前 小时前 小時前 시간""",
    _DAY: """day days d день дня дней дні днів kun кун күн gün рӯз рӯзи tag tage tagen jour jours día días dia dias
          giorni giorno dagen dagar dage dní dny dnem dni dzień päivää napja nappal ημέρες μέρες يوم أيام روز hari
          ngày 日前 天前 일""",
}
_AFTER = ("ago назад тому oldin avval ilgari олдин аввал илгари бұрын būryn burın мурун мурда пеш önce öň əvvəl geleden"
          " temu sitten sedan siden atrás fa tagasi atpakaļ nazaj ezelőtt πριν پیش lalu yang_lalu trước"
          " nazad më_parë 전")
_BEFORE = "vor hace há il_y_a il_ya před pred prije пре преди пред منذ قبل prieš pirms acum fa"
_NOW = "now just_now только_что hozir hozirgina ҳозир ҳозиргина қазір азыр gerade_eben à_l'instant ahora şimdi щойно"


@dataclass(frozen=True, slots=True)
class Relative:
    """A date counted from now at `text[start:end]`: whole days back, with a clock or none, or a span to the minute."""

    start: int
    end: int
    days: int | None = None
    clock: Clock | None = None
    span: timedelta | None = None  # hours alone say no minute: `days` is then None and `exact` False
    exact: bool = False


def _any_of(names: str) -> str:
    longest_first = sorted((re.escape(name).replace("_", r"\s") for name in names.split()), key=len, reverse=True)
    return "(?:" + "|".join(longest_first) + ")"


_LETTERS = r"[^\W\d_]{1,12}"
_DAYS_BACK = {folded_word(name.replace("_", " ")): back for back, names in DAYS.items() for name in names.split()}
_UNIT = {name: unit for unit, names in UNITS.items() for name in names.split()}
READING_TIME = re.compile(r"\s{0,3}\d{1,3}\s?" + _any_of(UNITS[_MINUTE]) + r"(?![^\W_])", re.IGNORECASE)
_DAY_WORD = re.compile(r"(?<![^\W_])" + _any_of(" ".join(DAYS.values())), re.IGNORECASE)
_NOW_ALONE = re.compile(_any_of(_NOW), re.IGNORECASE)
_ONE = r"(?:(?P<n1>\d{1,4})\s?|(?:an?|one|einer|einem|une?|una?|bir|бир|один|одну)\s)?(?P<u1>" + _LETTERS + r")\.?"
_AGO = re.compile(
    r"(?<![^\W_])(?:(?P<before>" + _any_of(_BEFORE) + r")\s)?" + _ONE
    + r"(?:[\s,]{1,2}(?:(?:and|и|va|ва|und|et|y|e)\s)?(?P<n2>\d{1,3})\s?(?P<u2>" + _LETTERS + r")\.?)?"
    + r"(?:\s(?P<after>" + _any_of(_AFTER) + r")(?![^\W_])|(?![^\W_]))", re.IGNORECASE)
_LABELLED = re.compile(r"(?:[^\W\d_]{3,16}:\s?)?")


def relative_in(text: str) -> Relative | None:
    """Return the first date in a line that counts from now, or None."""
    return _day_word(text) or _ago(text) or _now(text)


def _day_word(text: str) -> Relative | None:
    for match in _DAY_WORD.finditer(text):
        if _runs_on(text, match.end()):
            continue
        days = _DAYS_BACK[folded_word(" ".join(match[0].split()))]  # the pattern takes İ and ſ for i and s
        after = clock_after(text, match.end())
        beside = after if after and after.near else clock_before(text, match.start())
        if beside is not None and beside.near:
            return _beside(match, days, beside)
        label = _LABELLED.match(text.lstrip())
        if label and text.lstrip()[label.end():].strip(" \t\n\r\xa0.,|•-–—()") == match[0]:
            return Relative(match.start(), match.end(), days=days)
    return None


def _beside(match: re.Match[str], days: int, beside: Beside) -> Relative:
    return Relative(min(match.start(), beside.start), max(match.end(), beside.end), days=days, clock=beside.clock)


def _runs_on(text: str, end: int) -> bool:
    """Tell whether a longer word goes on at `end`; a capital behind a small letter begins the next (`todayAuthor`)."""
    following = text[end:end + 1]
    return following.islower() or (following.isupper() and text[end - 1].isupper())


def _ago(text: str) -> Relative | None:
    position = 0
    while match := _AGO.search(text, position):
        unit, more = _UNIT.get(match["u1"].lower()), _UNIT.get((match["u2"] or "").lower())
        whole = more is not None or match["u2"] is None
        if unit is None or not (match["before"] or match["u1"].endswith("前") or (match["after"] and whole)):
            position = match.end("u1")
            continue
        span = int(match["n1"] or 1) * unit + (int(match["n2"]) * more if more else timedelta())
        end = match.end() if whole else match.end("u1")
        return Relative(match.start(), end, span=span, exact=_MINUTE in (unit, more) or unit == _SECOND)
    return None


def _now(text: str) -> Relative | None:
    alone = _NOW_ALONE.fullmatch(text.strip())
    return Relative(0, len(text), span=timedelta(), exact=True) if alone else None
