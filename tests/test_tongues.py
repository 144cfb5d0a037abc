"""One story in twenty languages, in markup that names nothing: what is read rests on structure, then on few words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from pages import article


@dataclass(frozen=True)
class Edition:
    """A page of one language: what is the story's, and what stands beside it."""

    language: str
    headline: str
    signed: str
    author: str
    dated: str
    text: str
    also: str  # a line inside the text that leads elsewhere
    ask: str  # what the paper asks its reader behind the text
    caption: str
    right_to_left: bool = False

    @property
    def sentences(self) -> list[str]:
        return self.text.split("\n")


EDITIONS = (
    Edition(
        "uz-Latn", "Kengash quyi darvozani yopdi", "Muallif: Odra Pennova", "Odra Pennova", "14-sentabr 2025, 09:30",
        (
            "Suv omborida suv bir yozda to‘rt metrga pasaydi, shuning uchun kengash quyi darvozani "
            "qorgacha yopishga qaror qildi.\n"
            "Sharqiy qirg‘oqdagi dehqonlarga o‘rib olinmagan pichan uchun pul to‘lanadi, lekin avval "
            "dalalar ko‘rib chiqiladi.\n"
            "Muhandislarning aytishicha, qish qorli kelsa, suv sathi aprel oyiga qadar yana avvalgi "
            "holiga qaytishi mumkin."
        ),
        "Mavzuga oid: <a href='/1/'>Non yana tarozida tortib sotiladi</a>",
        "Telegram kanalimizga <a href='/t/'>obuna bo‘ling</a>", "Quyi darvoza dushanba kuni. Foto: Odra Pennova",
    ),
    Edition(
        "uz-Cyrl", "Кенгаш қуйи дарвозани ёпди", "Муаллиф: Одра Пеннова", "Одра Пеннова", "14 сентябрь 2025, 09:30",
        (
            "Сув омборида сув бир ёзда тўрт метрга пасайди, шунинг учун кенгаш қуйи дарвозани "
            "қоргача ёпишга қарор қилди.\n"
            "Шарқий қирғоқдаги деҳқонларга ўриб олинмаган пичан учун пул тўланади, лекин аввал "
            "далалар кўриб чиқилади.\n"
            "Муҳандисларнинг айтишича, қиш қорли келса, сув сатҳи апрель ойига қадар яна аввалги "
            "ҳолига қайтиши мумкин."
        ),
        "Мавзуга оид: <a href='/1/'>Нон яна тарозида тортиб сотилади</a>",
        "Телеграм каналимизга <a href='/t/'>обуна бўлинг</a>", "Қуйи дарвоза душанба куни. Фото: Одра Пеннова",
    ),
    Edition(
        "kk", "Кеңес төменгі қақпаны жапты", "Автор: Одра Пеннова", "Одра Пеннова", "14 қыркүйек 2025, 09:30",
        (
            "Су қоймасындағы су бір жазда төрт метрге төмендеді, сондықтан кеңес төменгі қақпаны "
            "қарға дейін жабуға шешім қабылдады.\n"
            "Шығыс жағалаудағы шаруаларға шабылмаған шөп үшін ақша төленеді, бірақ алдымен "
            "егістіктер қаралып шығады.\n"
            "Инженерлердің айтуынша, қыс қарлы болса, су деңгейі сәуір айына дейін бұрынғы қалпына "
            "қайта келуі мүмкін."
        ),
        "Оқи отырыңыз: <a href='/1/'>Нан қайтадан таразымен сатылады</a>",
        "Телеграм арнамызға <a href='/t/'>жазылыңыз</a>", "Төменгі қақпа дүйсенбіде. Фото: Одра Пеннова",
    ),
    Edition(
        "ky", "Кеңеш төмөнкү дарбазаны жапты", "Автор: Одра Пеннова", "Одра Пеннова", "14-сентябрь 2025, 09:30",
        (
            "Суу сактагычтагы суу бир жайда төрт метрге түштү, ошондуктан кеңеш төмөнкү дарбазаны "
            "карга чейин жабууну чечти.\n"
            "Чыгыш жээктеги дыйкандарга чабылбаган чөп үчүн акча төлөнөт, бирок адегенде талаалар "
            "каралып чыгат.\n"
            "Инженерлердин айтымында, кыш кардуу болсо, суунун деңгээли апрель айына чейин кайра "
            "мурдагы абалына келет."
        ),
        "Ошондой эле окуңуз: <a href='/1/'>Нан кайрадан таразага тартылып сатылат</a>",
        "Телеграм каналыбызга <a href='/t/'>жазылыңыз</a>", "Төмөнкү дарбаза дүйшөмбүдө. Сүрөт: Одра Пеннова",
    ),
    Edition(
        "tg", "Шӯро дарвозаи поёниро баст", "Муаллиф: Одра Пеннова", "Одра Пеннова", "14 сентябри 2025, 09:30",
        (
            "Дар обанбор об дар як тобистон чор метр паст шуд, аз ин рӯ шӯро қарор кард, ки дарвозаи "
            "поёниро то барф бандад.\n"
            "Ба деҳқонони соҳили шарқӣ барои алафи даравнашуда пул медиҳанд, вале аввал заминҳоро аз "
            "назар мегузаронанд.\n"
            "Ба гуфтаи муҳандисон, агар зимистон сербарф ояд, сатҳи об то моҳи апрел боз ба ҳолати "
            "пештара бармегардад."
        ),
        "Инчунин хонед: <a href='/1/'>Нонро боз бо тарозу мефурӯшанд</a>",
        "Ба канали Телеграми мо <a href='/t/'>обуна шавед</a>", "Дарвозаи поёнӣ рӯзи душанбе. Акс: Одра Пеннова",
    ),
    Edition(
        "tk", "Geňeş aşaky derwezäni ýapdy", "Awtor: Odra Pennowa", "Odra Pennowa", "14-nji sentýabr 2025, 09:30",
        (
            "Suw howdanynda suw bir tomusda dört metr peseldi, şonuň üçin geňeş aşaky derwezäni gara "
            "çenli ýapmagy karar etdi.\n"
            "Gündogar kenardaky daýhanlara orulmadyk ot üçin pul tölener, ýöne ilki bilen meýdanlar "
            "gözden geçirilýär.\n"
            "Inženerleriň aýtmagyna görä, gyş garly gelse, suwuň derejesi aprel aýyna çenli öňki "
            "ýagdaýyna gaýdyp geler."
        ),
        "Şeýle hem okaň: <a href='/1/'>Çörek ýene tereziden geçirilip satylýar</a>",
        "Telegram kanalymyza <a href='/t/'>ýazylyň</a>", "Aşaky derweze duşenbe güni. Surat: Odra Pennowa",
    ),
    Edition(
        "kaa", "Keńes tómengi dárwazanı japtı", "Avtor: Odra Pennova", "Odra Pennova", "14-sentyabr 2025, 09:30",
        (
            "Suw qoymasındaǵı suw bir jazda tórt metrge tómenledi, sonlıqtan keńes tómengi dárwazanı "
            "qarǵa shekem jabıwǵa qarar etti.\n"
            "Shıǵıs jaǵadaǵı diyqanlarǵa orılmaǵan shóp ushın pul tólenedi, biraq aldın atızlar "
            "kórip shıǵıladı dep xabarlandı.\n"
            "Injenerlerdiń aytıwınsha, qıs qarlı bolsa, suwdıń dárejesi aprel ayına shekem jáne "
            "burınǵı halına qaytadı."
        ),
        "Jáne oqıń: <a href='/1/'>Nan jáne tárezide tartıp satıladı</a>",
        "Telegram kanalımızǵa <a href='/t/'>jazılıń</a>", "Tómengi dárwaza dúyshembi kúni. Foto: Odra Pennova",
    ),
    Edition(
        "ru", "Совет закрыл нижний шлюз", "Автор: Одра Пеннова", "Одра Пеннова", "14 сентября 2025, 09:30",
        (
            "Уровень воды в водохранилище за одно лето упал на четыре метра, и совет решил закрыть "
            "нижний шлюз до первого снега.\n"
            "Крестьянам восточного берега заплатят за сено, которое они не смогли скосить, но "
            "сначала поля обойдут оценщики.\n"
            "По словам инженеров, если зима будет такой же снежной, как прошлая, уровень вернётся к "
            "прежнему уже в апреле."
        ),
        "Читайте также: <a href='/1/'>Хлеб снова продают на вес</a>",
        "Подпишитесь на <a href='/t/'>наш канал</a>", "Нижний шлюз в понедельник. Фото: Одра Пеннова",
    ),
    Edition(
        "en", "Council closes the lower sluice", "By Odra Penn", "Odra Penn", "September 14, 2025 9:30 a.m.",
        (
            "The reservoir dropped by four metres in a single summer, and the council has closed the "
            "lower sluice until the snow.\n"
            "Farmers on the eastern bank will be paid for the hay they could not cut, once the "
            "assessors have walked the fields.\n"
            "Engineers expect the level to recover by April, they say, if the winter brings as much "
            "snow as the last one did."
        ),
        "Read also: <a href='/1/'>Bread is sold by weight again</a>",
        "Sign up for <a href='/t/'>our newsletter</a>", "The lower sluice on Monday. Photo: Odra Penn",
    ),
    Edition(
        "de", "Rat schließt die untere Schleuse", "Von Odra Penn", "Odra Penn", "14. September 2025, 09:30 Uhr",
        (
            "Der Stausee ist in einem einzigen Sommer um vier Meter gefallen, und der Rat hat die "
            "untere Schleuse geschlossen.\n"
            "Die Bauern am Ostufer werden für das Heu bezahlt, das sie nicht mähen konnten, sobald "
            "die Gutachter da waren.\n"
            "Die Ingenieure erwarten, dass der Pegel bis April wieder steigt, wenn der Winter so "
            "viel Schnee bringt wie der letzte."
        ),
        "Lesen Sie auch: <a href='/1/'>Brot wird wieder nach Gewicht verkauft</a>",
        "Abonnieren Sie <a href='/t/'>unseren Newsletter</a>", "Die untere Schleuse am Montag. Foto: Odra Penn",
    ),
    Edition(
        "fr", "Le conseil ferme la vanne basse", "Par Odra Penn", "Odra Penn", "14 septembre 2025 à 09h30",
        (
            "Le niveau du réservoir a baissé de quatre mètres en un seul été, et le conseil a fermé "
            "la vanne jusqu’à la neige.\n"
            "Les paysans de la rive orientale seront payés pour le foin qu’ils n’ont pas pu faucher, "
            "après la visite des experts.\n"
            "Selon les ingénieurs, le niveau remontera d’ici avril si l’hiver apporte autant de "
            "neige que le précédent ici."
        ),
        "À lire aussi : <a href='/1/'>Le pain se vend de nouveau au poids</a>",
        "Inscrivez-vous à <a href='/t/'>notre lettre</a>", "La vanne basse lundi. Photo : Odra Penn",
    ),
    Edition(
        "es", "El consejo cierra la compuerta baja", "Por Odra Penn", "Odra Penn", "14 de septiembre de 2025, 09:30",
        (
            "El embalse bajó cuatro metros en un solo verano, y el consejo ha cerrado la compuerta "
            "baja hasta la primera nieve.\n"
            "A los campesinos de la orilla oriental se les pagará el heno que no pudieron segar, "
            "tras la visita de los peritos.\n"
            "Los ingenieros esperan que el nivel se recupere en abril si el invierno trae tanta "
            "nieve como el pasado por aquí."
        ),
        "Lea también: <a href='/1/'>El pan se vende otra vez al peso</a>",
        "Suscríbase a <a href='/t/'>nuestro boletín</a>", "La compuerta baja el lunes. Foto: Odra Penn",
    ),
    Edition(
        "pt", "Conselho fecha a comporta de baixo", "Por Odra Penn", "Odra Penn", "14 de setembro de 2025 às 09:30",
        (
            "A barragem baixou quatro metros num só verão, e o conselho fechou a comporta de baixo "
            "até à primeira neve do ano.\n"
            "Os lavradores da margem oriental serão pagos pelo feno que não puderam cortar, depois "
            "da visita dos peritos.\n"
            "Os engenheiros esperam que o nível recupere até abril se o inverno trouxer tanta neve "
            "como o último trouxe lá."
        ),
        "Leia também: <a href='/1/'>O pão volta a ser vendido a peso</a>",
        "Assine a <a href='/t/'>nossa newsletter</a>", "A comporta de baixo na segunda-feira. Foto: Odra Penn",
    ),
    Edition(
        "tr", "Meclis alt savağı kapattı", "Yazan: Odra Penn", "Odra Penn", "14 Eylül 2025 09:30",
        (
            "Barajdaki su tek bir yazda dört metre alçaldı ve meclis ilk kar yağana kadar alt savağı "
            "kapatmaya karar verdi.\n"
            "Doğu kıyısındaki çiftçilere biçemedikleri ot için para ödenecek, ama önce bilirkişiler "
            "tarlaları tek tek gezecek.\n"
            "Mühendislere göre kış geçen yılki kadar karlı geçerse suyun seviyesi nisan ayına kadar "
            "eski haline dönecek."
        ),
        "İlgili haber: <a href='/1/'>Ekmek yeniden tartıyla satılıyor</a>",
        "Telegram kanalımıza <a href='/t/'>abone olun</a>", "Alt savak pazartesi günü. Fotoğraf: Odra Penn",
    ),
    Edition(
        "ar", "المجلس يغلق البوابة السفلى", "بقلم: ناديه فارن", "ناديه فارن", "14 سبتمبر 2025",
        (
            "انخفض منسوب المياه في الخزان أربعة أمتار في صيف واحد، فقرر المجلس إغلاق البوابة السفلى "
            "حتى نزول الثلج الأول.\n"
            "سيحصل مزارعو الضفة الشرقية على ثمن العلف الذي لم يتمكنوا من حصاده، بعد أن يزور الخبراء "
            "الحقول كلها واحدا واحدا.\n"
            "يتوقع المهندسون أن يعود المنسوب إلى ما كان عليه بحلول أبريل إذا كان الشتاء كثير الثلج "
            "كما كان الشتاء الماضي."
        ),
        "اقرأ أيضا: <a href='/1/'>الخبز يباع بالوزن من جديد</a>",
        "اشترك في <a href='/t/'>نشرتنا البريدية</a>", "البوابة السفلى يوم الاثنين", True,
    ),
    Edition(
        "fa", "شورا دریچه پایینی را بست", "نویسنده: نادیه وارن", "نادیه وارن", "۲۳ شهریور ۱۴۰۴",
        (
            "سطح آب سد در یک تابستان چهار متر پایین آمد و شورا تصمیم گرفت دریچه پایینی را تا نخستین "
            "برف ببندد و باز نکند.\n"
            "به کشاورزان کرانه خاوری برای علوفه‌ای که نتوانستند درو کنند پول می‌دهند، اما نخست "
            "کارشناسان زمین‌ها را می‌بینند.\n"
            "مهندسان می‌گویند اگر زمستان مانند سال گذشته پربرف باشد، سطح آب تا ماه فروردین دوباره به "
            "حالت پیشین برمی‌گردد."
        ),
        "همچنین بخوانید: <a href='/1/'>نان دوباره وزنی فروخته می‌شود</a>",
        "در <a href='/t/'>خبرنامه ما</a> عضو شوید", "دریچه پایینی روز دوشنبه", True,
    ),
    Edition(
        "he", "המועצה סגרה את השער התחתון", "מאת נדיה וארן", "נדיה וארן", "14.09.2025, 09:30",
        (
            "מפלס המים במאגר ירד בארבעה מטרים בקיץ אחד, והמועצה החליטה לסגור את השער התחתון עד השלג "
            "הראשון של החורף הבא.\n"
            "החקלאים בגדה המזרחית יקבלו תשלום על החציר שלא הצליחו לקצור, לאחר שהשמאים יעברו בכל "
            "השדות אחד אחרי השני.\n"
            "המהנדסים מעריכים שהמפלס יחזור לקדמותו עד אפריל, אם החורף יהיה מושלג כמו החורף הקודם "
            "שהיה כאן באזור."
        ),
        "קראו גם: <a href='/1/'>הלחם נמכר שוב לפי משקל</a>",
        "הירשמו <a href='/t/'>לניוזלטר שלנו</a>", "השער התחתון ביום שני", True,
    ),
    Edition(
        "zh", "议会关闭下游水闸", "作者：林小河", "林小河", "2025年9月14日 09:30",
        (
            "水库水位在一个夏天里下降了四米，议会因此决定在初雪之前关闭下游水闸，并请邻近地区提供泉水。\n"
            "东岸农民将因无法收割的牧草得到补偿，不过评估人员必须先走遍所有田地，然后才会开始付款给他们。\n"
            "工程师们预计，如果今年冬天的降雪和去年一样多，水位到四月份就能恢复到原来的高度，届时水闸重开。"
        ),
        "相关阅读：<a href='/1/'>面包重新按重量出售</a>", "欢迎<a href='/t/'>订阅我们的通讯</a>",
        "星期一的下游水闸和看守人小屋",
    ),
    Edition(
        "ja", "議会が下流の水門を閉鎖", "記者：林小川", "林小川", "2025年9月14日 9時30分",
        (
            "貯水池の水位はひと夏で四メートル下がり、"
            "議会は初雪が降るまで下流の水門を閉めることを全会一致で決めた。\n"
            "東岸の農家には刈り取れなかった干し草の代金が支払われるが、"
            "まず査定員がすべての畑を見て回ることになる。\n"
            "技術者によると、この冬の雪が昨年と同じくらい多ければ、"
            "水位は四月までに元の高さに戻る見込みだという。"
        ),
        "関連記事：<a href='/1/'>パンの量り売りが再び始まる</a>", "<a href='/t/'>メールマガジン</a>に登録する",
        "月曜日の下流の水門と番人の小屋",
    ),
    Edition(
        "th", "สภาปิดประตูน้ำด้านล่าง", "โดย นาเดีย วาร์น", "นาเดีย วาร์น", "14 กันยายน 2568",
        (
            "ระดับน้ำในอ่างเก็บน้ำลดลงสี่เมตรในฤดูร้อนเดียว "
            "สภาจึงตัดสินใจปิดประตูน้ำด้านล่างจนกว่าจะมีหิมะแรกของปี\n"
            "ชาวนาฝั่งตะวันออกจะได้รับเงินค่าหญ้าที่เก็บเกี่ยวไม่ได้ "
            "แต่ผู้ประเมินต้องเดินสำรวจทุ่งนาทั้งหมดเสียก่อน\n"
            "วิศวกรคาดว่าระดับน้ำจะกลับมาเท่าเดิมภายในเดือนเมษายน "
            "หากฤดูหนาวปีนี้มีหิมะมากเท่ากับปีที่ผ่านมาทั้งหมด"
        ),
        "อ่านเพิ่มเติม: <a href='/1/'>ขนมปังกลับมาขายตามน้ำหนัก</a>", "สมัครรับ<a href='/t/'>จดหมายข่าวของเรา</a>",
        "ประตูน้ำด้านล่างเมื่อวันจันทร์",
    ),
)  # fmt: skip


