"""Phrases of our own, as sites print them, by language: what noise is made of for training."""

from __future__ import annotations

__all__ = ["ADS", "DISCLAIMERS", "HEADINGS", "NAMES", "PROMOS", "SHARES", "SYMBOLS"]

DISCLAIMERS = {
    "en": (
        "Disclaimer: The information on this page is for general purposes only and does not constitute financial advice. Always do your own research before making any decision.",
        "This article was produced with the help of artificial intelligence and reviewed by our editors before publication.",
        "The views expressed in this article are those of the author and do not necessarily reflect the position of this publication.",
        "Some of the links above are affiliate links: if you buy something through them, we may earn a small commission at no extra cost to you.",
        "© 2025 All rights reserved. No part of this page may be reproduced without prior written consent.",
        "Trading involves risk. Past performance is no guarantee of future results, and you may lose all the capital that you invest.",
        "This content is provided for informational purposes and should not be taken as legal, tax, investment or medical advice.",
    ),
    "de": (
        "Hinweis: Dieser Beitrag stellt keine Anlageberatung dar. Alle Angaben ohne Gewähr.",
        "Dieser Text wurde mit Unterstützung künstlicher Intelligenz erstellt und redaktionell geprüft.",
        "Alle Rechte vorbehalten. Nachdruck und Weiterverbreitung nur mit Genehmigung des Verlags.",
    ),
    "fr": (
        "Avertissement : les informations de cette page ne constituent pas un conseil en investissement.",
        "Cet article a été rédigé avec l'aide de l'intelligence artificielle, puis relu par la rédaction.",
        "Tous droits réservés. Toute reproduction sans autorisation est interdite.",
    ),
    "es": (
        "Aviso legal: el contenido de este artículo no constituye asesoramiento financiero.",
        "Las opiniones expresadas son responsabilidad exclusiva del autor y no reflejan la línea editorial de este medio.",
        "Todos los derechos reservados. Prohibida su reproducción total o parcial.",
    ),
    "it": (
        "Avvertenza: le informazioni contenute in questo articolo non costituiscono consulenza finanziaria.",
        "Riproduzione riservata. Tutti i diritti sono riservati.",
    ),
    "pt": (
        "Aviso: as informações desta página não constituem aconselhamento financeiro.",
        "As opiniões expressas neste texto são de responsabilidade do autor.",
    ),
    "nl": ("Dit artikel is geen financieel advies. Beleggen brengt risico's met zich mee.",),
    "pl": ("Treść artykułu nie stanowi porady inwestycyjnej. Wszelkie prawa zastrzeżone.",),
    "ru": ("Материал не является инвестиционной рекомендацией. Все права защищены.",),
    "tr": ("Burada yer alan bilgiler yatırım danışmanlığı kapsamında değildir.",),
}

PROMOS = {
    "en": (
        "Sign up for our free daily newsletter and get the stories that matter straight to your inbox.",
        "Enjoying this story? Subscribe today for unlimited access.",
        "Follow us on Facebook, X and Instagram for more updates.",
        "Download our app to get breaking alerts on your phone.",
        "Join our WhatsApp channel for the latest news.",
        "Support independent journalism. Make a donation today.",
        "Get the latest headlines delivered every morning.",
        "Enter your email address",
        "Sign up now",
        "Subscribe",
    ),
    "de": (
        "Jetzt unseren kostenlosen Newsletter abonnieren und nichts mehr verpassen.",
        "Folgen Sie uns auf Instagram und Facebook.",
        "Laden Sie unsere App herunter und bleiben Sie informiert.",
        "Jetzt abonnieren",
    ),
    "fr": (
        "Inscrivez-vous à notre newsletter et recevez chaque matin l'essentiel de l'actualité.",
        "Suivez-nous sur WhatsApp pour ne rien manquer.",
        "Je m'abonne",
    ),
    "es": (
        "Suscríbete a nuestro boletín y recibe las noticias más importantes del día.",
        "Síguenos en nuestro canal de WhatsApp.",
        "Apúntate gratis",
    ),
    "it": (
        "Iscriviti alla nostra newsletter per ricevere ogni mattina le notizie più importanti.",
        "Seguici su WhatsApp",
    ),
    "pt": (
        "Assine a nossa newsletter e receba as principais notícias no seu e-mail.",
        "Siga o nosso canal no WhatsApp",
    ),
    "nl": ("Schrijf je in voor onze nieuwsbrief en mis niets van het nieuws.",),
    "pl": ("Zapisz się do naszego newslettera i bądź na bieżąco.",),
    "ru": ("Подпишитесь на наш канал в Telegram и будьте в курсе событий.",),
    "tr": ("Haber bültenimize ücretsiz abone olun, gündemi kaçırmayın.",),
}

HEADINGS = {
    "en": (
        "You may also like",
        "Related articles",
        "More from this section",
        "Most read",
        "Trending now",
        "Recommended for you",
        "Read next",
        "Latest news",
        "Don't miss",
    ),
    "de": ("Das könnte Sie auch interessieren", "Mehr zum Thema", "Meistgelesen", "Lesen Sie auch"),
    "fr": ("À lire aussi", "Sur le même sujet", "Les plus lus"),
    "es": ("Te puede interesar", "Lo más leído", "Noticias relacionadas"),
    "it": ("Leggi anche", "I più letti", "Articoli correlati"),
    "pt": ("Leia também", "Mais lidas", "Notícias relacionadas"),
    "nl": ("Lees ook", "Meest gelezen"),
    "pl": ("Czytaj także", "Najczęściej czytane"),
    "ru": ("Читайте также", "Самое читаемое"),
    "tr": ("İlgili haberler", "Çok okunanlar"),
}

NAMES = (
    "Ann Keller",
    "J. Moreau",
    "sailor77",
    "Marta Lind",
    "tomasz_k",
    "P. Okafor",
    "Old Reader",
    "Lena",
    "Rui Prado",
    "Guest",
    "D. Novak",
    "quietriver",
    "H. Tanaka",
    "Mia S.",
    "nordwind",
    "Carlos V.",
)

SYMBOLS = (
    "KEEL",
    "ORB",
    "VLT",
    "NORD",
    "ZEN",
    "HXA",
    "LUMO",
    "BTC",
    "ETH",
    "USDT",
    "EURUSD",
    "XAU",
    "DAX",
    "S&P 500",
    "Nikkei 225",
    "Gold",
    "Brent",
)

SHARES = (
    "Share",
    "Tweet",
    "Share on Facebook",
    "Copy link",
    "Print",
    "Email",
    "WhatsApp",
    "Save",
    "12 shares",
    "Teilen",
    "Partager",
    "Compartir",
    "Condividi",
    "Facebook",
    "X",
    "LinkedIn",
    "Telegram",
    "Pinterest",
)

ADS = (
    "Advertisement",
    "ADVERTISEMENT",
    "Anzeige",
    "Publicité",
    "Publicidad",
    "Sponsored",
    "Continue reading below",
    "Pubblicità",
    "Advertorial",
    "Реклама",
)
