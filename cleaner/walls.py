"""A line -> which wall it speaks of: what a page shows in place of an article until somebody pays, logs in or consents. Pure.

The patterns name what such a line asks for, in each language; that a site has subscribers is no wall.
"""

from __future__ import annotations

import re

__all__ = ["wall_in"]

_READ = r"(?:continue|keep|finish|go on)(?: reading)?|read (?:on|more|the (?:full|rest|whole|entire)|this|full)|(?:view|access|unlock|see) (?:this|the (?:full|rest|whole)|full)"
_THING = r"(?:article|content|story|post|page|report|piece)"
_OURS = r"(?:paid |paying |premium |registered |our )*(?:subscribers?|members?)"
_PAY = (
    rf"\b(?:subscribe|become a (?:member|subscriber)|start (?:your|a) (?:free )?(?:trial|subscription)|upgrade|buy a subscription)\b[^.!?]{{0,40}}\bto (?:{_READ})\b",
    rf"\bto (?:{_READ})\b[^.!?]{{0,60}}\b(?:subscri(?:be|ption)|become a member)\b",
    rf"\b(?:this|the (?:rest of|full|remainder of)(?: this| the)?) {_THING}\b[^.!?]{{0,25}}\b(?:for|exclusive(?:ly)? (?:to|for)|reserved for|(?:only )?available (?:only )?(?:to|for)|limited to|restricted to)\b (?:only )?{_OURS}\b",
    rf"\b(?:reserved|exclusive(?:ly)?|only) (?:for|to) {_OURS}$",
    rf"^(?:this is )?(?:an? )?(?:subscriber|member|premium)s?[- ](?:only|exclusive)(?: {_THING})?$",
    r"\byou(?:'ve|’ve| have) (?:reached|used|read)[^.!?]{0,40}\bfree (?:articles?|stories|views)\b",
    r"\b(?:already a (?:subscriber|member)|abonniert)\?[^.!?]{0,20}\b(?:log|sign) in to (?:continue|read)",
    r"\b(?:buy|purchase|unlock) (?:this|the full) article\b|\bdiesen artikel (?:erwerben|kaufen|freischalten)\b|\bacheter cet article\b|\bcomprar este artículo\b",
    r"\b(?:jetzt|hier) (?:abonnieren|testen|bestellen|freischalten)[^.!?]{0,40}\bweiterlesen\b|\bweiterlesen mit\b[^.!?]{0,40}(?:\babo\b|\+|\bplus\b|\bpremium\b)|\bum (?:diesen (?:artikel|beitrag|text)|den ganzen artikel)[^.!?]{0,30}(?:weiterzulesen|zu lesen)|\b(?:nur|exklusiv) für (?:abonnent|mitglieder)|\bdiese[rn]? (?:artikel|beitrag|inhalt|text) ist (?:nur )?(?:für )?(?:abonnent|exklusiv|kostenpflichtig)|\bsie haben bereits ein[^.!?]{0,20}abo[^.!?]{0,10}\?",
    r"\b(?:réservée?s? (?:à|aux) (?:nos )?(?:abonnée?s|membres)|abonnez-vous pour (?:lire|continuer|poursuivre|accéder)|pour lire la suite[^.!?]{0,30}abonn|il vous reste \d+ ?% de cet article)",
    r"\b(?:(?:solo|exclusiv[oa]s?|reservad[oa]s?) para (?:nuestros )?suscriptores|suscr[ií]bete para (?:seguir|continuar|leer)|para (?:seguir|continuar) leyendo|conteúdo exclusivo para assinantes|exclusivo para assinantes|assine para (?:ler|continuar))",
    r"\b(?:riservat[oia] agli abbonati|abbonati per (?:continuare|leggere|proseguire)|per continuare a leggere|contenuto (?:riservato|esclusivo) (?:agli|per gli) abbonati)",
    r"\b(?:(?:kun|bare|forbeholdt) for (?:våre |vores )?abonnenter|forbeholdt (?:våre |vores )?abonnenter|bli abonnent for å (?:lese|fortsette)|bliv abonnent (?:for at|og) (?:læse|læs)|(?:artikeln|innehållet) är (?:låst|endast för (?:våra )?(?:prenumeranter|abonnenter))|endast för (?:våra )?prenumeranter|bli prenumerant för att (?:läsa|fortsätta)|logga in för att läsa|log ind for at læse|logg inn for å lese)",
    r"\b(?:(?:tylko|wyłącznie) dla (?:naszych )?(?:subskrybentów|prenumeratorów|abonentów)|dostęp(?:ny|na|ne) (?:tylko )?dla (?:subskrybentów|prenumeratorów)|kup (?:dostęp|subskrypcję)[^.!?]{0,30}(?:czyta|przeczyta)|pozostało \d+ ?% (?:tekstu|artykułu))",
    r"\b(?:(?:только|доступ(?:ен|на|но)(?: только)?)(?: для)? (?:подписчик\w+)|оформите подписку,? чтобы (?:читать|продолжить|прочитать)|лише для передплатників|alleen voor abonnees|exclusief voor abonnees|abonneer (?:je|u) om (?:verder )?te lezen|(?:sadece|yalnızca) aboneler)",
    r"(?:会員限定(?:です|の記事|記事です)|有料(?:会員|記事)(?:限定|です)|この記事は有料|残り\s?[\d,]+文字|(?:ログイン|登録)(?:して|すると)[^。]{0,12}続きを|続きを(?:読む|ご覧)には|(?:仅|僅|只)(?:限|供)(?:订阅|訂閱|付费|付費|会员|會員)|(?:订阅|訂閱|付费|付費)(?:后|後|以)[^。]{0,6}(?:阅读|閱讀|继续|繼續)|구독자 전용|유료 (?:회원|기사)(?:입니다| 전용))",
)
_LOG_IN = (
    rf"\b(?:log ?in|sign ?in|sign up|register|create (?:a|your) (?:free )?account)\b[^.!?]{{0,40}}\bto (?:{_READ})\b",
    rf"\bto (?:{_READ})\b[^.!?]{{0,60}}\b(?:log ?in|sign ?in|sign up|register|create an? (?:free )?account|enter your email)\b",
    r"\b(?:melden sie sich an|registrieren sie sich|jetzt (?:registrieren|anmelden))[^.!?]{0,40}(?:weiter(?:zu)?lesen|zu lesen)",
    r"\b(?:connectez-vous|inscrivez-vous|créez un compte) pour (?:lire|continuer|poursuivre)|\b(?:inicia sesión|regístrate) para (?:seguir|continuar|leer)|\b(?:accedi|registrati) per (?:continuare|leggere)|\b(?:zaloguj|zarejestruj) się,? aby (?:czytać|przeczytać|kontynuować)|\b(?:войдите|зарегистрируйтесь),? чтобы (?:читать|продолжить|прочитать)|(?:登录|登錄|登入|注册)(?:后|後|以)[^。]{0,6}(?:阅读|閱讀|继续|繼續|查看)",
)
_CONSENT = (
    r"\bbefore you continue to\b|\bwe (?:and our (?:\d+ )?(?:partners|vendors)|use cookies)\b|\b(?:accept|consent to|agree to)\b[^.!?]{0,30}\bcookies\b|\bcookies? (?:policy|settings|preferences)\b|\b(?:reading|using) [^.!?]{0,30}with (?:ads|advertising) (?:and|or) (?:cookies|tracking)\b",
    r"\b(?:mit werbung (?:weiter)?lesen|cookies (?:akzeptieren|zustimmen|zulassen)|wir (?:und unsere (?:\d+ )?partner|verwenden cookies))|\bcontinuer sans accepter\b|\bnous (?:et nos (?:\d+ )?partenaires|utilisons des cookies)\b|\bnosotros y nuestros (?:\d+ )?socios\b|\baceptar (?:las |y continuar)?cookies\b|\bnoi e i nostri (?:\d+ )?partner\b|\baccetta (?:i )?cookie\b|\b(?:vi og våre|vi og vores|vi och våra) (?:\d+ )?partner|\b(?:my i nasi|nasi) (?:\d+ )?(?:zaufani )?partnerzy\b|\bмы используем (?:файлы )?cookie|(?:クッキー|cookie)[^。]{0,12}(?:同意|使用)",
)
_WALLS = tuple(
    (name, re.compile("|".join(patterns), re.IGNORECASE))
    for name, patterns in (("paywall", _PAY), ("login-wall", _LOG_IN), ("consent-wall", _CONSENT))
)


def wall_in(text: str, *names: str) -> str | None:
    """Which wall a line speaks of: ``paywall``, ``login-wall`` or ``consent-wall``; names: those that are asked for, else all.

    >>> wall_in("This post is for paid subscribers")
    'paywall'
    >>> wall_in("Subscribe to our newsletter")
    """
    return next((name for name, wall in _WALLS if (not names or name in names) and wall.search(text)), None)
