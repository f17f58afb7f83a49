"""What pages say of themselves, by kind of disclosure: the tables that ``flags`` reads. No input; patterns come out.

Of each kind there is what is *said* in a sentence ("this article contains affiliate links"), what is *named* by a short line
of its own at the head of the article or by a claim ("Opinion"), and how addresses of such pages are made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["DISCLOSURES", "Disclosure"]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One kind. flag: its name; said: a sentence; named: a name, alone or before whom it names; path: a part of an address.

    but: what a sentence also holds when it speaks of something else; needles: lower-case pieces of which every hit of
    ``said`` holds one, quick to look for; short: such as are words of their own.
    """

    flag: str
    said: re.Pattern[str]
    named: re.Pattern[str] | None = None
    path: re.Pattern[str] | None = None
    but: re.Pattern[str] | None = None
    needles: tuple[str, ...] = ()
    short: re.Pattern[str] | None = None


def _any(*parts: str) -> re.Pattern[str]:
    """One pattern of several, without case."""
    return re.compile("|".join(parts), re.IGNORECASE)


def _path(names: str) -> re.Pattern[str]:
    """The pattern of an address that has a segment of one of these names."""
    return re.compile(rf"/(?:{names})(?:/|$)", re.IGNORECASE)


_THIS = r"\b(?:this|the) (?:\w+ ){0,2}?(?:article|story|content|post|text|report|page|summary|piece|translation|newsletter|episode|list)\b"
_AI = r"(?:\bA\.?I\b|artificial(?:ly)? intelligen\w+|ChatGPT|language model|\bLLMs?\b)"
_MADE = r"(?:generated|written|created|produced|translated|summari[sz]ed|prepared|drafted|compiled|rewritten)"
_KI = r"(?:\b(?:KI|AI)\b|künstliche[rn]? Intelligenz|kunstmatige intelligentie|kunstig intelligens|artificiell intelligens|ChatGPT)"
_IA = r"(?:\b(?:IA|AI)\b|int[e]l+i[gx]en\w+ artifi[ck]i\w+|inteligência artificial|ChatGPT)"

