"""The state block: what is known when older turns give way, in a form that equal states render to equal bytes."""

from __future__ import annotations

from dialog.fence import fenced, one_line
from dialog.ground.slots import slot_lines
from dialog.state import DialogState, Topic

MAX_REQUEST_CHARS = 240


def render_snapshot(state: DialogState) -> str:
    """Slots in scope and the topics with their standing requests, fenced; "" when the state holds neither."""
    lines = []
    slots = slot_lines(state.slots_in_scope)
    if slots:
        lines.append("slots: " + "; ".join(slots))
    lines += [_topic_line(state, topic) for topic in sorted(state.topics, key=lambda topic: topic.last_n)]
    return fenced("dialog-state", "\n".join(lines)) if lines else ""


def _topic_line(state: DialogState, topic: Topic) -> str:
    """Label, standing request and, where the line of slots in scope does not show them, slots of one topic."""
    now = topic.topic_id == state.active_topic
    own = () if now else (slot for slot in state.slots if slot.topic_id == topic.topic_id)
    request = _shortened(topic.request.text) if topic.request else ""
    label = _shortened(topic.label)
    named = [] if request.startswith(label) else [label]
    asked = [request] if request else []
    return f"{'topic now' if now else 'topic'}: " + " | ".join([*named, *asked, *slot_lines(own)])


def _shortened(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= MAX_REQUEST_CHARS else f"{line[: MAX_REQUEST_CHARS - 4]} [\u2026]"
