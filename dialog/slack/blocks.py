"""What the bot shows beside its replies, in Block Kit: why a message was understood as it was, slots, topics, buttons.

https://docs.slack.dev/reference/block-kit
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from dialog.cli.report import Mark, Origin, marks_of
from dialog.ground.slots import plain, slot_line
from dialog.slack.markdown import escaped
from dialog.slack.words import Words
from dialog.state import DialogState, Slot, SlotContent
from dialog.trace import TurnTrace

Block = dict[str, Any]

FEEDBACK = "antecedent_feedback"
WHY = "antecedent_why"
SLOTS = "antecedent_slots"
TOPIC = "antecedent_topic"
FORGET = "antecedent_forget"
CORRECT = "antecedent_correct"
SLOT_VIEW = "antecedent_slot"
VALUE = "value"

_WORD = re.compile(r"\w")

SECTION_CHARS = 3_000
QUOTED_CHARS = 280
MOST_ROWS = 40
"""Of the 50 blocks Slack allows in a message, 100 in a view."""


def footer(dialog_id: str, turn_id: str, words: Words) -> list[Block]:
    """Thumbs, and the button that explains; they name the dialog and the turn."""
    at = {"d": dialog_id, "t": turn_id}

    def thumb(text: str, up: bool) -> Block:
        return {"text": _plain(text), "accessibility_label": text, "value": json.dumps({**at, "up": up})}

    feedback = {
        "type": "feedback_buttons",
        "action_id": FEEDBACK,
        "positive_button": thumb(words.good, True),
        "negative_button": thumb(words.bad, False),
    }
    return [
        {"type": "context_actions", "elements": [feedback]},
        {"type": "actions", "elements": [_button(words.why, WHY, at)]},
    ]


def why_blocks(trace: TurnTrace, state: DialogState, words: Words) -> list[Block]:
    """The message as it was written and as it was understood, with the source of every word put in."""
    rewrite = trace.interpretation.rewrite
    blocks = [_section(f"*{words.you_wrote}*\n{_quoted(rewrite.original)}")]
    turn = state.turn(trace.turn_id)
    if not rewrite.changed:
        blocks.append(_section(words.self_contained))
    else:
        marks = marks_of(rewrite, state)
        blocks.append(_section(f"*{words.sent_as}*\n{_quoted_marks(marks)}"))
        told = (mark for mark in marks if (mark.origin or mark.kind == "removed") and _WORD.search(mark.text))
        lines = list(dict.fromkeys(_source_line(mark, words) for mark in told))
        if lines:
            blocks.append(_section(f"*{words.sources}*\n" + "\n".join(lines)))
    known = [f"• {escaped(slot_line(slot))}" for slot in state.slots if slot.changed_in == trace.turn_id]
    if known:
        blocks.append(_section(f"*{words.slots}*\n" + "\n".join(known)))
    meant = trace.interpretation
    facts = [meant.act, meant.by, f"{rewrite.confidence:.2f}", f"{trace.tokens}/{trace.budget}"]
    facts += [f"<@{turn.speaker}>"] if turn is not None and turn.speaker else []
    blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": escaped_facts(facts)}]})
    return blocks


def slots_blocks(state: DialogState, words: Words) -> list[Block]:
    """The slots in scope, each with a button to correct it."""
    told = [slot for slot in state.slots_in_scope if slot_line(slot)]
    if not told:
        return [_section(words.nothing)]
    return [_section(f"*{words.slots}*"), *(_slot_row(state, slot, words) for slot in told[-MOST_ROWS:])]


def topic_blocks(state: DialogState, words: Words) -> list[Block]:
    """The topics, the active one first."""
    if not state.topics:
        return [_section(words.nothing)]
    newest = sorted(state.topics, key=lambda topic: (topic.topic_id == state.active_topic, topic.last_n), reverse=True)
    lines = []
    for topic in newest[:MOST_ROWS]:
        mark = "▸" if topic.topic_id == state.active_topic else "•"
        asked = words.request.format(escaped(_short(topic.request.text))) if topic.request else ""
        lines.append(f"{mark} *{escaped(_short(topic.label))}*" + (f"\n    {asked}" if asked else ""))
    return [_section(f"*{words.topic}*\n" + "\n".join(lines))]


def modal(title: str, blocks: Sequence[Block], words: Words) -> Block:
    """A view that shows `blocks`."""
    return {"type": "modal", "title": _plain(title[:24]), "close": _plain(words.cancel), "blocks": list(blocks)}


def slot_modal(at: dict[str, Any], current: SlotContent, words: Words) -> Block:
    """A view that asks for the right value of a slot; `at` names the dialog ("d"), slot ("n") and owner ("o")."""
    field: Block = {"type": "plain_text_input", "action_id": VALUE, "max_length": 500}
    if current is not None:
        field["initial_value"] = plain(current)[:500]
    return {
        "type": "modal",
        "callback_id": SLOT_VIEW,
        "private_metadata": json.dumps(at),
        "title": _plain(words.correct[:24]),
        "submit": _plain(words.save),
        "close": _plain(words.cancel),
        "blocks": [
            {
                "type": "input",
                "block_id": VALUE,
                "optional": True,
                "label": _plain(f"{at['n']}: {words.new_value}"[:150]),
                "hint": _plain(words.empty_clears),
                "element": field,
            }
        ],
    }


def _slot_row(state: DialogState, slot: Slot, words: Words) -> Block:
    whose = f" (<@{slot.owner}>)" if slot.owner else ""
    said = escaped(slot_line(slot.model_copy(update={"owner": None, "name": "-"})).removeprefix("-: "))
    row = _section(f"*{escaped(slot.name)}*{whose}: {said}")
    at = {"d": state.dialog_id, "n": slot.name, "o": slot.owner}
    return row | {"accessory": _button(words.correct, CORRECT, at)}


def _source_line(mark: Mark, words: Words) -> str:
    if mark.kind == "removed":
        return f"• ~{escaped(_short(mark.text))}~ ({words.left_out})"
    assert mark.origin is not None
    return f"• *{escaped(_short(mark.text.strip()))}* ← {_origin(mark.origin, words)}"


def _origin(origin: Origin, words: Words) -> str:
    said = f": “{escaped(_short(origin.words))}”" if origin.words else ""
    number = f" (#{origin.n})" if origin.n is not None else ""
    match origin.kind:
        case "user" | "resolved" | "message":
            who = f"<@{origin.by}>" if origin.by else words.you_wrote
            return f"{who}{number}{said}"
        case "reply":
            return f"{words.from_reply}{number}{said}"
        case "slot":
            return words.from_slot.format(escaped(origin.name or ""))
        case "summary":
            return words.from_summary.format(escaped(origin.name or "")) + said
        case "caller":
            return words.from_caller.format(escaped(origin.name or ""))


def _quoted_marks(marks: Iterable[Mark]) -> str:
    """The resolved message with what was put in set bold."""
    shown = ""
    for mark in marks:
        if mark.kind == "removed":
            continue
        text = escaped(mark.text)
        core = text.strip()  # emphasis takes no space at its edges
        if mark.kind == "inserted" and mark.origin is not None and _WORD.search(core):
            text = text.replace(core, f"*{core}*", 1)
        shown += text
    return "\n".join(f"> {line}" for line in shown[: SECTION_CHARS - 200].splitlines())


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in escaped(text[: SECTION_CHARS // 2]).splitlines())


def escaped_facts(facts: Sequence[str]) -> str:
    """Facts on one line; user mentions stay mentions."""
    return " · ".join(fact if fact.startswith("<@") else escaped(fact) for fact in facts if fact)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= QUOTED_CHARS else f"{line[: QUOTED_CHARS - 1]}…"


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:SECTION_CHARS]}}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def _button(text: str, action_id: str, value: dict[str, Any]) -> Block:
    return {"type": "button", "action_id": action_id, "text": _plain(text[:75]), "value": json.dumps(value)}