_AI_MADE = Disclosure(
    "ai-generated",
    _any(
        rf"{_THIS}[^.]{{0,80}}\b{_MADE}\b[^.]{{0,60}}{_AI}",
        rf"\b{_MADE} (?:entirely |partly |in part )?(?:by|with|using|through|via)\b[^.]{{0,40}}{_AI}",
        rf"\bwith (?:the )?(?:help|assistance|aid|support) of (?:an? |generative )*{_AI}",
        rf"{_AI}[^.]{{0,40}}\b(?:generated|wrote|created|produced|translated|summari[sz]ed)\b[^.]{{0,30}}\b(?:this|the) (?:content|article|text|page|story|summary|post)",
        rf"^(?:{_AI}|artificial intelligence)[- ](?:generated|written|translated|disclaimer|disclosure|notice)\b",
        rf"{_THIS}[^.]{{0,40}}\b(?:auto(?:matically)?|machine)[- ]?(?:generated|translated|created|written)\b",
        rf"{_THIS} (?:was|has been|is) generated\b|\b(?:translated automatically|(?:automatically|machine)[- ]translated)\b",
        rf"\b(?:mit|von|durch|met|door)\b[^.]{{0,50}}{_KI}[^.]{{0,40}}(?:erstellt|generiert|übersetzt|geschrieben|verfasst|zusammengefasst|gemaakt|geschreven|vertaald|gegenereerd)",
        rf"^(?:KI|AI)-(?:hinweis|generiert|genereret|genererad|generert)\b|\bdies\w+ (?:artikel|meldung|text|beitrag|inhalt|zusammenfassung)\b[^.]{{0,30}}\bmit\b[^.]{{0,40}}{_KI}",
        r"\b(?:dies\w+|das|der) (?:artikel|meldung|text|beitrag|angebot|inhalt)\b[^.]{0,60}\bautomati(?:sch|siert)\b",
        rf"\b(?:gemaakt|geschreven|vertaald|gegenereerd|samengesteld)\b[^.]{{0,20}}\b(?:met|door)\b[^.]{{0,40}}{_KI}|\bautomatisch (?:vertaald|gegenereerd)",
        rf"\b(?:laget|skrevet|generert|oversatt|oppsummert|lavet|genereret|oversat|skriven|genererad|översatt|sammanfattad|skapad|skapats|skrivits)\b[^.]{{0,40}}\b(?:av|af|med)\b[^.]{{0,40}}{_KI}",
        r"\b(?:artikk?el\w*|text\w*|sak\w*|tekst\w*) (?:er|är|ble|blev)\b[^.]{0,20}\b(?:automatisk|automatiskt|maskin)\w*",
        rf"\b(?:générée?s?|rédigée?s?|traduite?s?|écrite?s?|produite?s?|résumée?s?|réalisée?s?|créée?s?)\b[^.]{{0,50}}\b(?:par|avec|l['’]aide)\b[^.]{{0,40}}(?:{_IA}|intelligence artificielle)|\b(?:article|texte)\b[^.]{{0,20}}traduit automatiquement",
        rf"\b(?:generad|elaborad|escrit|traducid|redactad|hech|cread|producid|resumid|gerad|produzid|traduzid|feit|realizzat|generat|scritt|tradott|creat)[oaie]s?\b[^.]{{0,30}}(?:\b(?:con|por|com|da|mediante|tramite|pel[ao])\b|\bdall)[^.]{{0,40}}{_IA}",
        rf"\bco[nm] (?:a |o |la )?(?:ayuda|asistencia|ajuda|auxílio|aiuto) d(?:e|i|ell)\b[^.]{{0,10}}{_IA}|^contenido automatizado|\bquesto contenuto è stato generato",
        r"\b(?:przy (?:pomocy|użyciu|wsparciu)|z pomocą|z wykorzystaniem|przez)\b[^.]{0,30}(?:sztuczn\w+ inteligencj\w+|\bAI\b)",
        r"\b(?:текст|материал|статья|новость|перевод)\w*[^.]{0,40}(?:помощью|использованием|сгенерирован\w*|нейросетью)[^.]{0,40}(?:искусственн\w+ интеллект\w*|нейросет\w+|\bИИ\b)|\b(?:матеріал|текст|стаття)\w*[^.]{0,40}допомогою[^.]{0,40}(?:штучного інтелекту|\bШІ\b)",
        r"(?:この|本)(?:記事|要約|翻訳|文章|コンテンツ)[^。]{0,30}(?:AI|人工知能|機械翻訳)|AI(?:が|による|で)(?:自動)?(?:生成|作成|要約|翻訳)",
        r"本(?:文|新闻|页面|内容)[^。]{0,12}(?:AI|人工智能|机器翻译)|(?:由|使用)(?:AI|人工智能)[^。]{0,6}(?:生成|翻译|撰写|创作)|(?:본|이) (?:기사|콘텐츠)[는은]\s*(?:생성형 )?AI|\byapay zek[aâ][^.]{0,30}(?:oluşturul|hazırlan|yazıl|çevril|desteğiyle|yardımıyla)",
    ),
    but=_any(
        r"\b(?:images?|photos?|pictures?|illustrations?|audio|voices?|bild(?:er)?|foto|stimme|lyd\w*|ljud\w*|stemme|voix|imagen|immagine|zdjęcie)\b"
    ),
    needles=(
        *("a.i.", "artific", "chatgpt", "language model", "automat", "auto-gen", "auto gen", "autogen", "machine", "generated", "künstl"),
        *("kunst", "intelig", "intellig", "generato", "sztuczn", "искусств", "нейросет", "штучн", "人工", "機械", "机器", "maskin", "yapay"),
    ),
    short=_any(r"(?<![a-zà-ÿ])(?:ai|ki|ia|llms?)(?![a-zà-ÿ])", r"\b(?:ии|ші)\b"),
)  # fmt: skip

