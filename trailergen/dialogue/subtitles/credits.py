"""The words in which makers of subtitles name themselves, in the languages that subtitles are most shared in."""

from __future__ import annotations

MADE = "|".join(
    (
        # English, French, Spanish, Portuguese
        r"subtitl(?:es?|ed|ing)|subs|subbed|captions?|captioned|captioning|closed captions?|synch?|synch?ed",
        r"resync(?:ed)?|synch?ron[iy][sz](?:ed|ation)|timing|transcripts?|sous-titres?|sous-titr[ée]s?|sous-titrage|synchro",
        r"synchronis[ée]s?|subt[íi]tulos?|subtitulad[oa]s?|subtitulaci[óo]n|sincronizad[oa]s?|sincronizaci[óo]n",
        r"legendas?|legendad[oa]s?|legendagem|sincronia|sincroniza[çc][ãa]o",
        # German, Italian, Dutch, the North
        r"untertitel(?:t|ung)?|synchronisiert|sottotitoli|sottotitolat[oi]|sincronizzat[oi]|sincronizzazione",
        r"ondertitel(?:s|d|ing)?|undertexte?r?|undertekster?|tekstet|tekster|tekstitys|suomennos",
        # Polish, Czech, Hungarian, Romanian, Turkish, Croatian and Serbian
        r"napisy|dopasowanie|titulky|p[řr]e[čc]asov(?:ala?|áno)|felirat(?:ok)?|id[őo]z[íi]t[ée]s|subtitrare|subtitrarea",
        r"sincronizare|altyaz\w|senkron|titlovi|obrada",
        r"субтитры|субтитри|титры|синхронизация|υπότιτλοι|συγχρονισμός|ترجمة|כתוביות|סנכרון",
        r"字幕|时间轴|時間軸|日本語字幕|자막|싱크|phụ đề",
    )
)
"""Making subtitles and nothing else."""

CHANGED = "|".join(
    (
        r"translat(?:ed|ion)|corrected|corrections?|edited|encoded|ripped|transcribed|transcription|adapted|reviewed",
        r"traduit|traduction|corrig[ée]|adapt[ée]|adaptation|relecture|traducid[oa]|traducci[óo]n|corregid[oa]|correcci[óo]n",
        r"traduzid[oa]|tradu[çc][ãa]o|revisad[oa]|revis[ãa]o|corrigid[oa]|übersetzt|übersetzung|korrigiert|korrektur|angepasst",
        r"tradott[oi]|traduzione|revisione|corrett[oi]|vertaald|vertaling|gecorrigeerd|bewerkt",
        r"översatt|översättning|oversat|oversatt|suomentanut|t[łl]umaczenie|t[łl]umaczy[łl]a?|korekta",
        r"p[řr]eklad|p[řr]elo[žz]ila?|[úu]prava|ford[íi]tott?a|ford[íi]t[áa]s|traducerea?|adaptarea?|[çc]eviri|[çc]eviren",
        r"prijevod|prevod|prevela?|preveo|перевод|перевёл|перевел|редактор|корректор|превод|переклад|μετάφραση|תורגם|תרגום",
        r"翻译|翻譯|校对|校對|翻訳|번역|bi[êe]n dịch|diterjemahkan|penerjemah",
    )
)
"""Changing a text, which people in films do too."""

DONE = r"creat(?:ed|i|ed)|made|done|provided|faits?|r[ée]alis[ée]s?|realizad[oa]s?|hech[oa]s|feitas?|erstellt|ingediend"
BY = (
    r"by(?: the)?|par|por|pel[oa]|von|vom|im auftrag \w+|da|di|de|dei|av|af|od|door|oleh|taraf\wndan|bởi|przez"
    r"|a cura di|от|על ידי|сделала?|создавал|делал|выполнила?|由"
)
AND = r"\s*(?:,|&|\+|/|and|et|und|e|y|en|och|og|ja|i|a|és|și|si|ve|и|та|και)?\s*"

SITES = "|".join(
    (
        r"open\s?-?subtitles|osdb\.link|addic7ed|subscene|podnapisi|subdivx|subswiki|wiki-?adictos|tvsubtitles",
        r"moviesubtitles|napiprojekt|napisy24|napisy\.info|titulky\.com|titlovi\.com|prijevodi-online|feliratok\.info",
        r"hosszupuska|legendas\.?tv|legendei|argenteam|tusubtitulo|solosubtitulos|italiansubs|\bitasa\b|subsfactory",
        r"turkcealtyazi|planetdp|divxplanet|altyazi\.org|titrari\.ro|\bsubs\.ro|undertexter\.se|swesub|nordicsubs",
        r"danishbits|bierdopje|u-sub\.net|forom\.com|sous-titres\.eu|zimuku|shooter\.cn|zimuzu|yyets|subhd",
        r"\bsubdl\b|subf2m|\bYTS\.|\bYIFY\b|\bRARBG\b|explosiveskull|amara\.org|DimaTorzok|notabenoid",
        r"射手网|字幕组|字幕組|人人影视",
    )
)
"""Names that stand for subtitles alone."""

AROUND = "|".join(
    (
        r"subtit|\bsubs\b|caption|sottotit|sous-titr|untertitel|ondertit|undertext|legendas|altyaz|napis|titulky",
        r"titlovi|felirat|субтитр|перевод|υπότιτλ|ترجمة|כתוביות|字幕|자막|phụ đề|terjemah|\bsync|sincron|synchron",
        r"correct|corrig|correg|translat|traduc|tradu[çz]|traduit|tradott|übersetz|vertaal|encod|\bripped\b|advert|\bads\b|sponsor",
        r"\bVIP\b|\bmembers?\b|support us|donat|subscribe|\bfollow (?:us|me)|facebook|twitter|telegram|instagram",
        r"discord|download|t[ée]l[ée]charg|descarg|baixe|herunter|pobran|sta[hž]|скача|смотрите|watch|stream|regarde|besuche",
        r"visit us|contact|kontakt|rate this|for free|gratis|gratuit|kostenlos|бесплатно|release|join us|реклам",
        r"publici",
    )
)
"""Words around an address that make an advert of it."""

REQUESTS = "|".join(
    (
        r"advertise your (?:product|brand)|remove all ads|become (?:a )?VIP member|please rate th(?:is|ese) sub",
        r"help other users to choose|do you want subtitles for any|watch any video online with|api\.\w+ is deprecated",
        r"caption(?:s|ing) (?:made possible|sponsored|performed|provided) by|редактор субтитров",
        r"untertitel(?:ung)?\b.*\b(?:ZDF|ARD|WDR|NDR|SWR|MDR|BR|ORF|SRF|funk)\b",
        r"^\W*(?:©|copyright)\W.*\b(?:19|20)\d\d\W*$",
    )
)
"""Sentences of adverts and of broadcasters."""
