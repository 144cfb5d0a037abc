"""The language of a text by its letters; the sentences are made up for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.language import language_of, language_of_script, settled
from scraper.text import APOSTROPHES

TEXTS = {
    "uz-Latn": "Shahar chekkasida yangi koʻprik ochildi. Aholi daryoning ikki qirgʻogʻini bogʻlaydigan yoʻlni anchadan"
               " beri kutgan edi, endi ishga borish ham oson boʻladi.",
    "uz-Cyrl": "Шаҳар чеккасида янги кўприк очилди. Аҳоли дарёнинг икки қирғоғини боғлайдиган йўлни анчадан бери кутган"
               " эди, энди ишга бориш ҳам осон бўлади.",
    "kk": "Қалада жаңа көпір ашылды. Тұрғындар өзеннің екі жағасын байланыстыратын жолды көптен күткен еді, енді"
          " жұмысқа жету әлдеқайда жеңіл болады.",
    "kk-Latn": "Qalada jańa kópir ashyldy. Turǵyndar ózenniń eki jaǵasyn bailanystyratyn joldy kópten kútken edi, endi"
               " jumysqa jetý áldeqaida jeńil bolady.",
    "ky": "Шаардын четинде жаңы көпүрө ачылды. Тургундар өзөндүн эки жээгин байланыштырган жолду көптөн бери күтүшкөн,"
          " эми жумушка баруу кыйла жеңил болот.",
    "tg": "Дар канори шаҳр пули нав кушода шуд. Сокинон роҳеро, ки ду соҳили дарёро мепайвандад, муддати тӯлонӣ интизор"
          " буданд ва акнун ба кор рафтан осонтар мешавад. Ҷашн то бегоҳӣ давом кард.",
    "tk": "Şäheriň gyrasynda täze köpri açyldy. Ýaşaýjylar derýanyň iki kenaryny birleşdirýän ýoly köpden bäri"
          " garaşýardylar, indi işe gitmek has aňsat bolar.",
    "kaa": "Qala shetinde jańa kópir ashıldı. Turǵınlar dáryanıń eki jaǵasın baylanıstıratuǵın joldı kópten beri kútken"
           " edi, endi jumısqa barıw ańsat boladı.",
    "kaa-Cyrl": "Қала шетинде жаңа көпир ашылды. Турғынлар дәрьяның еки жағасын байланыстыратуғын жолды көптен бери"
                " күткен еди, енди жумысқа барыў аңсат болады.",
    "ru": "На окраине города открыли новый мост. Жители давно ждали дорогу, которая связывает два берега реки; теперь"
          " добираться на работу будет быстрее, а рыбаки вышли на лёд.",
    "en": "A new bridge was opened at the edge of the town. People had waited for the road that joins the two banks of"
          " the river, and it will be easier to get to work.",
}
OTHERS = {
    "de": "Am Rand der Stadt wurde eine neue Brücke eröffnet. Die Bewohner hatten lange auf die Straße gewartet, die"
          " beide Ufer des Flusses verbindet.",
    "tr": "Şehrin kenarında yeni bir köprü açıldı. Sakinler nehrin iki yakasını birbirine bağlayan yolu uzun süredir"
          " bekliyordu, işe gitmek artık daha kolay olacak.",
    "cs": "Na okraji města byl otevřen nový most. Obyvatelé na silnici, která spojuje oba břehy řeky, dlouho čekali a"
          " cesta do práce teď bude snazší, říká žena z nábřeží.",
    "mn": "Хотын захад шинэ гүүр нээгдлээ. Оршин суугчид голын хоёр эргийг холбосон замыг удаан хүлээж байсан бөгөөд"
          " одоо ажилдаа очиход амар болно.",
    "uk": "На околиці міста відкрили новий міст. Мешканці довго чекали на дорогу, яка з'єднує два береги річки, і тепер"
          " їхати на роботу буде ближче.",
    "be": "На ўскраіне горада адкрылі новы мост. Жыхары доўга чакалі дарогу, якая злучае два берагі ракі, і цяпер"
          " дабірацца на працу будзе лягчэй.",
    "bg": "В края на града отвориха нов мост. Жителите отдавна чакаха пътя, който свързва двата бряга на реката, и вече"
          " ще стигат до работа по-лесно.",
}
SCRIPTS = {
    "th": "สะพานใหม่เปิดที่ชานเมือง ชาวบ้านรอถนนที่เชื่อมสองฝั่งแม่น้ำมานาน",
    "he": "גשר חדש נפתח בקצה העיר, והתושבים חיכו זמן רב לכביש שמחבר את שתי הגדות",
    "ja": "町の外れに新しい橋が開通した。住民は両岸を結ぶ道を長い間待っていた。",
    "zh": "城边的新桥已经通车，居民们早就盼望着这条连接两岸的道路。",
    "ko": "도시 변두리에 새 다리가 열렸다. 주민들은 두 강가를 잇는 길을 오래 기다렸다.",
    "ka": "ქალაქის პირას ახალი ხიდი გაიხსნა და მაცხოვრებლები დიდხანს ელოდნენ გზას",
    "hy": "Քաղաքի ծայրին նոր կամուրջ բացվեց, և բնակիչները վաղուց էին սպասում ճանապարհին",
    "el": "Στην άκρη της πόλης άνοιξε μια νέα γέφυρα και οι κάτοικοι περίμεναν τον δρόμο",
    "fa": "پل تازه‌ای در کنار شهر باز شد و مردم چشم به راه جاده‌ای بودند که دو کرانه رود را به هم می‌پیوندد، گفت یکی",
}
NAMES = "Президент выступил в Астане и Қостанае, где открыли новый мост, и вручил жителям награды; мы были на месте."


@pytest.mark.parametrize("language", TEXTS)
def test_a_text_is_told_by_its_letters(language: str) -> None:
    assert language_of(TEXTS[language]) == language


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_that_is_none_of_ours_is_not_guessed(language: str) -> None:
    assert language_of(OTHERS[language]) is None


@pytest.mark.parametrize("language", SCRIPTS)
def test_a_script_of_one_language_tells_it(language: str) -> None:
    """Its page may claim anything else: a template's `en` over Thai is none."""
    assert (language_of_script(SCRIPTS[language]), settled("en", SCRIPTS[language])) == (language, None)