_SPONSORED = Disclosure(
    "sponsored",
    _any(
        rf"{_THIS}[^.]{{0,100}}\b(?:sponsored|paid for|funded|brought to you|presented|supported) by\b",
        r"\b(?:developed|created|produced|made|written|wrote (?:this|the) \w+) in (?:paid )?(?:partnership|collaboration|cooperation) with\b",
        r"\bthis is an? (?:sponsored|paid|promoted) (?:post|article|story|partnership|advertisement)|\bfollowing content is brought to you by\b|\b(?:paid|sponsored) (?:partnership|collaboration) with\b",
        r"\bbei diesem (?:artikel|beitrag|text) handelt es sich um\b[^.]{0,40}\b(?:anzeige|werbung|advertorial)|\bdies\w+ (?:artikel|beitrag|text)\b[^.]{0,40}\b(?:gesponsert|bezahlte|in (?:zusammenarbeit|kooperation) mit)\b",
        r"\b(?:article|contenu) (?:sponsorisé|proposé|réalisé|produit)\b[^.]{0,30}\b(?:par|pour|avec|en (?:partenariat|collaboration))\b|\b(?:contenido|artículo) (?:patrocinado|elaborado|ofrecido) (?:por|para)\b|\b(?:contenuto|articolo) (?:sponsorizzato|realizzato in collaborazione|offerto) (?:da|con)\b|\b(?:conteúdo|artigo) (?:patrocinado|oferecido|produzido) (?:por|em parceria)\b",
        r"\b(?:artikk?el\w*|innhold\w*|indhold\w*|texten|denna artikel)\b[^.]{0,40}\b(?:betalt av|betalt af|sponset av|sponsoreret af|sponsrad av|i betalt samarbe|i samarbete med|er produsert av|annons från)\b",
        r"\b(?:artykuł|materiał|tekst) (?:powstał|przygotowany|opublikowany|sponsorowany|zrealizowany)[^.]{0,20}\b(?:we współpracy|na zlecenie|przez partnera|przez)\b|\b(?:материал|статья)[^.]{0,30}\b(?:на правах рекламы|спонсор\w*|при поддержке)\b|(?:提供|協賛)：|本文由[^。]{0,12}(?:赞助|提供)|本(?:記事|文)[^。]{0,16}(?:タイアップ|スポンサー|広告|赞助)",
    ),
    re.compile(
        r"""(?:paid|sponsored|partner|branded|promoted|brand)[ ](?:content|post|story|article|feature|program(?:me)?|partnership)|sponsored|advertorial|advertisement[ ]feature|native[ ]ad(?:vertising)?|.{0,40}[ ]sponsored
        |(?:this[ ](?:\w+[ ])?is[ ])?(?:sponsored|paid[ ]for)[ ]by|in[ ](?:paid[ ])?partnership[ ]with|presented[ ]by
        |gesponserte[rn]?[ ](?:beitrag|inhalt|artikel)|gesponsert(?:[ ]von)?|bezahlter[ ](?:beitrag|inhalt)|contenus?[ ](?:sponsorisé|partenaire|de[ ]marque)s?|publi-?reportage|publi-?r[ée]daction(?:nel|al|ale)?|(?:contenido|artículo)[ ](?:patrocinado|de[ ]marca)|publi-?rr?eportaje|contenuto[ ]sponsorizzato|publiredazionale|conteúdo[ ](?:patrocinado|de[ ]marca)|publieditorial
        |annons[øö]rinn(?:hold|ehåll)|annonsørsamarbeid|annoncørbetalt(?:[ ]indhold)?|kommercielt[ ]samarbejde|kommersielt[ ]samarbeid|betalt?[ ]inn?(?:hold|dhold)|betalt[ ]indhold|sponset[ ]innhold|sponsoreret[ ]indhold|sponsrat[ ]innehåll|annonssamarbete|betald[ ]artikel|gesponsorde?[ ](?:inhoud|artikel)|partnercontent
        |artykuł[ ]sponsorowany|(?:materiał|artykuł)[ ](?:promocyjny|partnera|partnerski|reklamowy)|на[ ]правах[ ]рекламы|партн[её]рский[ ](?:материал|проект)|реклам[аy][ ]?\.?[ ]erid.*|партнерський[ ]матеріал|PR記事|タイアップ(?:記事|広告)?|記事広告|スポンサード(?:記事)?|赞助内容|商业推广|推广文章|광고성[ ]기사|협찬|sponsorlu[ ]içerik|advertorial[ ].{0,30}""",
        re.IGNORECASE | re.VERBOSE,
    ),
    _path(
        r"sponsored(?:-(?:content|post|article|story|posts))?|advertorials?|brand-?(?:content|studio|ed-content|voice)|partner-?content|paid-(?:content|post)|native-ads?|publireportages?|contenido-patrocinado|annonsorinnhold|annonssamarbete|sponsorowane|pr-article"
    ),
    but=_any(r"\bnot (?:\w+[, ]+){0,5}?(?:sponsored|paid)\b|\bby (?:our )?(?:readers|donors|subscribers|members|donations)\b"),
    needles=(
        *("sponsor", "paid", "brought to you", "partnership", "collaborati", "cooperation", "promoted", "funded by", "presented by", "supported by", "anzeige", "werbung", "advertorial"),
        *("bezahlte", "zusammenarbeit", "kooperation", "proposé", "réalisé", "produit", "patrocin", "elaborad", "ofrecid", "offerto", "oferecid", "produzid", "realizzato", "betalt", "sponset", "samarbe"),
        *("produsert", "annons", "współpracy", "zlecenie", "przez", "рекламы", "спонсор", "поддержке", "提供", "協賛", "赞助", "タイアップ", "広告", "スポンサー"),
    ),
)  # fmt: skip

