"""How much a state holds, and what goes when more is said."""

from __future__ import annotations

from collections.abc import Iterable

from dialog.state import DialogState, Topic, Turn

MAX_TOPICS = 16
MAX_SEEN = 64
MAX_TURNS = 64
"""A hard stop; compaction keeps the number of turns far below it."""
MAX_TURN_BYTES = 384 * 1024
"""UTF-8 bytes of text in all turns together. The oldest leave when it is passed, but neither the newest two nor open
ones; compaction is due at half of it, so that they have been summed up by then."""
MAX_REPLY_CHARS = 64_000
"""Of a reply, and of a tool result, the state holds this much, beginning and end; the log has it whole."""
MAX_REQUEST_CHARS = 2_000
MAX_LABEL_CHARS = 120
ELISION = "[\u2026]"


def ends_of(text: str) -> str:
    """Beginning and end of a text that is longer than MAX_REPLY_CHARS; it stays longer, so that it can be told."""
    if len(text) <= MAX_REPLY_CHARS:
        return text
    head = MAX_REPLY_CHARS * 3 // 4
    return f"{text[:head]}\n{ELISION}\n{text[head - MAX_REPLY_CHARS :]}"


def text_bytes(turns: Iterable[Turn]) -> int:
    """UTF-8 bytes of what was said in `turns`, tools included."""
    return sum(len(part.encode("utf-8", "surrogatepass")) for turn in turns for part in _parts(turn))


def _parts(turn: Turn) -> Iterable[str]:
    yield from (turn.user, turn.resolved, turn.sent, turn.reply)
    for tool in turn.tools:
        yield from (tool.arguments, tool.result or "")


def with_bounded_turns(state: DialogState) -> DialogState:
    """The state with at most MAX_TURNS turns and MAX_TURN_BYTES of text in them, the oldest gone first."""
    gone = list(state.turns[:-MAX_TURNS])
    excess = text_bytes(state.turns[-MAX_TURNS:]) - MAX_TURN_BYTES
    for turn in state.turns[-MAX_TURNS:-2]:
        if excess <= 0:
            break
        if turn.status != "open":
            excess -= text_bytes((turn,))
            gone.append(turn)
    if not gone:
        return state
    ids = {turn.turn_id for turn in gone}
    kept = tuple(turn for turn in state.turns if turn.turn_id not in ids)
    return state.model_copy(update={"turns": kept, "seen": remembered(state.seen, tuple(gone))})


def remembered(seen: tuple[str, ...], gone: tuple[Turn, ...]) -> tuple[str, ...]:
    """`seen` and the ids of the turns that are `gone`, at most MAX_SEEN, the latest kept."""
    return (*seen, *(turn.turn_id for turn in gone))[-MAX_SEEN:]


def bounded_topics(topics: tuple[Topic, ...]) -> tuple[Topic, ...]:
    """At most MAX_TOPICS, the ones left longest go first; the newest (last) always stays."""
    if len(topics) <= MAX_TOPICS:
        return topics
    oldest = min(topics[:-1], key=lambda topic: topic.last_n)
    return tuple(topic for topic in topics if topic is not oldest)
