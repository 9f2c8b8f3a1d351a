"""What can be typed in a chat besides messages: a table of commands and what each one does."""

from __future__ import annotations

import shlex
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from dialog.cli.session import NOTHING, Session, new_dialog_id
from dialog.cli.state_view import budget_rows, listed, prompt_view, slots_view, state_view, topics_view, why_view
from dialog.cli.stored import stored
from dialog.cli.view import View, row
from dialog.errors import DialogUnknown
from dialog.state import DialogState, SlotContent


class Leave(Exception):
    """The user asked to end the chat."""


class NoSuchCommand(ValueError):
    """What was typed is no command, or not in this form. The message does not repeat it: it may be meant for nobody."""


@dataclass(frozen=True, slots=True)
class Command:
    """`usage` begins with the name; `about` and `about_zh` say in a few words what it shows or does."""

    usage: str
    about: str
    about_zh: str
    run: Callable[[Session, str], Awaitable[None]]

    @property
    def name(self) -> str:
        return self.usage.split()[0]


async def run_command(session: Session, line: str) -> None:
    """Do what `line`, which begins with "/", asks for. Raises NoSuchCommand, Leave, and what the pipeline raises."""
    name, _, argument = line.strip().partition(" ")
    command = BY_NAME.get(name.lower())
    if command is None:
        raise NoSuchCommand("there is no such command; /help lists them, and // begins a message that starts with /")
    await command.run(session, argument.strip())


async def _state(session: Session, argument: str) -> None:
    state = await session.state()
    session.screen.show(state_view(state, session.words), _document("state", state))


async def _slots(session: Session, argument: str) -> None:
    verb, _, rest = argument.partition(" ")
    if verb == "set":
        await session.pipeline.set_slots(session.dialog_id, assignments(rest), tenant=session.tenant)
    elif argument:
        raise NoSuchCommand("/slots stands alone or before: set name=value")
    state = await session.state()
    data = {"kind": "slots", "slots": [slot.model_dump(mode="json") for slot in state.slots_in_scope]}
    session.screen.show(slots_view(state, session.words), data)


async def _topics(session: Session, argument: str) -> None:
    state = await session.state()
    topics = [topic.model_dump(mode="json") for topic in state.topics]
    session.screen.show(
        topics_view(state, session.words), {"kind": "topics", "active": state.active_topic, "topics": topics}
    )


async def _why(session: Session, argument: str) -> None:
    state = await session.state()
    trace = await session.pipeline.why(session.dialog_id, _turn_id(state, argument), tenant=session.tenant)
    session.screen.show(why_view(trace, state, session.words), _document("why", trace))


async def _prompt(session: Session, argument: str) -> None:
    report = session.last
    if report is None:
        raise NoSuchCommand("nothing was sent in this session yet; /why tells of the last turn of an earlier one")
    prompt = {"kind": "prompt", **report.model_dump(mode="json", include={"prompt", "tokens", "budget", "counter"})}
    session.screen.show(prompt_view(report, session.words), prompt)


async def _budget(session: Session, argument: str) -> None:
    state = await session.state()
    trace = await session.pipeline.why(session.dialog_id, _turn_id(state, argument), tenant=session.tenant)
    data = trace.model_dump(mode="json", include={"turn_id", "tokens", "budget", "counter", "blocks", "dropped"})
    session.screen.show(View("", tuple(budget_rows(trace, session.words))), {"kind": "budget"} | data)


async def _undo(session: Session, argument: str) -> None:
    state = await session.state()
    if not state.turns:
        raise NoSuchCommand("there is no turn to undo")
    last = state.turns[-1]
    await session.pipeline.forget_turn(session.dialog_id, last.turn_id, tenant=session.tenant)
    session.last = None
    session.screen.show(View("", (row(session.words.undone, last.user),)), {"kind": "undone", "turn_id": last.turn_id})


async def _compare(session: Session, argument: str) -> None:
    if argument and not await session.say(argument):
        return
    report = session.last
    if report is None:
        raise NoSuchCommand("there is nothing to compare yet; give the message: /compare what about Thai?")
    alone = await session.backend.complete(await session.ungrounded(report.user))
    words = session.words
    left = View(words.ungrounded, (row(words.you, report.user), row(words.reply, alone)))
    right = View(words.grounded, (row(words.means, report.resolved), row(words.reply, report.reply)))
    data = {"kind": "compare", "user": report.user, "resolved": report.resolved}
    session.screen.beside(left, right, data | {"ungrounded": alone, "grounded": report.reply})


