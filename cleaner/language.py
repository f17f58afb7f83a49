"""str -> language code. Pure: scripts first, then the share of each language's most frequent words.

A trained model (py3langid) is right a little more often, but takes 0.9 s to load; a page of news holds hundreds of
function words, and these decide. Short or mixed text gives None: no language is better than a wrong one.
"""

from __future__ import annotations

import re
from collections import Counter

from cleaner.text import without_marks, words

__all__ = ["guess_language"]

# The most frequent function words, written from knowledge of each language; shared ones cancel out.
_WORDS = {
    "en": "the of and to in that is was for on with as at by it from are this have has be he his not but they which who will their said were been had an would about after its more",
    "de": "der die und das den von zu mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über so zum haben",
    "fr": "le la les de des et à en un une du dans est que pour qui sur pas au plus par ce avec il sont ne se sa ont son cette mais été aux comme leur d l s c qu n elle nous",
    "es": "el la los las de que y en un una del se por con no para su al lo como más pero sus le ha fue este son entre desde está sobre también hasta hay dos ser han años sin",
    "pt": "o a os as de que e do da em um uma para com não no na por mais dos das se ao como foi à pelo pela são ser já também até tem você seu sua isso está pode entre",
    "it": "il la i le di che e in un una per non del della con è da si sono come anche al dei più nel alla ha gli delle lo ma dal questo nella hanno essere tra dopo degli ai suo",
    "nl": "de het een van en in is dat op te zijn voor met die niet aan er om ook als bij door naar maar uit nog wordt over heeft worden hij dan ze tot was werd zich hebben kan meer",
    "pl": "w i na z się do nie że to jest o jak od po przez za co dla ale są jego oraz ma tym już być tego może które który została było także który czy tylko jeszcze przed roku",
    "sv": "och i att det som en på är av för med den till har de inte om ett han men var sig så från vi kan man när nu säger efter eller vid hade ut också ska över mot år",
    "da": "og i at det er en på af for med den til har de ikke om et der men var sig så fra vi kan han når efter eller ved havde ud også skal over mod år blev være efter hvor",
    "no": "og i at det er en på av for med den til har de ikke om et som men var seg så fra vi kan han når etter eller ved hadde ut også skal over mot år ble være hvor sier",
    "fi": "ja on ei se että oli hän ovat mutta kun myös joka jo niin tai kuin mukaan ole vuoden sekä olla sen mitä nyt vain jos jonka voi vielä ennen jälkeen sitä tämä hänen",
    "cs": "a v na se je že to s z do o i za jsou by pro po ale od jako který také podle jeho než už však při byl nebo bude roku má ještě si aby jen které proti kteří",
    "sk": "a v na sa je že to s z do o aj za sú by pre po ale od ako ktorý tiež podľa jeho než už však pri bol alebo bude roku má ešte si aby len ktoré proti",
    "tr": "ve bir bu da de için ile olarak çok daha olan gibi var en ise kadar sonra ancak oldu olduğu ne ya o ki türkiye göre değil her iki üzere etti tarafından yeni diye",
    "ro": "și de în la a cu pe care din nu un o că este pentru mai au fi sunt ce dar prin după al se fost lui sau iar doar ca acest această până cei către",
    "hu": "a az és hogy is egy nem volt meg ez de csak már ha mint el azt még van kell vagy minden nagyon lehet szerint után között lesz magyar pedig ezt",
    "id": "yang dan di dari untuk dengan ini itu pada dalam tidak akan juga ke oleh saat sebagai ada karena lebih telah para bisa mereka tersebut kata tahun dia secara",
    "vi": "và của là có không được cho trong các một người đã với này để khi những từ ra về ở tại đến như năm sẽ việc trên sau nhiều",
    "hr": "je i u na se da za su od koji a s o to bi što kao ne ali nije biti će iz sa koja koje kako još nakon samo već više godine",
    "et": "ja on ei et see oli ka kui mis ta aga oma ning või nii kes seda selle siis veel eest juba pärast tema mille ole tuleb enne saab",
    "lt": "ir į kad tai yra su iš bet kaip ne už buvo jau tik dėl apie ar per taip pat jo nuo iki nes metų kuris dar kai prieš",
    "lv": "un ir ka no uz ar par kas tas bet arī lai to vai bija tika gan nav pēc kā jau šo gada tikai tā vairāk",
    "sq": "dhe të e në një me për nga që është i ka më do nuk se u si kjo janë por ky pas duke",
    "is": "og að í á er sem það um við með til hann en var ekki af fyrir hafa eru þess frá því þeir hefur verið",
    "ru": "и в на не что с по как это за к из от для он его о а но было года был до при все так также они уже или",
    "uk": "і в на не що з та як це за до від для він його про але було року був при все так також вони вже або є й із",
    "bg": "и на в да се за от с не по са че е като до но което беше през при след още бъде му има който към ще",
    "sr": "и у на је да се за су од који а с о то би што као не али није бити ће из са која које како још након",
}
_LANGUAGES: dict[str, list[str]] = {}  # of each word
for _language, _text in _WORDS.items():
    for _word in frozenset(_text.split()):
        _LANGUAGES.setdefault(_word, []).append(_language)
_SCRIPTS = tuple(
    (language, re.compile(f"[{letters}]"))
    for language, letters in (
        ("ja", "\u3040-\u30ff"),
        ("ko", "\uac00-\ud7af"),
        ("zh", "\u3400-\u9fff"),
        ("ar", "\u0600-\u06ff"),
        ("he", "\u0590-\u05ff"),
        ("el", "\u0370-\u03ff"),
        ("hi", "\u0900-\u097f"),
        ("bn", "\u0980-\u09ff"),
        ("ta", "\u0b80-\u0bff"),
        ("th", "\u0e00-\u0e7f"),
        ("hy", "\u0530-\u058f"),
        ("ka", "\u10a0-\u10ff"),
    )
)
# All the letters above: most texts that are not ASCII hold none of them.
_OF_A_SCRIPT = re.compile("|".join(script.pattern for _, script in _SCRIPTS).replace("]|[", ""))
_SAMPLE = 6000


def guess_language(text: str) -> str | None:
    """The ISO 639-1 code of the language that most of the text is written in, or None where that is not clear."""
    sample = text[:_SAMPLE]
    if script := _by_script(sample):
        return script
    counts = Counter(words(sample))
    total = sum(counts.values())
    if total < 8:
        return None
    scores = dict.fromkeys(_WORDS, 0)
    for word in counts.keys() & _LANGUAGES.keys():
        for language in _LANGUAGES[word]:
            scores[language] += counts[word]
    (best, hits), (_, second) = sorted(scores.items(), key=lambda score: (-score[1], score[0]))[:2]
    return best if hits >= 0.1 * total and hits > second else None


def _by_script(text: str) -> str | None:
    """The language that a script of its own gives away; kana outweigh the Han characters they stand among."""
    if without_marks(text).isascii() or not _OF_A_SCRIPT.search(text):
        return None
    letters = sum(map(str.isalpha, text)) or 1
    for language, script in _SCRIPTS:
        if len(script.findall(text)) > (0.1 if language == "ja" else 0.4) * letters:
            return language
    return None
