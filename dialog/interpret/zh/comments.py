"""Clauses that leave out their topic though no other rule finds the gap: nothing in them is new, and nobody is named.

Chinese puts what a sentence is about at its front whatever its part in the predicate ("围城你看过吗"; Li & Thompson
1981, ch. 4), so that the topic can go back there even where it is no subject.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from dialog.interpret.pack import View
from dialog.interpret.zh.antecedents import antecedent
from dialog.interpret.zh.clause import Filled, content_end
from dialog.interpret.zh.cues import CONCLUDES
from dialog.interpret.zh.edits import glue, of, put
from dialog.interpret.zh.mentions import LONGEST_TITLE
from dialog.interpret.zh.subjects import ADVICE, CHOOSES, NOT_SO
from dialog.interpret.zh.tokens import Token
from dialog.interpret.zh.words import (
    ADJECTIVES,
    COPULAS,
    FELT_VERBS,
    GENERIC,
    LIGHT,
    OBJECT_VERBS,
    OPEN_VERBS,
    RELATIONAL,
    WEAK_NOUNS,
)

SAYS_OF_SELF = re.compile(
    r"^人|快一?点|请|帮我|推荐|聊|再见|我有|梦[见到]|^(?:想|打算|准备|希望|求|帮|再|祝|谢|可惜|难怪|等|走)"
    r"|朋友|分手|吵架|失眠|今天|明天|睡|累|困|饿|忙|难过|生气|无聊|爱你|喜欢你|想你"
)
"""What speakers say of themselves or ask for."""
TO_YOU = re.compile(
    r"^(?:你|您)(?:是|叫|真|好|太|很|在|几|多|吃|会不会|能不能|怎么|为什么|干|这么|还)"
    r"|^我(?:是|叫|好|很|太|真|在|的|有点)"
)
"""What is said or asked of the people in the room themselves ("你几岁了", "我很难过")."""
OF_US = re.compile("[你您我咱]")
"""Names the people in the room."""
TWO_CLAUSES = re.compile("[，,]")
ENDS = re.compile(r"[了吧啊呀][。！!~～\s]*$")
"""Closes a remark of the speaker's own ("学到了", "走吧")."""
LONGEST_CHARS = 8
"""Of a comment that lacks its topic; a longer one says what it is about."""
LED_BY = re.compile("[这那]个$")
NO_OBJECT = COPULAS | OPEN_VERBS | FELT_VERBS | {"不行", "行"}
"""Verbs that no object follows."""
BRIEF, LONG = 4, 8
"""Words of a clause that lacks its topic: a brief one needs hardly any sign of what is meant, a long one more."""
LIKELY, SURE = 1.0, 3.0
"""Scores that what is talked of must have then."""


def comment(view: View, text: str, main: Sequence[Token]) -> Filled | None:
    """A clause with no name and no new thing in it: it is said of what the last two utterances are about."""
    words = main[: content_end(main)]
    if view.goes_on or CONCLUDES.match(text) or _is_whole(text):
        return None
    if ADVICE.match(text) or CHOOSES.search(text) or NOT_SO.search(text) or LED_BY.search(text[: main[0].start]):
        return None
    if not words or len(words) > LONG or _complete(words) or _brings_up(view, words):
        return None
    topic = antecedent(view, near=text)
    if topic is None or topic.said not in view.utterances[-2:] or len(topic.text) > LONGEST_TITLE:
        return None
    if topic.score < (LIKELY if len(words) <= BRIEF else SURE):
        return None
    verbs = [word.text for word in words if word.tag == "v" and word.text not in LIGHT]
    wants = words[-1].tag == "v" and words[0].tag == "r" and len(verbs) == 1 and verbs[0] not in NO_OBJECT
    at = words[-1].end if wants else words[0].start
    pieces = (*of(topic), *glue("是")) if all(word.tag == "m" for word in words) else of(topic)
    return Filled((put(at, at, pieces, "omission"),), 0.5, "comment")


def _is_whole(text: str) -> bool:
    """Whether the form alone says that nothing is left out."""
    return len(text) > LONGEST_CHARS or any(sign.search(text) for sign in (OF_US, TWO_CLAUSES, ENDS))


def _own_time(words: Sequence[Token]) -> bool:
    """Whether it is a day that the clause asks about ("中秋节是几号")."""
    return any(word.tag == "t" and (behind.text in COPULAS or behind.tag == "q") for word, behind in pairwise(words))


def _complete(words: Sequence[Token]) -> bool:
    """Whether the clause names someone or something, or is about the people in the room."""
    said = "".join(word.text for word in words)
    if any(word.proper or word.tag == "z" for word in words) or SAYS_OF_SELF.search(said) or TO_YOU.match(said):
        return True
    if _own_time(words):
        return True
    if words[0].tag == "r" and not any(word.tag == "v" for word in words):
        return True
    verb_first = words[0].tag == "v" and words[0].text in OBJECT_VERBS and len(words) > BRIEF
    return verb_first or not any(word.tag in "vaqmn" for word in words)


def _brings_up(view: View, words: Sequence[Token]) -> bool:
    """Whether a noun is new to the talk."""
    told = "\n".join(utterance.text for utterance in view.utterances[-6:])
    known = RELATIONAL | WEAK_NOUNS | ADJECTIVES | OPEN_VERBS | (GENERIC if len(words) <= BRIEF else frozenset())
    return any(
        word.tag == "n" and len(word.text) > 1 and word.text not in known and word.text not in told for word in words
    )
