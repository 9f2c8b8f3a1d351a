"""The hand-made dialogues of the tests, by engine: what share of follow-ups is read right, and of complete messages
left alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from dialog.interpret.edit.words import keys_of
from dialog.interpretation import Interpreter
from dialog.replay import continued
from dialog.state import DialogState
from tests.interpret.en import fresh
from tests.interpret.en.dialogs import words
from tests.interpret.en.test_generality import ALONE
from tests.interpret.en.test_generality import cases as far_cases
from tests.interpret.zh.cases import Case
from tests.interpret.zh.cases import cases as chinese_cases
from training.data import written

CHINESE = ("followups.txt", "alone.txt", "fresh.txt", "unseen.txt", "wide.txt", "later.txt", "last.txt")

EACH_TALK = 3
"""Of the talks, which are many, each third one is measured with."""

Tally = tuple[int, int]
"""How many are right, of how many."""


async def handmade(stages: Mapping[str, Interpreter]) -> list[str]:
    """Lines of the page: a table by set and stage, then the kinds of the first set."""
    lines = [
        "Right of all, follow-ups / complete messages left alone. `fresh` (English) was written before any output was "
        "seen and no rule was made with it; rules were mended against the others. The Chinese talks "
        "are whole conversations, small talk in great part, with all that is left out put back "
        "(`training/data/written/zh_talks`, each third one); rules were held back after a look at half of their "
        "complete messages, and the network has seen none of them.",
        "",
        "| set | " + " | ".join(stages) + " |",
        "|---|" + "---:|" * len(stages),
    ]
    kinds: dict[str, dict[str, Tally]] = {}
    shown: list[str] = []
    for stage, interpret in stages.items():
        found = [(message.kind, right) for message, _, right in await fresh.judged(interpret)]
        kinds[stage] = _by_kind(found)
        shown.append(_pair(found, alone={"alone"}))
    lines.append("| English, fresh | " + " | ".join(shown) + " |")
    shown = [_pair(await _far(interpret), alone=set(ALONE)) for interpret in stages.values()]
    lines.append("| English, far subjects | " + " | ".join(shown) + " |")
    shown = [_pair(await _chinese(interpret), alone={"alone", "complete"}) for interpret in stages.values()]
    lines.append("| Chinese | " + " | ".join(shown) + " |")
    shown = [_pair(await _talks(interpret), alone={"alone"}) for interpret in stages.values()]
    lines.append("| Chinese, talks | " + " | ".join(shown) + " |")
    lines += [
        "",
        "English, fresh, by kind:",
        "",
        "| kind | " + " | ".join(stages) + " |",
        "|---|" + "---:|" * len(stages),
    ]
    for kind in sorted(kinds["rules"]):
        cells = [f"{right} of {count}" for right, count in (kinds[stage][kind] for stage in stages)]
        lines.append(f"| {kind} | " + " | ".join(cells) + " |")
    return lines


def _by_kind(found: list[tuple[str, bool]]) -> dict[str, Tally]:
    count, right = Counter(kind for kind, _ in found), Counter(kind for kind, good in found if good)
    return {kind: (right[kind], count[kind]) for kind in count}


def _pair(found: list[tuple[str, bool]], *, alone: set[str]) -> str:
    follow_ups = [right for kind, right in found if kind not in alone]
    complete = [right for kind, right in found if kind in alone]
    return f"{sum(follow_ups)} of {len(follow_ups)} / {sum(complete)} of {len(complete)}"


async def _far(interpret: Interpreter) -> list[tuple[str, bool]]:
    found = []
    for case in far_cases():
        state = await continued(DialogState(dialog_id="far"), case["history"], interpret)
        meant = await interpret(state, case["text"])
        accepted = [case["text"] if text == "unchanged" else text for text in case["accepted"]]
        found.append((case["kind"], any(words(text) == words(meant.rewrite.text) for text in accepted)))
    return found


async def _chinese(interpret: Interpreter) -> list[tuple[str, bool]]:
    found = []
    for case in (case for file in CHINESE for case in chinese_cases(file)):
        history = [{"role": "user" if role == "u" else "assistant", "text": text} for role, text in case.history]
        state = await continued(DialogState(dialog_id="zh"), history, interpret)
        meant = await interpret(state, case.text)
        kind = "alone" if _stays(case) else case.kind
        found.append((kind, case.wrong(meant.rewrite.text, meant.act) is None))
    return found


async def _talks(interpret: Interpreter) -> list[tuple[str, bool]]:
    found = []
    state, told, group = DialogState(dialog_id="talks"), 0, ""
    for example in written.all_of("zh_talks"):
        if int(example.group.rpartition(":")[2]) % EACH_TALK:
            continue
        if example.group != group:
            state, told, group = DialogState(dialog_id="talks"), 0, example.group
        history = [{"role": role, "text": text} for role, text in example.history[told:]]
        state, told = await continued(state, history, interpret), len(example.history)
        meant = await interpret(state, example.utterance)
        kind = "alone" if keys_of(example.rewrite) == keys_of(example.utterance) else "follow-up"
        found.append((kind, keys_of(meant.rewrite.text) == keys_of(example.rewrite)))
    return found


def _stays(case: Case) -> bool:
    return "." in case.accept