_PRESS = Disclosure(
    "press-release",
    _any(
        r"[(/][ ]?(?:PR ?Newswire|Business ?Wire|GLOBE ?NEWSWIRE|ACCESS ?WIRE|EIN ?Presswire|Newsfile Corp\.?|PRWeb|ots)[ ]?[)/]",
        r"\b(?:distributed|issued|provided|published) (?:by|via|through) (?:PR ?Newswire|Business ?Wire|GlobeNewswire|ACCESS ?Wire|EIN ?Presswire)\b",
        r"^(?:original-content von:.*|source:? .*(?:newswire|business ?wire|presswire))",
        r"\b(?:this|the following) (?:is|was) (?:an? )?(?:issued as )?(?:an? )?(?:unedited )?press release\b|\bdies ist eine pressemitteilung\b|\bdit is een persbericht\b|\bdette er en presse(?:melding|meddelelse)\b|\bdetta är ett pressmeddelande\b|\bceci est un communiqué de presse\b|\beste es un comunicado de prensa\b",
    ),
    re.compile(
        r"""(?:press|news|media)[ ]release|for[ ]immediate[ ]release|press[ ]statement|presse(?:mitteilung|information|aussendung)|pressemeddelelse|pressemelding|pressmeddelande|persbericht|communiqué[ ]de[ ]presse|(?:nota|comunicado)[ ]de[ ](?:prensa|imprensa)|comunicato[ ]stampa
        |(?:informacja|komunikat)[ ]prasow[ay]|пресс-релиз|прес-?реліз|プレスリリース|新闻稿|新聞稿|보도자료|basın[ ]bülteni""",
        re.IGNORECASE | re.VERBOSE,
    ),
    _path(
        r"(?:press|news|media)-?releases?|pressemitteilung(?:en)?|pressemeddelelser?|pressmeddelanden?|pressemeldinger?|communiques?-de-presse|(?:notas?|comunicados?)-de-(?:prensa|imprensa)|comunicati-stampa|persberichten"
    ),
    needles=("wire", "prweb", "newsfile", "(ots", "/ots", "press", "original-content"),
)

