"""A turn report as rows: the user's words, what they were resolved to and from where, what changed, what was sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dialog.cli.report import BlockNote, Mark, Origin, SlotNote, TurnReport
from dialog.cli.view import Row, Run, Style, View, row
from dialog.cli.words import Words
from dialog.prompt import Dropped

MARK_STYLE: dict[str, Style] = {"kept": "plain", "inserted": "inserted", "removed": "removed"}


def turn_view(report: TurnReport, words: Words, *, with_prompt: bool = True) -> View:
    """The whole turn up to the reply."""
    rows = [
        row(words.you, report.user),
        resolved_row(report, words),
        *origin_rows(report.marks, words),
        understood_row(report, words),
        *slot_rows(report.slots, words),
        *warning_rows(report, words),
        *(prompt_rows(report, words) if with_prompt else ()),
    ]
    return View(words.turn.format(report.n), tuple(rows))


def grounding_view(report: TurnReport, words: Words) -> View:
    """What a chat shows between message and reply: only what was made of the message, nothing when left alone."""
    changed = (resolved_row(report, words), *origin_rows(report.marks, words)) if _changed(report) else ()
    return View("", (*changed, *slot_rows(report.slots, words), *warning_rows(report, words)))


def resolved_row(report: TurnReport, words: Words) -> Row:
    if not _changed(report):
        return row(words.means, words.unchanged, "quiet")
    return Row(words.means, tuple(Run(mark.text, MARK_STYLE[mark.kind]) for mark in report.marks))


def origin_rows(marks: Iterable[Mark], words: Words) -> Iterator[Row]:
    """One row for each inserted run that has an origin."""
    label = words.source
    for mark in marks:
        if mark.origin is not None:
            runs = Run(mark.text.strip(), "inserted"), Run(f" <- {origin_text(mark.origin, words)} ({mark.reason})")
            yield Row(label, runs)
            label = ""


def origin_text(origin: Origin, words: Words) -> str:
    """The origin in words, as `you, turn 1: "Chinese"`."""
    match origin.kind:
        case "slot":
            return words.slot.format(origin.name)
        case "caller":
            return f"{words.caller}: {origin.name}" if origin.name else words.caller
        case "message":
            where = words.this_message
        case "summary":
            where = f"{words.summary} {origin.name}"
        case "user" | "resolved" | "reply":
            speaker = {"user": origin.by or words.you, "resolved": words.resolved, "reply": words.assistant}[
                origin.kind
            ]
            where = f"{speaker}, {words.earlier if origin.n is None else words.in_turn.format(origin.n)}"
    return f'{where}: "{origin.words}"' if origin.words else where


def understood_row(report: TurnReport, words: Words) -> Row:
    change = {"stay": words.topic_stay, "new": words.topic_new, "return": words.topic_return}[report.topic_change]
    by = words.by.format(report.by or "-", f"{report.confidence:.2f}")
    return Row(
        words.understood,
        (Run(report.act, "strong"), Run(f"; {change}: {report.topic}"), Run(f"; {by}", "quiet")),
    )


def slot_rows(slots: Iterable[SlotNote], words: Words) -> Iterator[Row]:
    label = words.slots
    for slot in slots:
        yield row(label, slot_text(slot, words))
        label = ""


def slot_text(slot: SlotNote, words: Words) -> str:
    """The slot in words, as `price = cheap (was any); not moderate`."""
    value = words.any_value if slot.status == "any" else words.no_value if slot.value is None else show(slot.value)
    parts = [f"{slot.name} = {value}"]
    if slot.was is not None and slot.was != slot.value:
        parts.append(f"({words.was.format(show(slot.was))})")
    if slot.excluded:
        parts.append("; " + words.not_value.format(", ".join(show(no) for no in slot.excluded)))
    return " ".join(parts).replace(" ;", ";")


def show(value: object) -> str:
    """A slot's value as text; a list joined by commas."""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def warning_rows(report: TurnReport, words: Words) -> Iterator[Row]:
    for reason in (report.degraded, report.fallback):
        if reason:
            yield row(words.warning, reason, "warning")


def prompt_rows(report: TurnReport, words: Words) -> Iterator[Row]:
    """The exact prompt, message by message, and what was left out of it."""
    yield row(words.prompt, words.tokens.format(report.tokens, report.budget, report.counter), "strong")
    for block in report.prompt:
        text = Run(block.text, "plain" if block.kind == "message" else "quiet")
        yield Row("", (Run(f"{_heading(block)}\n", "quiet"), text))
    if report.dropped:
        yield row(words.dropped, dropped_text(report.dropped), "warning")


def dropped_text(dropped: Iterable[Dropped]) -> str:
    """What was left out, each with its tokens, as `turn a1 (120), slot price (4)`."""
    return ", ".join(f"{drop.what} {drop.name or drop.turn_id or ''} ({drop.tokens})" for drop in dropped)


def _heading(block: BlockNote) -> str:
    return f"-- {block.role}: {block.kind}, {block.tokens} --"


def _changed(report: TurnReport) -> bool:
    return report.user != report.resolved
