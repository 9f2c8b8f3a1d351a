"""The standing request: what the user is asking for, and how follow-ups replace a value in it, narrow or repeat it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dialog.change import ASKING
from dialog.interpret.pack import Utterance, View
from dialog.interpret.zh import kinds
from dialog.interpret.zh.edits import glue, put, said
from dialog.interpret.zh.mentions import mentions
from dialog.interpret.zh.tokens import Token, cut
from dialog.interpret.zh.words import COPULAS, WEAK_NOUNS
from dialog.rewrite import Edit, Piece

ASKING_FORM = re.compile(
    r"[吗么呢？?]\s*$|谁|什么|啥|哪|几|多少|怎|如何|为什么|多[高大长远久重]|是否|还是.+[好呢？?]|有没有|能不能|可不可以|(?:帮|请|给)(?:我|你|您)?|推荐|我?(?:想|要)(?:找|订|买|看|去|吃|查|听|问|知道|学)|查|订|找|介绍|写|翻译"
)


def standing(view: View) -> Utterance | None:
    """The request of the active topic, as said in its turn; None when nothing was asked for yet."""
    topic = view.state.topic(view.state.active_topic)
    if topic is not None and topic.request is not None:
        request = topic.request
        for utterance in view.utterances:
            if utterance.role == "user" and utterance.turn_id == request.turn_id and utterance.text == request.text:
                return utterance
        return Utterance(request.turn_id, 0, "user", request.text, "resolved", topic.topic_id)
    asked = {turn.turn_id for turn in view.state.turns if turn.act in ASKING}
    users = [said for said in (view.in_topic or view.utterances) if said.role == "user" and said.turn_id in asked]
    return users[-1] if users else view.last_user


def correctable(view: View) -> Iterator[Utterance]:
    """What a correction may be of: a question about an item of a list, if it came last, then the standing request."""
    acts = {turn.turn_id: turn.act for turn in view.state.turns}
    latest = next((utterance for utterance in reversed(view.in_topic) if utterance.role == "user"), None)
    if latest is not None and acts.get(latest.turn_id) == "select" and asks(latest):
        yield latest
    request = standing(view)
    if request is not None:
        yield request
    wanted = sought(view)
    if wanted is not None and wanted is not request:
        yield wanted


def sought(view: View) -> Utterance | None:
    """What the user is looking for in the active topic: the latest request that seeks something, past questions about
    what was found; the standing request when none does."""
    asked = {turn.turn_id for turn in view.state.turns if turn.act in ASKING}
    pointed = {turn.turn_id for turn in view.state.turns if any(edit.reason == "reference" for edit in turn.edits)}
    for utterance in reversed(view.in_topic):
        about_one = utterance.turn_id in pointed or WEIGHS.search(utterance.text)
        if utterance.role == "user" and utterance.turn_id in asked and seeks(utterance) and not about_one:
            return utterance
    return standing(view)


def latest_question(view: View) -> Utterance | None:
    """The latest message of the user in the active topic, if it asks or orders something."""
    latest = next((utterance for utterance in reversed(view.in_topic) if utterance.role == "user"), None)
    return latest if asks(latest) else None


def centre_of(view: View, request: Utterance) -> tuple[int, int] | None:
    """Where `request` has what it is about, as far as that was put in or replaced there; None when nothing was."""
    turn = view.state.turn(request.turn_id)
    edits = [edit for edit in turn.edits if edit.reason in ("reference", "omission")] if turn is not None else []
    pieces = [piece.text for edit in edits[:1] for piece in edit.pieces if piece.source.kind != "glue"]
    if not pieces or request.text.find(pieces[0]) < 0 or request.text.find(pieces[-1]) < 0:
        return None
    return request.text.find(pieces[0]), request.text.find(pieces[-1]) + len(pieces[-1])


def asks(request: Utterance | None) -> bool:
    """Whether it is a question or an order, which can be asked again, rather than a remark."""
    return request is not None and ASKING_FORM.search(request.text) is not None


YES_NO = re.compile(r"^(?![^，。]*(?:推荐|有))[^，。]*(?:要|能|可以|会|停|支持|开)[^，。]*吗[？?\s]*$")
"""What only wants a yes or no about a thing."""
WEIGHS = re.compile(r"哪[个家款种部]?(?:更|比较|最)|[和与跟].+哪|有多|是哪|还是")
"""What compares things already found rather than looking for one."""
SEEKS = re.compile(
    r"推荐|找|订|哪[家个些部本首款种]|哪[里儿]有|有什么|有啥|有没有|[有没]吗|附近|给我|帮我|想(?:要|买|吃|看|听|住|去)|要(?:一|买)|介绍|来[一几个]|查|写|买|安排|规划|攻略|怎么做|怎么办"
)


def seeks(request: Utterance | None) -> bool:
    """Whether it looks for something that can be described more closely."""
    return request is not None and SEEKS.search(request.text) is not None and not YES_NO.search(request.text)


def body(request: Utterance) -> tuple[int, int]:
    """Where the request's own words are: without a greeting before and punctuation behind."""
    start = re.match(
        r"(?:(?:你好|您好|嗯+|呃|那个|请问|哎|对了|(?:太|有点儿?|好)[贵远小大辣长难偏吵旧]了?|算了|那?(?=[一两二三四]居室也行))[，,。！!\s]*)*",
        request.text,
    )
    first = start.end() if start else 0
    return _said_again(request.text, first), len(request.text.rstrip())