_BUYING = r"(?:links?|purchas\w*|buy\w*|click\w*|order\w*|shop\w*|products?|providers?|partners?|brands?|bought|retailers?|sales?|items?)"
_AFFILIATE = Disclosure(
    "affiliate",
    _any(
        r"\b(?:contains?|includes?|has|have|uses?|are|through|via|with|some|use|using|a) (?:\w+[ ,]+){0,4}?affiliate links?\b|\baffiliate links? (?:in|on|below|above|at|are|may|and|to)\b",
        r"\baffiliate (?:disclosure|disclaimer|notice|marketer)\b|\bcommissionable links?\b|\bparticipa\w+ in the amazon\b[^.]{0,40}\bassociates program|\bas an (?:amazon )?(?:associate|affiliate)\b|\b(?:from|on) qualifying purchases\b",
        rf"\b{_BUYING}\b[^.!?]{{0,140}}\b(?:earn|receive|get|generate|make|pay)s?\b[^.!?]{{0,30}}\bcommissions?\b",
        rf"\b(?:earn|receive|get|generate|make|supported by)s?\b[^.!?]{{0,30}}\bcommissions?\b[^.!?]{{0,100}}\b{_BUYING}\b",
        r"\bmay (?:earn|receive|get) (?:us )?(?:an? )?(?:affiliate |small )*commissions?\b|\bearn an? (?:affiliate |small )+commission\b|\bamazon associates?\b|\b(?:affiliate|small|a) commission\b[^.!?]{0,60}\bno (?:extra|additional) cost\b",
        r"\baffiliate\b[^.]{0,20}\bklicken\b|^affiliation ?:|\baffiliate-?(?:links?|hinweis|lenker?|länk\w*)\b|\bprovisions?-?links?\b|\b(?:erhalten|bekommen|verdienen|bekommt|erhält)\b[^.]{0,50}\bprovision\b|\bmit (?:einem )?\S{1,12}(?: symbol)? gekennzeichnete[n]? links\b",
        r"\bliens? (?:d['’])?affili(?:és?|ation)\b|\b(?:percev|recev|touch)\w+[^.]{0,30}\bcommission\b|\benlaces? de afilia\w+|\brecib\w+[^.]{0,30}\bcomisión\b|\blinks? (?:di affiliazione|affiliati|de afiliad\w+)\b|\bricev\w+[^.]{0,30}\bcommissione\b|\baffiliato amazon\b|\brecebe\w*[^.]{0,30}\bcomissão\b",
        r"\b(?:reklamel?i?nks?|reklamlänk\w*|annonselenke\w*|annonslänk\w*|reklamelenke\w*)\b|\b(?:modtage\w*|motta\w*|får|tjene\w*)\b[^.]{0,30}\b(?:provision|provisjon|kommission)\b|\baffiliate ?links?\b[^.]{0,20}\bbevat|\bbevat\b[^.]{0,20}\baffiliate|\bontvang\w*[^.]{0,30}\b(?:commissie|provisie)\b|\b(?:commissie|provisie)\b[^.]{0,20}\bontvang",
        r"\blink\w* (?:afiliacyj\w+|partnersk\w+)|\b(?:otrzym\w+|zarab\w+)[^.]{0,30}\bprowizj\w+|\bпартн[её]рск\w+ ссыл\w+|\bпартнерськ\w+ посилан\w+|アフィリエイト|(?:联盟|返利)(?:链接|营销)|(?:赚取|获得)[^。]{0,8}佣金|제휴 ?(?:링크|마케팅)|쿠팡 파트너스",
    ),
    named=_any(r"affiliate-?[ ]?(?:links?|hinweis|disclosure|disclaimer)", r"liens? affiliés?", r"enlaces? de afiliados?", r"link di affiliazione", r"links? de afiliados?", r"affiliatelinks?", r"affiliation"),
    but=_any(r"\b(?:no|not use|without|free of|don['’]t use|do not (?:use|contain|accept|have)|never) (?:\w+ )?affiliate\b|\b(?:do not|don['’]t|never|doesn['’]t|does not) (?:earn|receive|get|make)\b|\bprogram(?:me)?s? for (?:creators|sellers)"),
    needles=("affili", "amazon", "commission", "qualifying", "provision", "gekennzeichnet", "afilia", "comisi", "comiss", "reklam", "annonse", "annonsl", "provisjon", "kommission", "commissie", "provisie", "afiliac", "partnersk", "prowizj", "партн", "アフィ", "联盟", "返利", "佣金", "제휴", "파트너스"),
)  # fmt: skip

