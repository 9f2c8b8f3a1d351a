"""Zero anaphora: what a message leaves out because it was said just before, put back.

Chinese drops whatever the talk is about (Li & Thompson 1981, ch. 24; topic chains, Tsao 1979). The rules look at one
clause: fillers and frames such as 你觉得 come off the front, particles off the end; the class of the first word tells
whether a subject is missing, that of the last whether an object is.
"""

from __future__ import annotations

from dialog.interpret.pack import View
from dialog.interpret.zh.answers import value
from dialog.interpret.zh.clause import Filled, main_of, only_clause
from dialog.interpret.zh.comments import comment
from dialog.interpret.zh.cues import reacts
from dialog.interpret.zh.descriptions import description
from dialog.interpret.zh.echoes import answer, echo, same_predicate, unknown, why
from dialog.interpret.zh.forecasts import weather_of_day
from dialog.interpret.zh.objects import missing_object, one_of_them, part_of_them, tried
from dialog.interpret.zh.owners import missing_owner
from dialog.interpret.zh.subjects import definite, missing_subject, part_of_offer
from dialog.interpret.zh.tokens import cut


def fill(view: View, text: str) -> Filled | None:
    """What is missing in `text`, put back; None when nothing is missing or nothing fits."""
    clause = only_clause(text)
    if clause is None or reacts(text):
        return None
    words = [
        word for word in cut(text) if clause[0] <= word.start and word.end <= clause[1] and not word.text.isspace()
    ]
    main = main_of(words)
    if not main:
        return None
    return (
        why(view, text)
        or weather_of_day(view, text)
        or echo(view, text, main)
        or unknown(view, main)
        or same_predicate(view, text, main)
        or part_of_them(view, text, main)
        or one_of_them(view, text, main)
        or definite(view, text, main)
        or missing_object(view, text, main)
        or tried(view, text)
        or missing_owner(view, text, main)
        or missing_subject(view, text, main)
        or value(view, main, text)
        or answer(view, text, main)
        or part_of_offer(view, text, main)
        or description(view, text, main)
        or comment(view, text, main)
    )
