"""The weather of a day, asked without the place: the place was named before."""

from __future__ import annotations

import re

from dialog.interpret.pack import View
from dialog.interpret.zh.clause import Filled
from dialog.interpret.zh.cues import SPOKEN
from dialog.interpret.zh.edits import of, put
from dialog.interpret.zh.mentions import Mention, mentions
from dialog.interpret.zh.tokens import cut

DAY = (
    r"今天|明天|后天|大后天|昨天|今晚|明晚|晚上|明早|现在|周末|这周末?|下周末?|最近|(?:周|星期)[一二三四五六日天]"
    r"|未来(?:几天|哪天|[一二三四五六七]天)?"
)
WEATHER_OF_DAY = re.compile(
    rf"^{SPOKEN}(?:那么?)?(?P<asked>(?:{DAY})(?:晚上|早上|白天|下午)?的?[^，。！？!?\s我你您他她]{{0,4}}?"
    r"(?:天气|[下有][大小暴]?[雨雪]|最[高低](?:温度|气温)|气温|温度|[几多少]+度|雾霾|降温|[冷热])[^，。！？!?\s我你您他她]{0,6})[\s，。！？!?]*$"
)
ABOUT_WEATHER = re.compile("天气|下雨|下雪|有雨|气温|温度|多云|度到|雾霾")


def weather_of_day(view: View, text: str) -> Filled | None:
    """ "今天最低温度多少": the place whose weather is talked of is missing; else the place that was just named."""
    match = WEATHER_OF_DAY.match(text)
    if match is None or any(word.name == "place" for word in cut(text)):
        return None
    place = _weather_place(view)
    if place is None:
        return None
    at = match.start("asked")
    return Filled((put(at, at, of(place), "omission"),), 0.65, "weather-of-day")


def _weather_place(view: View) -> Mention | None:
    talk = [utterance.text for utterance in (view.in_topic or view.utterances)[-4:]]
    told = any(ABOUT_WEATHER.search(text) for text in talk)
    for mention in mentions(view):
        if mention.score < 1.0:
            break
        forecast = re.compile(rf"{re.escape(mention.text)}(?:{DAY})?的?天气")
        if told and any(forecast.search(text) for text in talk) and len(mention.text) <= 6:
            return mention
        if mention.place and mention.said in view.utterances[-2:]:
            return mention
    return None