def printed(edition: Edition) -> str:
    """Return the page: what leads elsewhere stands inside the text and behind it, and nothing has a name."""
    first, second, third = (f"<p>{sentence}</p>" for sentence in edition.sentences)
    direction = " dir='rtl'" if edition.right_to_left else ""
    return (
        f"<html{direction}><head><title>{edition.headline}</title></head><body><div><h1>{edition.headline}</h1>"
        f"<div>{edition.signed}</div><div>{edition.dated}</div>"
        f"<figure><img src='/a.jpg'><figcaption>{edition.caption}</figcaption></figure>"
        f"<div>{first}<p><b>{edition.also}</b></p>{second}{third}<p>{edition.ask}</p></div></div></body></html>"
    )


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.language)
def test_a_story_is_read_in_its_language(edition: Edition) -> None:
    """Headline, author, day and text; of the lines that lead elsewhere none."""
    found = article(printed(edition))

    assert found.headline == edition.headline
    assert found.authors == (edition.author,)
    assert found.published is not None
    assert found.published.day == date(2025, 9, 14)
    assert found.body.split("\n\n") == edition.sentences


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.language)
def test_a_picture_s_words_are_its_caption(edition: Edition) -> None:
    """A credit behind it is parted from it where its word is known."""
    (image,) = article(printed(edition)).images

    assert edition.caption.startswith(image.caption or "?")
    assert image.credit in (None, "Odra Penn", "Odra Pennova", "Odra Pennowa", "Одра Пеннова")
