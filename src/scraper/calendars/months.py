"""The words dates are written with: months, weekdays and clock words of the languages we meet. Data, and its look-up.

Checked against dateparser's tables where it has the language (tests/test_months.py); Tajik, Turkmen, Tatar,
Karakalpak and the capitalised nominatives of the region come from pages and dictionaries.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

# January to December; every form a page may print, abbreviations last.
MONTHS: Mapping[str, str] = {
    "en": "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sept sep"
          "|october oct|november nov|december dec",
    "ru": "января январь янв|февраля февраль фев февр|марта март мар|апреля апрель апр|мая май|июня июнь июн"
          "|июля июль июл|августа август авг|сентября сентябрь сен сент|октября октябрь окт|ноября ноябрь ноя нояб"
          "|декабря декабрь дек",
    "uz": "yanvar yan январ|fevral fev феврал|mart mar март|aprel apr апрел|may май|iyun iyn июн|iyul iyl июл"
          "|avgust avg август|sentabr sentyabr sen сентабр сентябр|oktabr oktyabr okt октабр октябр"
          "|noyabr noy ноябр|dekabr dek декабр",
    "kk": "қаңтар қаң qantar qańtar|ақпан ақп aqpan|наурыз нау nauryz|сәуір сәу sáýir säuır|мамыр мам mamyr"
          "|маусым мау maýsym mausym|шілде шіл shilde şılde|тамыз там tamyz|қыркүйек қыр qyrkúıek qyrküiek"
          "|қазан қаз qazan|қараша қар qarasha qaraşa|желтоқсан жел jeltoqsan",
    "ky": "январь январы янв|февраль февралы фев|март марты|апрель апрели апр|май майы|июнь июну|июль июлу"
          "|август августу авг|сентябрь сентябры сен|октябрь октябры окт|ноябрь ноябры ноя|декабрь декабры дек",
    "tg": "январи январ|феврали феврал|марти март|апрели апрел|майи май|июни июн|июли июл|августи август"
          "|сентябри сентябр|октябри октябр|ноябри ноябр|декабри декабр",
    "tk": "ýanwar ýanwary türkmenbaşy|fewral fewraly baýdak|mart marty nowruz|aprel apreli gurbansoltan"
          "|maý maýy magtymguly|iýun iýuny oguz|iýul iýuly gorkut|awgust awgusty alparslan|sentýabr sentýabry ruhnama"
          "|oktýabr oktýabry garaşsyzlyk|noýabr noýabry sanjar|dekabr dekabry bitaraplyk",
    "kaa": "yanvar qańtar|fevral aqpan|mart nawrız|aprel sáwir|may|iyun mawsım|iyul|avgust tamız|sentyabr"
           "|oktyabr qazan|noyabr qarasha|dekabr jeltoqsan",
    "az": "yanvar yan|fevral fev|mart mar|aprel apr|may|iyun iyn|iyul iyl|avqust avq|sentyabr sen|oktyabr okt"
          "|noyabr noy|dekabr dek",
    "tr": "ocak oca|şubat şub|mart mar|nisan nis|mayıs may|haziran haz|temmuz tem|ağustos ağu|eylül eyl|ekim eki"
          "|kasım kas|aralık ara",
    "tt": "гыйнвар|февраль|март|апрель|май|июнь|июль|август|сентябрь|октябрь|ноябрь|декабрь",
    "uk": "січня січень січ|лютого лютий лют|березня березень бер|квітня квітень квіт|травня травень трав"
          "|червня червень черв|липня липень лип|серпня серпень серп|вересня вересень вер|жовтня жовтень жовт"
          "|листопада листопад|грудня грудень груд",
    "be": "студзеня студзень|лютага люты|сакавіка сакавік|красавіка красавік|мая траўня травень|чэрвеня чэрвень"
          "|ліпеня ліпень|жніўня жнівень|верасня верасень|кастрычніка кастрычнік|лістапада лістапад|снежня снежань",
    "bg": "януари|февруари|март|април|май|юни|юли|август|септември|октомври|ноември|декември",
    "mk": "јануари|февруари|март|април|мај|јуни|јули|август|септември|октомври|ноември|декември",
    "sr": "јануар januar jan јан|фебруар februar feb феб|март mart|април april apr апр|мај maj|јун jun|јул jul"
          "|август avgust avg авг|септембар septembar sep сеп|октобар oktobar okt окт|новембар novembar nov нов"
          "|децембар decembar dec дец",
    "hr": "siječnja siječanj sij|veljače veljača velj|ožujka ožujak ožu|travnja travanj tra|svibnja svibanj svi"
          "|lipnja lipanj lip|srpnja srpanj srp|kolovoza kolovoz kol|rujna rujan ruj|listopada listopad lis"
          "|studenoga studenog studeni stu|prosinca prosinac pro",
    "sl": "januar januarja jan|februar februarja feb|marec marca mar|april aprila apr|maj maja|junij junija jun"
          "|julij julija jul|avgust avgusta avg|september septembra sep|oktober oktobra okt|november novembra nov"
          "|december decembra dec",
    "pl": "stycznia styczeń sty|lutego luty lut|marca marzec mar|kwietnia kwiecień kwi|maja maj|czerwca czerwiec cze"
          "|lipca lipiec lip|sierpnia sierpień sie|września wrzesień wrz|października październik paź"
          "|listopada listopad lis|grudnia grudzień gru",
    "cs": "ledna leden led|února únor úno|března březen bře|dubna duben dub|května květen kvě|června červen čvn"
          "|července červenec čvc|srpna srpen srp|září zář|října říjen říj|listopadu listopad lis"
          "|prosince prosinec pro",
    "sk": "januára január jan|februára február feb|marca marec mar|apríla apríl apr|mája máj|júna jún|júla júl"
          "|augusta august aug|septembra september sep|októbra október okt|novembra november nov"
          "|decembra december dec",
    "de": "januar jänner jan jän|februar feber feb|märz mär mrz|april apr|mai|juni jun|juli jul|august aug"
          "|september sept sep|oktober okt|november nov|dezember dez",
    "nl": "januari jan|februari feb|maart mrt|april apr|mei|juni jun|juli jul|augustus aug|september sep sept"
          "|oktober okt|november nov|december dec",
    "af": "januarie|februarie|maart|april|mei|junie|julie|augustus|september|oktober|november|desember",
    "fr": "janvier janv jan|février févr fév|mars|avril avr|mai|juin|juillet juil|août|septembre sept|octobre oct"
          "|novembre nov|décembre déc",
    "es": "enero ene|febrero feb|marzo mar|abril abr|mayo may|junio jun|julio jul|agosto ago"
          "|septiembre setiembre sept sep set|octubre oct|noviembre nov|diciembre dic",
    "pt": "janeiro jan|fevereiro fev|março mar|abril abr|maio mai|junho jun|julho jul|agosto ago|setembro set"
          "|outubro out|novembro nov|dezembro dez",
    "it": "gennaio gen|febbraio feb|marzo mar|aprile apr|maggio mag|giugno giu|luglio lug|agosto ago|settembre set sett"
          "|ottobre ott|novembre nov|dicembre dic",
    "ca": "gener gen|febrer febr|març|abril abr|maig|juny|juliol jul|agost ag|setembre set|octubre oct|novembre nov"
          "|desembre des",
    "gl": "xaneiro xan|febreiro feb|marzo|abril|maio|xuño|xullo|agosto|setembro|outubro|novembro|decembro",
    "ro": "ianuarie ian|februarie feb|martie mar|aprilie apr|mai|iunie iun|iulie iul|august aug|septembrie sept sep"
          "|octombrie oct|noiembrie nov noi|decembrie dec",
    "sq": "janar|shkurt|mars|prill|maj|qershor|korrik|gusht|shtator|tetor|nëntor|dhjetor",
    "hu": "január jan|február febr|március márc|április ápr|május máj|június jún|július júl|augusztus aug"
          "|szeptember szept|október okt|november nov|december dec",
    "el": "ιανουαρίου ιανουάριος ιαν|φεβρουαρίου φεβρουάριος φεβ|μαρτίου μάρτιος μαρ|απριλίου απρίλιος απρ"
          "|μαΐου μάιος μάι|ιουνίου ιούνιος ιουν|ιουλίου ιούλιος ιουλ|αυγούστου αύγουστος αυγ"
          "|σεπτεμβρίου σεπτέμβριος σεπ|οκτωβρίου οκτώβριος οκτ|νοεμβρίου νοέμβριος νοε|δεκεμβρίου δεκέμβριος δεκ",
    "sv": "januari jan|februari feb|mars|april apr|maj|juni jun|juli jul|augusti aug|september sep sept|oktober okt"
          "|november nov|december dec",
    "da": "januar jan|februar feb|marts mar|april apr|maj|juni jun|juli jul|august aug|september sep sept|oktober okt"
          "|november nov|december dec",
    "nb": "januar jan|februar feb|mars mar|april apr|mai|juni jun|juli jul|august aug|september sep sept|oktober okt"
          "|november nov|desember des",
    "is": "janúar|febrúar|mars|apríl|maí|júní|júlí|ágúst|september|október|nóvember|desember",
    "fi": "tammikuuta tammikuu tammi|helmikuuta helmikuu helmi|maaliskuuta maaliskuu maalis|huhtikuuta huhtikuu huhti"
          "|toukokuuta toukokuu touko|kesäkuuta kesäkuu kesä|heinäkuuta heinäkuu heinä|elokuuta elokuu elo"
          "|syyskuuta syyskuu syys|lokakuuta lokakuu loka|marraskuuta marraskuu marras|joulukuuta joulukuu joulu",
    "et": "jaanuar jaan|veebruar veebr|märts|aprill|mai|juuni|juuli|august|september sept|oktoober okt|november nov"
          "|detsember dets",
    "lv": "janvāris janvārī|februāris februārī|marts martā|aprīlis aprīlī|maijs maijā|jūnijs jūnijā|jūlijs jūlijā"
          "|augusts augustā|septembris septembrī|oktobris oktobrī|novembris novembrī|decembris decembrī",
    "lt": "sausio sausis saus|vasario vasaris vas|kovo kovas|balandžio balandis|gegužės gegužė|birželio birželis"
          "|liepos liepa|rugpjūčio rugpjūtis rugp|rugsėjo rugsėjis rugs|spalio spalis|lapkričio lapkritis"
          "|gruodžio gruodis",
    "id": "januari jan|februari feb|maret mar|april apr|mei|juni jun|juli jul|agustus agu agt|september sep"
          "|oktober okt|november nov|desember des",
    "ms": "januari|februari|mac|april|mei|jun|julai|ogos|september|oktober|november|disember dis",
    "sw": "januari|februari|machi|aprili|mei|juni|julai|agosti|septemba|oktoba|novemba|desemba",
    "ar": "يناير جانفي|فبراير فيفري شباط|مارس آذار|أبريل إبريل أفريل نيسان|مايو ماي أيار|يونيو يونيه جوان حزيران"
          "|يوليو يوليه جويلية تموز|أغسطس أوت آب|سبتمبر أيلول|أكتوبر|نوفمبر|ديسمبر",
    "fa": "ژانویه جنوری|فوریه فبروری|مارس مارچ|آوریل اپریل|مه می|ژوئن جون|ژوئیه جولای|اوت آگست|سپتامبر سپتمبر"
          "|اکتبر اکتوبر|نوامبر نومبر|دسامبر دسمبر",
    "ur": "جنوری|فروری|مارچ|اپریل|مئی|جون|جولائی|اگست|ستمبر|اکتوبر|نومبر|دسمبر",
    "he": "ינואר בינואר|פברואר בפברואר|מרץ במרץ מרס|אפריל באפריל|מאי במאי|יוני ביוני|יולי ביולי|אוגוסט באוגוסט"
          "|ספטמבר בספטמבר|אוקטובר באוקטובר|נובמבר בנובמבר|דצמבר בדצמבר",
    "hi": "जनवरी|फ़रवरी फरवरी|मार्च|अप्रैल|मई|जून|जुलाई|अगस्त|सितंबर सितम्बर|अक्तूबर अक्टूबर|नवंबर नवम्बर"
          "|दिसंबर दिसम्बर",
    "bn": "জানুয়ারি জানুয়ারী|ফেব্রুয়ারি ফেব্রুয়ারী|মার্চ|এপ্রিল|মে|জুন|জুলাই|আগস্ট|সেপ্টেম্বর|অক্টোবর|নভেম্বর"
          "|ডিসেম্বর",
    "th": "มกราคม|กุมภาพันธ์|มีนาคม|เมษายน|พฤษภาคม|มิถุนายน|กรกฎาคม|สิงหาคม|กันยายน|ตุลาคม|พฤศจิกายน|ธันวาคม",
    "ka": "იანვარი იან|თებერვალი თებ|მარტი მარ|აპრილი აპრ|მაისი მაი|ივნისი ივნ|ივლისი ივლ|აგვისტო აგვ"
          "|სექტემბერი სექ|ოქტომბერი ოქტ|ნოემბერი ნოე|დეკემბერი დეკ",
    "hy": "հունվարի հունվար|փետրվարի փետրվար|մարտի մարտ|ապրիլի ապրիլ|մայիսի մայիս|հունիսի հունիս|հուլիսի հուլիս"
          "|օգոստոսի օգոստոս|սեպտեմբերի սեպտեմբեր|հոկտեմբերի հոկտեմբեր|նոյեմբերի նոյեմբեր|դեկտեմբերի դեկտեմբեր",
}

# Monday to Sunday.
# Farvardin to Esfand as in Iran, then as in Afghanistan.
SOLAR_MONTHS = (
    "فروردین حمل|اردیبهشت ثور|خرداد جوزا|تیر سرطان|مرداد اسد|شهریور سنبله|مهر میزان|آبان عقرب|آذر قوس|دی جدی|بهمن دلو"
    "|اسفند حوت"
)
WEEKDAYS = (
    """monday mon понедельник пн dushanba душанба дүйсенбі дс дүйшөмбү душанбе duşenbe dúyshembi pazartesi понеділок
    montag mo lundi lun lunes lunedì segunda poniedziałek pondělí pondelok maandag måndag mandag maanantai δευτέρα
    الاثنين الإثنين دوشنبه düisenbı dúısenbi""",
    """tuesday tue tues вторник вт seshanba сешанба сейсенбі сс шейшемби сешанбе sişenbe siyshembi salı вівторок
    dienstag mardi martes martedì terça wtorek úterý utorok dinsdag tisdag tirsdag tiistai τρίτη الثلاثاء
    seisenbı seısenbi""",
    """wednesday wed среда ср chorshanba чоршанба сәрсенбі шаршемби чоршанбе çarşenbe sárshembi çarşamba середа
    mittwoch mi mercredi mer miércoles mercoledì quarta środa středa streda woensdag onsdag keskiviikko τετάρτη
    الأربعاء چهارشنبه särsenbı sársenbi""",
    """thursday thu thur thurs четверг чт payshanba пайшанба бейсенбі бс бейшемби панҷшанбе penşenbe piyshembi
    perşembe четвер donnerstag jeudi jeu jueves giovedì quinta czwartek čtvrtek štvrtok donderdag torsdag torstai
    πέμπτη الخميس پنجشنبه beisenbı beısenbi""",
    """friday fri пятница пт juma жума жұма жм ҷумъа ҷума anna cuma freitag fr vendredi ven viernes venerdì sexta
    piątek pátek piatok vrijdag fredag perjantai παρασκευή الجمعة جمعه jūma""",
    """saturday sat суббота сб shanba шанба сенбі ишемби шанбе şenbe shembi cumartesi субота samstag sonnabend sa
    samedi sam sábado sabato sobota zaterdag lördag lørdag lauantai σάββατο السبت شنبه senbı senbi""",
    """sunday sun воскресенье вс yakshanba якшанба жексенбі жс жекшемби якшанбе ýekşenbe ekshembi pazar неділя
    sonntag so dimanche dim domingo domenica niedziela neděle nedeľa zondag söndag søndag sunnuntai κυριακή الأحد
    یکشنبه jeksenbı jeksenbi""",
)

# Words of icon fonts that end up glued to a date once their tags are gone.
ICON_WORDS = ("visibility", "remove", "schedule", "access", "calendar", "watch", "query", "event", "person", "comment",
              "chat", "eye", "timer", "today", "share", "favorite")

_LANGUAGES = {"no": "nb", "nn": "nb", "bs": "sr", "uzb": "uz", "kir": "ky", "in": "id", "iw": "he"}


def folded_word(word: str) -> str:
    """Return `word` as months are compared: caseless, without accents; dotless i is i (EKİM, kasım, KASIM)."""
    plain = unicodedata.normalize("NFKD", word.casefold().replace("ı", "i"))
    return "".join(mark for mark in plain if not unicodedata.combining(mark))


def _by_language() -> dict[str, dict[str, int]]:
    tables: dict[str, dict[str, int]] = {}
    for language, months in MONTHS.items():
        table = tables[language] = {}
        for number, names in enumerate(months.split("|"), start=1):
            for name in names.split():
                table.setdefault(folded_word(name), number)
    return tables


_TABLES = _by_language()
_ANY: dict[str, int] = {}
for _table in _TABLES.values():
    for _name, _number in _table.items():
        _ANY.setdefault(_name, _number)  # where two languages disagree, the earlier in MONTHS is meant
_SOLAR = {
    name: number
    for number, names in enumerate(SOLAR_MONTHS.split("|"), start=1) for name in names.split()
}
_WEEKDAYS = {folded_word(name): number for number, names in enumerate(WEEKDAYS) for name in names.split()}


def known(language: str | None) -> bool:
    """Tell whether the months of `language` (BCP 47) are in the table."""
    return _primary(language) in _TABLES


def _primary(language: str | None) -> str:
    primary = (language or "").replace("_", "-").partition("-")[0].lower()
    return _LANGUAGES.get(primary, primary)


@lru_cache(maxsize=4096)
def month_in(word: str, language: str | None = None) -> tuple[int | None, int]:
    """Return the month `word` begins with, 1-12, and the length of its name; (None, 0) where there is none.

    `language` decides where two disagree (listopad). A name may go on only with a capital or an icon's name.
    """
    own = _TABLES.get(_primary(language), {})
    folded = folded_word(word)
    month = own.get(folded) or _ANY.get(folded)
    if month is not None:
        return month, len(word)
    for end in range(min(len(word) - 1, 12), 2, -1):
        rest = word[end:]
        if rest[0].isupper() != word[end - 1].isupper() or rest.lower().startswith(ICON_WORDS):
            folded = folded_word(word[:end])
            month = own.get(folded) or _ANY.get(folded)
            if month is not None:
                return month, end
    return None, 0


def solar_month_from(word: str) -> int | None:
    """Return the month of the Solar Hijri calendar that `word` names, 1-12, or None."""
    return _SOLAR.get(word.replace("\u064a", "\u06cc").replace("\u0643", "\u06a9"))  # Arabic letters for Persian ones


@lru_cache(maxsize=4096)
def weekday_from(word: str) -> int | None:
    """Return the weekday `word` names, Monday 0, or None."""
    return _WEEKDAYS.get(folded_word(word))
