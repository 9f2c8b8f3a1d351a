"""What is remembered of a dialog, and why a turn went as it did, as rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dialog.cli.cells import shortened
from dialog.cli.report import TurnReport, marks_of, slot_note
from dialog.cli.turn_view import MARK_STYLE, dropped_text, origin_rows, prompt_rows, slot_text
from dialog.cli.view import Row, Run, View, row
from dialog.cli.words import Words
from dialog.state import DialogState, Topic, Turn
from dialog.trace import TurnTrace

ONE_LINE = 72
"""Columns for a text that stands for a longer one."""


def state_view(state: DialogState, words: Words) -> View:
    """Topics, slots and summaries of a dialog."""
    rows = [
        row(words.dialog, state.dialog_id, "strong"),
        *topics_view(state, words).rows,
        *slots_view(state, words).rows,
        *(row(words.summary, summary.text) for summary in state.summaries),
    ]
    return View("", tuple(rows))


def dialog_view(state: DialogState, words: Words) -> View:
    """The state and, after it, the recent turns: words, resolved form where it differs, reply."""
    rows = [*state_view(state, words).rows]
    for turn in state.turns:
        rows += turn_rows(turn, words)
    return View("", tuple(rows))


def turn_rows(turn: Turn, words: Words) -> Iterator[Row]:
    yield row(f"{turn.n} {words.you}", turn.user)
    if turn.resolved != turn.user:
        yield row(words.means, turn.resolved)
    status = "" if turn.status == "closed" else f" [{turn.status}]"
    yield Row(words.reply, (Run(turn.reply), Run(status, "warning")))


def topics_view(state: DialogState, words: Words) -> View:
    """Topics in the order they were opened, the active one marked, each with what is being asked for in it."""
    if not state.topics:
        return View("", (row(words.topics, words.nothing, "quiet"),))
    return View("", tuple(_topic_rows(state, words)))


def _topic_rows(state: DialogState, words: Words) -> Iterator[Row]:
    label = words.topics
    for topic in state.topics:
        active = topic.topic_id == state.active_topic
        runs = Run("* " if active else "  "), Run(topic.label, "strong" if active else "plain"), _request(topic, words)
        yield Row(label, runs)
        label = ""


def _request(topic: Topic, words: Words) -> Run:
    return Run(f"  ({words.request}: {topic.request.text})" if topic.request else "", "quiet")


def slots_view(state: DialogState, words: Words) -> View:
    """The slots of the dialog and of the active topic."""
    if not state.slots_in_scope:
        return View("", (row(words.slots, words.nothing, "quiet"),))
    labels = (words.slots, *[""] * len(state.slots_in_scope))
    texts = (slot_text(slot_note(slot), words) for slot in state.slots_in_scope)
    return View("", tuple(row(label, text) for label, text in zip(labels, texts, strict=False)))


def why_view(trace: TurnTrace, state: DialogState, words: Words) -> View:
    """The rule or model that decided, the spans and their sources, what was counted and left out."""
    meant = trace.interpretation
    marks = marks_of(meant.rewrite, state)
    by = words.by.format(meant.by or "-", f"{meant.rewrite.confidence:.2f}")
    rows = [
        row(words.you, meant.rewrite.original),
        Row(words.means, tuple(Run(mark.text, MARK_STYLE[mark.kind]) for mark in marks))
        if meant.rewrite.changed
        else row(words.means, words.unchanged, "quiet"),
        *origin_rows(marks, words),
        Row(words.understood, (Run(meant.act, "strong"), Run(f"; {meant.topic.kind}; {by}"))),
        *(
            row(words.warning, reason, "warning")
            for reason in (trace.degraded, trace.bypass, meant.fallback)
            if reason is not None
        ),
        *budget_rows(trace, words),
        row(words.store, words.versions.format(trace.read_version, trace.written_version, trace.conflicts), "quiet"),
        row(words.took, f"interpret {trace.interpret_ms:.1f} ms, ground {trace.ground_ms:.1f} ms", "quiet"),
    ]
    return View(words.turn.format(trace.n), tuple(rows))


def budget_rows(trace: TurnTrace, words: Words) -> Iterator[Row]:
    """Tokens of the whole prompt and of each kind of block, then what was left out to keep the budget."""
    yield row(words.budget, words.tokens.format(trace.tokens, trace.budget, trace.counter), "strong")
    sizes: dict[str, int] = {}
    for block in trace.blocks:
        sizes[block.kind] = sizes.get(block.kind, 0) + block.tokens
    for kind, tokens in sizes.items():
        yield row("", f"{kind} {tokens}")
    if trace.dropped:
        yield row(words.dropped, dropped_text(trace.dropped), "warning")


def prompt_view(report: TurnReport, words: Words) -> View:
    """The exact prompt of a turn."""
    return View(words.turn.format(report.n), tuple(prompt_rows(report, words)))


def listed(states: Iterable[DialogState], words: Words) -> View:
    """Dialogs to choose from, numbered from 1."""
    rows = tuple(row(str(number), dialog_line(state)) for number, state in enumerate(states, 1))
    return View("", rows or (row("", words.nothing, "quiet"),))


def dialog_line(state: DialogState) -> str:
    """A dialog on one line: its id, its turns so far, and the last thing said."""
    last = shortened(state.turns[-1].user, ONE_LINE) if state.turns else ""
    return f"{state.dialog_id}  ({state.next_n - 1})  {last}"