def _said_again(text: str, first: int) -> int:
    """Where the request starts after statements whose places and names it repeats ("我明天要去纽约。纽约最好的...")."""
    for stop in re.finditer("[。！!；;\n]+", text):
        before, behind = text[first : stop.start()], text[stop.end() :]
        names = [word.text for word in cut(before) if word.proper and len(word.text) > 1]
        if ASKING_FORM.search(behind) and not KEPT.search(before) and any(name in behind for name in names):
            first = stop.end()
    return first


KEPT = re.compile("过敏|预算|不[吃喝能要想喜]|孕|糖尿|怕|只|必须|对.+不")
"""What a statement before a request has that must not get lost."""


def again(request: Utterance) -> tuple[Piece, ...]:
    start, end = body(request)
    return said(request, start, end)


# --- replacing a value -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """Where in the request a new value goes (`start`..`end`); what follows it is taken up from `rest`."""

    start: int
    end: int
    rest: int
    sure: float


def place_for(view: View, request: Utterance, value: str) -> Place | None:
    """The part of `request` that `value` takes the place of."""
    return (
        same_kind(request, value) or _same_head(request, value) or _same_script(request, value)
        or _topic(view, request, value)
    )  # fmt: skip


def same_kind(request: Utterance, value: str) -> Place | None:
    text = request.text
    new = kinds.found(value)
    if not new or new[0][1] > 0:
        return None
    old = kinds.found(text)
    slots = [next((o for o in old if o[0] == n[0]), None) for n in new]
    if slots[0] is None or not _covers(value, new):
        return None
    start = slots[0][1]
    end = max(slot[2] for slot in slots if slot is not None)
    if any(slot is not None and slot[1] < start for slot in slots):
        return None
    rest = end
    head = kinds.OWN_HEAD.match(text, end - 1)
    if new[0][0] == "cuisine" and head:
        rest = _head_start(text, end, value)
    return Place(start, end, rest, 0.85)


def _head_start(text: str, end: int, value: str) -> int:
    """Where the head noun starts that stays: 中餐|馆 keeps 餐馆 for a 菜 and only 馆 for another 餐."""
    if value[-1] == "餐" or re.search("[馆厅店]$", value):
        return end
    return end - 1


def _covers(value: str, spans: Sequence[tuple[str, int, int]]) -> bool:
    left = value
    for _, start, end in reversed(spans):
        left = left[:start] + left[end:]
    return not left.strip("的 ，,")


def _same_head(request: Utterance, value: str) -> Place | None:
    """ "华为手机" for "苹果手机", "韩国料理" for "日本料理": the same last word with another one before it."""
    words = [word for word in cut(request.text) if word.tag != "x"]
    new = cut(value)
    tail = new[-1].text if len(new) > 1 else value[-1]
    if len(value) < 2 or tail == value:
        return None
    for i, word in reversed(list(enumerate(words))):
        if not word.text.endswith(tail) or request.text[max(0, word.end - len(value)) : word.end] == value:
            continue
        if word.text == tail and (i == 0 or words[i - 1].tag not in "nmtaz" or words[i - 1].text in WEAK_NOUNS):
            continue
        if word.text != tail and len(tail) == 1 and tail not in "店馆菜座路区市州国语文片剧书站":
            continue
        start = words[i - 1].start if word.text == tail else word.start
        return Place(start, word.end, word.end, 0.8)
    return None


def _same_script(request: Utterance, value: str) -> Place | None:
    if not value.isascii():
        return None
    latin = list(re.finditer(r"[A-Za-z][A-Za-z0-9+#.'-]*(?: [A-Za-z][A-Za-z0-9+#.'-]*)*", request.text))
    if len(latin) == 1:
        return Place(*latin[0].span(), latin[0].end(), 0.8)
    alike = [match for match in latin if match[0].isupper() == value.isupper()]
    return Place(*alike[-1].span(), alike[-1].end(), 0.7) if alike else None