async def _forget(session: Session, argument: str) -> None:
    forgotten = await session.pipeline.forget(session.dialog_id, tenant=session.tenant)
    if not forgotten:
        raise DialogUnknown(session.dialog_id)
    gone, fresh = session.dialog_id, new_dialog_id()
    session.enter(fresh)
    session.screen.note(session.words.forgotten.format(gone))
    session.screen.show(NOTHING, {"kind": "forgotten", "dialog_id": gone, "next": fresh})


async def _new(session: Session, argument: str) -> None:
    await _enter(session, argument or new_dialog_id())


async def _open(session: Session, argument: str) -> None:
    states = await stored(session.pipeline, session.tenant)
    if not argument:
        data = {"kind": "dialogs", "dialogs": [state.dialog_id for state in states]}
        session.screen.show(listed(states, session.words), data)
        session.screen.note(session.words.how_to_open)
        return
    await _enter(session, chosen(states, argument))


async def _help(session: Session, argument: str) -> None:
    data = {"kind": "help", "commands": [{"usage": command.usage, "about": command.about} for command in COMMANDS]}
    session.screen.show(help_view(session), data)


async def _quit(session: Session, argument: str) -> None:
    raise Leave


COMMANDS = (
    Command("/why [TURN]", "why a turn was read so: rule, sources", "这一轮为何这样理解：规则与出处", _why),
    Command("/prompt", "the exact prompt of the last message", "上一条消息的完整提示词", _prompt),
    Command("/budget [TURN]", "tokens by kind, and what was left out", "各部分的 token 数与略去的内容", _budget),
    Command("/state", "all that is remembered of this dialog", "这段对话记住的一切", _state),
    Command("/slots [set NAME=VALUE]", "the slots, or state one yourself", "查看槽位，或自行设定", _slots),
    Command("/topics", "the topics and what is asked in each", "各个话题及其请求", _topics),
    Command("/compare [MESSAGE]", "a message with and without grounding", "同一消息有无上下文的对比", _compare),
    Command("/undo", "take the last turn back", "撤回最后一轮", _undo),
    Command("/new [DIALOG]", "start another dialog", "开始新的对话", _new),
    Command("/open [DIALOG]", "list earlier dialogs, or go on in one", "列出或继续先前的对话", _open),
    Command("/forget", "delete this dialog for good", "彻底删除这段对话", _forget),
    Command("/help", "this list", "显示此列表", _help),
    Command("/quit", "leave; the dialog stays stored", "退出；对话会保留", _quit),
)
BY_NAME = {command.name: command for command in COMMANDS}


def help_view(session: Session) -> View:
    """Every command on one line each: with a heading and a prompt they fit a screen of 24 lines."""
    chinese = session.lang == "zh"
    return View("", tuple(row(command.usage, command.about_zh if chinese else command.about) for command in COMMANDS))


def assignments(text: str) -> dict[str, SlotContent]:
    """`city=Boston party_size=4` as slot values; quotes keep spaces, `name=` clears. Raises NoSuchCommand."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise NoSuchCommand(
            f"the values cannot be read: {error}; write them as name=value or name='two words'"
        ) from None
    pairs = [word.partition("=") for word in words]
    wrong = [name for name, equals, _ in pairs if not (name and equals)]
    if wrong or not pairs:
        raise NoSuchCommand("a slot is set as name=value, for instance: /slots set place=Boston")
    return {name: _content(value) for name, _, value in pairs}


def _content(value: str) -> SlotContent:
    if value.lstrip("-").isdecimal() and value.isascii():
        return int(value)
    return value or None


def chosen(states: list[DialogState], argument: str) -> str:
    """The id meant by a number of the list or an id. Raises DialogUnknown."""
    ids = [state.dialog_id for state in states]
    if argument in ids:
        return argument
    if argument.isdecimal() and 1 <= int(argument) <= len(ids):
        return ids[int(argument) - 1]
    raise DialogUnknown(argument)


async def _enter(session: Session, dialog_id: str) -> None:
    session.enter(dialog_id)
    session.screen.note(session.words.now_in.format(dialog_id))
    session.screen.show(NOTHING, {"kind": "dialog", "dialog_id": dialog_id})


def _turn_id(state: DialogState, argument: str) -> str | None:
    """The id of the turn of that number; None, the latest, when no number was given."""
    if not argument:
        return None
    if not argument.isdecimal():
        raise NoSuchCommand("a turn is named by its number; /state shows the dialog, show DIALOG numbers its turns")
    found = next((turn.turn_id for turn in state.turns if turn.n == int(argument)), None)
    if found is None:
        raise DialogUnknown(state.dialog_id, argument)
    return found


def _document(kind: str, value: BaseModel) -> dict[str, Any]:
    return {"kind": kind} | value.model_dump(mode="json")
