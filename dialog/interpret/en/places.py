"""Places that are known by name, for "there" and for putting one place in the stead of another."""

from __future__ import annotations

from functools import lru_cache

_NAMES = """
new york|new york city|nyc|manhattan|brooklyn|queens|the bronx|bronx|staten island|harlem|chinatown|soho|boston|
cambridge|chicago|los angeles|la|san francisco|sf|san diego|san jose|seattle|portland|denver|austin|dallas|houston|
san antonio|phoenix|las vegas|vegas|miami|orlando|tampa|atlanta|charlotte|nashville|memphis|new orleans|detroit|
cleveland|columbus|cincinnati|pittsburgh|philadelphia|baltimore|washington|washington dc|washington d.c.|dc|
minneapolis|milwaukee|st. louis|st louis|kansas city|salt lake city|boise|anchorage|honolulu|sacramento|oakland|
palo alto|berkeley|fresno|long beach|albany|buffalo|hartford|providence|chattanooga|ann arbor|louisville|
oklahoma city|tulsa|omaha|tucson|albuquerque|santa fe|london|oxford|manchester|liverpool|birmingham|leeds|edinburgh|
glasgow|cardiff|belfast|dublin|cork|galway|paris|lyon|marseille|nice|bordeaux|berlin|munich|hamburg|cologne|
frankfurt|vienna|salzburg|zurich|geneva|basel|bern|rome|milan|venice|florence|naples|turin|madrid|barcelona|seville|
valencia|lisbon|porto|amsterdam|rotterdam|the hague|brussels|bruges|antwerp|copenhagen|stockholm|oslo|bergen|
helsinki|reykjavik|warsaw|krakow|prague|budapest|bucharest|sofia|belgrade|zagreb|athens|istanbul|ankara|moscow|kiev|
kyiv|tel aviv|jerusalem|cairo|marrakech|casablanca|nairobi|lagos|accra|cape town|johannesburg|dubai|abu dhabi|doha|
riyadh|tehran|baghdad|mumbai|delhi|new delhi|bangalore|kolkata|chennai|kathmandu|bangkok|singapore|kuala lumpur|
jakarta|bali|manila|hanoi|ho chi minh city|hong kong|taipei|beijing|shanghai|shenzhen|guangzhou|seoul|busan|tokyo|
kyoto|osaka|sydney|melbourne|brisbane|perth|auckland|wellington|toronto|montreal|vancouver|ottawa|calgary|quebec|
mexico city|cancun|havana|bogota|lima|cusco|santiago|buenos aires|rio de janeiro|rio|sao paulo|usa|us|u.s.|
united states|america|canada|mexico|brazil|argentina|chile|peru|colombia|cuba|uk|united kingdom|england|scotland|
wales|ireland|britain|france|germany|italy|spain|portugal|netherlands|holland|belgium|switzerland|austria|denmark|
sweden|norway|finland|iceland|poland|czech republic|hungary|romania|bulgaria|greece|turkey|russia|ukraine|serbia|
croatia|egypt|morocco|tunisia|kenya|nigeria|ghana|ethiopia|south africa|israel|iran|iraq|saudi arabia|qatar|india|
pakistan|bangladesh|nepal|sri lanka|thailand|vietnam|cambodia|laos|myanmar|malaysia|indonesia|philippines|china|
taiwan|japan|korea|south korea|north korea|mongolia|australia|new zealand|california|texas|florida|oregon|nevada|
arizona|colorado|utah|alaska|hawaii|massachusetts|illinois|ohio|michigan|georgia|virginia|montana|idaho|wyoming|
minnesota|wisconsin|pennsylvania|maine|vermont|connecticut|new jersey|new mexico|new england|tennessee|kentucky|
alabama|louisiana|europe|asia|africa|south america|north america|antarctica|scandinavia|the middle east|middle east|
tuscany|provence|bavaria|catalonia|sicily|downtown|uptown|midtown|the city|city centre|the city centre|the centre|
downtown area
"""
NAMES = frozenset(name.strip() for name in _NAMES.replace("\n", "").split("|") if name.strip())
LONGEST = max(len(name.split()) for name in NAMES)


@lru_cache(maxsize=2048)
def is_place(text: str) -> bool:
    """Whether `text` is the name of a well-known place, in any case, with or without "the"."""
    low = text.lower().strip(" .,?!")
    return low in NAMES or low.removeprefix("the ") in NAMES