def _topic(view: View, request: Utterance, value: str) -> Place | None:
    """What the request is about gives way to a new name of no known kind."""
    new = cut(value)
    if not new or any(word.tag not in "nauv" for word in new) or new[-1].tag not in "na" or kinds.found(value):
        place = _place_name(request, new) if new else None
        return place
    by_name = _place_name(request, new)
    if by_name is not None:
        return by_name
    inside = [m for m in mentions(view) if m.said.turn_id == request.turn_id and m.said.role == "user" and m.score > 0]
    for mention in inside:
        if mention.said.text == request.text and mention.text not in WEAK_NOUNS and mention.text != value:
            owner = mention.text.find("的")
            end = mention.start + owner if owner > 0 else mention.end
            lead = cut(mention.text)[0]
            verb = lead.end if lead.tag == "v" and lead.end < len(mention.text) and new[0].tag != "v" else 0
            return Place(mention.start + verb, end, end, 0.65)
    return None


def _place_name(request: Utterance, new: Sequence[Token]) -> Place | None:
    """A name for a name: a foreign place the patterns do not know takes the place of the one place in the request."""
    if any(word.tag != "n" for word in new):
        return None
    named = kinds.found("".join(word.text for word in new))
    places = [span for span in kinds.found(request.text) if span[0] == "city"]
    wants_place = (named and named[0][0] == "city") or any(word.name == "place" for word in new)
    foreign = not named and len(new) <= 2 and any(word.proper for word in new)
    if len(places) == 1 and (wants_place or foreign):
        return Place(places[0][1], places[0][2], places[0][2], 0.75)
    if wants_place:
        other = [word for word in cut(request.text) if word.name == "place"]
        if other:
            return Place(other[0].start, other[0].end, other[0].end, 0.75)
    return None


def replaced(request: Utterance, place: Place, text: str, start: int, end: int) -> tuple[Edit, ...]:
    """Edits that make the message the request again, with the message's `start`..`end` in `place`."""
    first, last = body(request)
    before = put(0, start, said(request, first, place.start), "topic") if start or first < place.start else None
    after = said(request, place.rest, last)
    edits = [before] if before is not None else []
    if after or end < len(text):
        edits.append(put(end, len(text), after, "topic"))
    return tuple(edits)


# --- narrowing -------------------------------------------------------------------------------------------------------


def head_noun(request: Utterance) -> int | None:
    """Where the noun starts that a describing word goes before ("纽约最好的|中餐馆是哪家"); None: cannot tell."""
    words = [word for word in cut(request.text) if word.tag != "x"]
    runs: list[tuple[int, int]] = []
    for i, word in enumerate(words):
        if word.tag == "n" or (word.tag == "v" and i and words[i - 1].text == "的" and i + 1 == len(words)):
            if runs and runs[-1][1] == i:
                runs[-1] = (runs[-1][0], i + 1)
            else:
                runs.append((i, i + 1))
    for a, b in reversed(runs):
        before = words[a - 1] if a else None
        behind = words[b] if b < len(words) else None
        counted = before is not None and (before.text in ("的", "什么", "哪些", "好吃的") or before.tag in "ma")
        ends = behind is None or behind.text in COPULAS or behind.tag in "yvq"
        if counted and ends:
            return words[a].start
    return None


def narrowed(request: Utterance, text: str, start: int, end: int) -> tuple[Edit, ...]:
    """Edits that put the describing words `start`..`end` ("便宜一点的") before the request's head noun."""
    at = head_noun(request)
    if at is None or not text[start:end].endswith("的"):
        return constrained(request, text, end)
    first, last = body(request)
    return (
        *((put(0, start, said(request, first, at), "topic"),)),
        put(end, len(text), said(request, at, last), "topic"),
    )


def constrained(
    request: Utterance, text: str, end: int | None = None, *, without: re.Pattern[str] | None = None
) -> tuple[Edit, ...]:
    """Edits that put the request after the message ("四个人，帮我订一家餐厅"), minus what `without` matches."""
    end = len(text.rstrip("，。！？；,.!?;～~… ")) if end is None else end
    return (put(end, len(text), (*glue("，"), *_without(request, without)), "topic"),)


def _without(request: Utterance, pattern: re.Pattern[str] | None) -> tuple[Piece, ...]:
    start, end = body(request)
    gone = pattern.search(request.text, start, end) if pattern is not None else None
    if gone is None or gone.start() == gone.end() or gone.end() - gone.start() >= end - start:
        return said(request, start, end)
    return (*said(request, start, gone.start()), *said(request, gone.end(), end))


def repeated(text: str, request: Utterance, *, not_this: Sequence[Piece] = ()) -> tuple[Edit, ...]:
    """Edits that bring the request back after a complaint, naming what is not wanted."""
    end = len(text.rstrip("，。！？；,.!?;～~… "))
    named = (*glue("，不要"), *not_this) if not_this else ()
    return (put(end, len(text), (*named, *glue("。"), *again(request)), "topic"),)