@pytest.mark.parametrize("text", ["", "สะ", TEXTS["ru"], TEXTS["en"], "افتتح جسر جديد على طرف المدينة"])
def test_a_script_of_many_languages_tells_none(text: str) -> None:
    assert language_of_script(text) is None


@pytest.mark.parametrize("mark", APOSTROPHES)
def test_uzbek_is_told_whichever_apostrophe_is_typed(mark: str) -> None:
    """Sites type eight different signs for one letter."""
    assert language_of(TEXTS["uz-Latn"].replace("ʻ", mark)) == "uz-Latn"


def test_a_name_in_other_letters_makes_no_other_language() -> None:
    assert language_of(NAMES) == "ru"


def test_a_few_letters_tell_nothing() -> None:
    assert [language_of(text) for text in ("", "Ўзбек", "12 345", "···", "The end")] == [None] * 5


def test_letters_that_two_languages_share_tell_neither() -> None:
    """Tajik writes қ and ҳ as well; only ў makes it Uzbek."""
    shared = "Қишлоқ аҳолиси ҳақида хабар берилди, қарор қабул қилинди."

    assert [language_of(text) for text in (shared, f"{shared} Бўлди, ўша йўл.")] == [None, "uz-Cyrl"]


def test_a_text_in_two_scripts_has_none() -> None:
    """A claim of either stays as it is."""
    mixed = TEXTS["ru"][:60] + TEXTS["en"][:60]

    assert [settled(claim, mixed) for claim in ("ru", "en", "uz")] == ["ru", "en", "uz"]
    assert [settled(claim, TEXTS["ru"]) for claim in ("ru", "en")] == ["ru", None]


@pytest.mark.parametrize(
    ("claim", "text", "tag"),
    [
        ("uz", "uz-Latn", "uz-Latn"),
        ("uz", "uz-Cyrl", "uz-Cyrl"),
        ("uz-Latn-UZ", "uz-Cyrl", "uz-Cyrl-UZ"),
        ("UZ", "uz-Cyrl", "uz-Cyrl"),
        ("kk", "kk", "kk"),
        ("kk-KZ", "kk-Latn", "kk-Latn-KZ"),
        ("kk-Cyrl", "kk", "kk"),
        ("kz", "kk", "kk"),
        ("tj", "tg", "tg"),
        ("en-US", "en", "en-US"),
        ("ru", "uz-Cyrl", None),
        ("ru", "uz-Latn", None),
        ("en", "uz-Latn", None),
        ("en", "tk", None),
        ("uz", "ru", None),
        ("kk", "ru", None),
        ("uz", "kk", None),
    ],
)
def test_a_claim_is_believed_if_the_text_can_be_in_it(claim: str, text: str, tag: str | None) -> None:
    assert settled(claim, TEXTS[text]) == tag


@pytest.mark.parametrize(("claim", "text"), [("de", "de"), ("tr-TR", "tr"), ("mn", "mn"), ("be", "be"), ("en", "de")])
def test_a_claim_of_another_language_stands(claim: str, text: str) -> None:
    """en over German stands too: nothing in the text says that it is one of those told apart here."""
    assert settled(claim, OTHERS[text]) == claim


def test_without_a_text_a_claim_stands_as_it_is() -> None:
    assert [settled(claim, "") for claim in ("uz", "kz", "en-GB")] == ["uz", "kk", "en-GB"]


@given(st.text(max_size=400))
def test_any_text_has_one_of_our_languages_or_none(text: str) -> None:
    assert language_of(text) in {*TEXTS, None}


@given(st.sampled_from([*TEXTS]), st.integers(60, 120), st.sampled_from(["", "\n\n", " 2026 — 15 % ", "\u00ad"]))
def test_the_start_of_a_text_is_never_taken_for_another_language(language: str, length: int, between: str) -> None:
    """Too little to tell is said, not guessed."""
    text = between.join((TEXTS[language][:length], TEXTS[language][:length]))

    assert language_of(text) in {language, None}


@given(st.sampled_from(["uz", "uz-Latn", "kk", "ky-Cyrl", "tg", "kaa", "ru-RU", "en", "tk", "de", "kz"]), st.text())
def test_a_settled_tag_stays_as_it_is(claim: str, text: str) -> None:
    tag = settled(claim, text)

    assert tag is None or settled(tag, text) == tag