_WHO = r"(?:authors?|writers?|columnists?|contributors?)"
_OPINION = Disclosure(
    "opinion",
    _any(
        rf"\b(?:views|opinions?)\b[^.]{{0,80}}\b{_WHO}\b|\b{_WHO}(?:['’]s?)?\b[^.]{{0,20}}\b(?:own|personal) (?:views|opinions?)\b|\b(?:author|writer|columnist)(?:[’']s|s[’']) own\b|\b(?:views|opinions?) (?:and (?:views|opinions?) )?expressed\b",
        r"\b(?:views|opinions?|articles?|columns?|posts?|essays?|pieces?|commentar(?:y|ies))\b[^.]{0,60}\bdo(?:es)? not (?:necessarily )?(?:reflect|represent|express)\b[^.]{0,60}\b(?:views|opinions?|positions?)\b|\bopinion columnist\b|\bthis is an opinion (?:piece|column|article)\b",
        r"\bnicht (?:notwendigerweise|zwangsläufig|zwingend|unbedingt)\b[^.]{0,30}\bmeinung\b|\bgibt die meinung de[sr]\b|\bniet noodzakelijk(?:erwijs)? de mening\b|\bmeningen in dit artikel\b|\b(?:ein|der) (?:kommentar|gastkommentar|gastbeitrag|meinungsbeitrag) von\b",
        r"\b(?:opinions?|points? de vue|propos)\b[^.]{0,60}\bne reflètent pas\b|\bopinions exprimées\b|\b(?:opini(?:ón|ones)|opini(?:ão|ões)|opinion[ei])\b[^.]{0,60}\b(?:no reflejan?|no representan?|não reflete\w*|não representa\w*|non (?:riflett|rispecchi|rappresent)\w*)\b|\b(?:opiniones|opinión|opiniões|opinioni)(?: aqu[ií]| qui)? (?:expresad|vertid|expressa|espress)\w+|\b(?:artículos|columnas) de opinión\b|\b(?:exclusiva |inteira )?responsabili(?:dad|dade)(?: exclusiva)? d[eo]s?\b[^.]{0,10}\baut(?:or|ores)\b|\bexclusivamente dos autores\b",
        r"\b(?:er|gir|giver|är)?\s?(?:udtryk|uttrykk|uttryck) for skribente\w+|\b(?:skribentens?|forfatterens?) (?:egn?\w* )?(?:holdning\w*|mening\w*|åsikt\w*)\b|\b(?:skribenten svarar för|skribenten ansvarar|(?:ansvar|står) for skribentens|opinionstext|åsikter som uttrycks|debattinn?lägg\w*|debattinnlegg\w*|debatindlæg\w*)\b",
        r"\b(?:opinie|poglądy)\b[^.]{0,40}\b(?:nie muszą|niekoniecznie)\b|\bniekoniecznie stanowią\b[^.]{0,20}\bpoglądy\b|\bwyrażone opinie\b|\bмнени[ея] (?:автора|редакции)\b[^.]{0,40}\bне (?:совпада|отража)\w*|\bможет не совпадать с (?:мнением|позицией)\b|\bмнение (?:автора|редакции) может\b|\bдумк[аи] (?:автора|редакції)\b[^.]{0,20}\bмо(?:же|жуть)\b|\bне (?:збігатися|співпадати) з думкою\b|\bifade edilen görüşler\b|필자의[^.]{0,10}의견|외부 필자|(?:本文|文章)[^。]{0,6}(?:仅|僅|只)代表作者|筆者(?:個人)?の(?:見解|意見)",
    ),
    re.compile(
        r"""(?:guest[ ])?(?:opinions?|op-?ed|commentary|editorial|essay|columns?)|opinions?[ ](?:and|&)[ ](?:analysis|commentary|editorials?)|columnists?|guest[ ](?:columnists?|post|contributor)|viewpoints?|letters?[ ]to[ ]the[ ]editor
        |kommentar|gastkommentare?|meinung(?:en)?|meinungsbeitrag|gastbeitrag|gastbeiträge|kolumnen?|leitartikel|glosse|tribunes?|chroniques?|éditor?iau?x?|éditorial|point[ ]de[ ]vue|débats?|opinión|tribunas?|columnas?|editoriales|opiniã?o|opinião|artigo[ ]de[ ]opinião|coluna|opinion[ei]|editoriale|l['’]editoriale|commento|opinie|columns?|commentaar
        |ledaren?|krönikan?|debatt(?:artikel|innlegg|inlägg)?|insändare|lederen?|lederartikkel|kronikk?(?:en)?|debat(?:indlæg)?|meninger|klumme|kommentar(?:en)?|komentarz|felieton|opinia|publicystyka|мнени[ея]|колонк[аи]|авторская[ ]колонка|думк[аи]|погляд|社説|論説|論壇|オピニオン|コラム|社论|社論|评论|評論|观点|觀點|时评|사설|칼럼|오피니언|görüş|köşe[ ]yazı(?:sı|ları)|yorum|nuomonės""",
        re.IGNORECASE | re.VERBOSE,
    ),
    _path(
        r"opinions?|columnists?|columns?|op-?ed|commentisfree|commentary|editorials?|viewpoints?|meinung|gast(?:kommentare?|beitraege?)|kommentare?|kolumnen?|tribunes?|opinion[ei]?|opiniao|opinie|editoriali?|ledare|leder|kronikk?(?:er)?|debatt?|kommentar(?:er)?|felietony?|mnenie|mneniya|opinions|columns|shasetsu"
    ),
    but=_any(r"\b(?:comments?|commenters?|users?|readers?|advertis\w+|reviews?|forum|product)\b"),
    needles=("opini", "s own", "s' own", "s’ own", "views", "viewpoint", "meinung", "mening", "kommentar", "gastbeitrag", "points de vue", "point de vue", "propos", "responsabili", "exclusivamente", "skribent", "forfatter", "åsikt", "debat", "pogląd", "мнени", "позицией", "думк", "görüş", "의견", "필자", "代表作者", "見解", "意見"),
)  # fmt: skip

# In the order in which an entry tells its flags.
DISCLOSURES = (_AI_MADE, _SPONSORED, _PRESS, _OPINION, _AFFILIATE)
