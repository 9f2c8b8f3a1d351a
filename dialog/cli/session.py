"""A chat in progress: which dialog it is in, what was last sent, and what to do with a message."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from dialog.backends.base import Backend
from dialog.cli.interrupts import interruptible
from dialog.cli.report import TurnReport, answered, report_of
from dialog.cli.screen import Screen
from dialog.cli.turn_view import grounding_view
from dialog.cli.view import View
from dialog.cli.words import Lang, words
from dialog.interpretation import identity
from dialog.pipeline import Pipeline
from dialog.prompt import GroundedPrompt
from dialog.state import DialogState
from dialog.turn import OpenTurn

NOTHING = View("", ())


class Session:
    """One person at one screen. `last` is the report of the latest turn of this session, None before the first."""

    def __init__(
        self,
        pipeline: Pipeline,
        backend: Backend,
        screen: Screen,
        *,
        dialog_id: str,
        tenant: str = "",
        lang: Lang = "en",
        preview: bool = False,
    ) -> None:
        self.pipeline = pipeline
        self.backend = backend
        self.screen = screen
        self.dialog_id = dialog_id
        self.tenant = tenant
        self.lang = lang
        self.words = words(lang)
        self.preview = preview
        """Whether `backend` only shows prompts: what it says is then shown as it stands and kept as no reply at all."""
        self.last: TurnReport | None = None

    async def say(self, text: str) -> bool:
        """Send `text` and show the reply as it comes; False when Ctrl-C stopped it, what came is kept as partial.

        Raises DialogError, StoreError and ValueError as `Pipeline.turn` does.
        """
        self.last = None
        whole = await interruptible(self._say(text))
        if not whole:
            await self._show_stopped()
        return whole

    async def state(self) -> DialogState:
        """The state of the dialog; an empty one before its first message."""
        found = await self.pipeline.state(self.dialog_id, tenant=self.tenant)
        return found or DialogState(dialog_id=self.dialog_id)

    async def ungrounded(self, text: str) -> GroundedPrompt:
        """The prompt that `text` alone makes, without any state: the caller's instructions and the words."""
        blank = DialogState(dialog_id=self.dialog_id)
        alone = identity(blank, text, by="compare")
        return (await self.pipeline.steps.ground(blank, alone, sent=text)).prompt

    def enter(self, dialog_id: str) -> None:
        """Go on in another dialog."""
        self.dialog_id = dialog_id
        self.last = None

    async def _say(self, text: str) -> None:
        async with self.pipeline.turn(self.dialog_id, text, tenant=self.tenant) as turn:
            self.last = report = report_of(
                turn.state, turn.turn_id, turn.interpretation, turn.prompt, degraded=turn.trace.degraded
            )
            self.screen.show(grounding_view(report, self.words))
            reply = await (self._previewed(turn) if self.preview else self._streamed(turn))
            self.last = answered(report, turn.state.turn(turn.turn_id), reply)
        self.screen.show(NOTHING, {"kind": "turn"} | self.last.model_dump(mode="json"))

    async def _streamed(self, turn: OpenTurn) -> str:
        reply = ""
        with self.screen.writing(self.words.reply, markdown=True) as write:
            async for piece in turn.stream():
                reply += piece
                write(piece)
        return reply

    async def _previewed(self, turn: OpenTurn) -> str:
        """Show the prompt and close the turn without a reply: nobody said anything that a follow-up could refer to."""
        shown = await self.backend.complete(turn.prompt)
        with self.screen.writing(self.words.preview, markdown=False) as write:
            write(shown)
        await turn.close("")
        return shown

    async def _show_stopped(self) -> None:
        self.screen.note(self.words.partial)
        if self.last is not None:
            turn = (await self.state()).turn(self.last.turn_id)
            self.last = answered(self.last, turn, turn.reply if turn else "")
            self.screen.show(NOTHING, {"kind": "turn"} | self.last.model_dump(mode="json"))


def new_dialog_id() -> str:
    """An id that a person can tell apart and type: the day and eight hexadecimal digits."""
    return f"{datetime.now(UTC):%Y-%m-%d}-{uuid.uuid4().hex[:8]}"
