"""Interpretation by a model: one call, checked; where the answer cannot be used, the local interpretation stands."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime

from pydantic import ValidationError

from dialog.backends.base import Backend, BackendError
from dialog.interpret.model_answer import Answer, Refused, checked_rewrite, checked_topic, confirmed
from dialog.interpret.model_prompt import answer_schema, question, slot_forms
from dialog.interpret.model_slots import TAKING, SlotReading, last_reply
from dialog.interpret.remembered import Remembered, remembered
from dialog.interpretation import Interpretation, Interpreter, told
from dialog.slots import SlotSchema
from dialog.state import DialogState

MAX_CHARS = 2_000
"""A longer message is its own context: it is left to the local interpreter."""


class ModelInterpreter:
    """An `Interpreter` that asks `backend`, at most `timeout_s` seconds, and keeps nothing between calls.

    The model's rewrite is turned into edits whose every word was said by someone (see `interpret/diff`). When the call
    fails, takes too long, or its answer does not hold, the interpretation is that of `local`, with `fallback` saying
    why: "model: timeout", "model: BackendUnavailable", "model: bad output", "model: invented word", "model: lost
    value", "model: unconfirmed command" (one that deletes something needs `local` to see it, too), "model: unknown
    topic", "model: message too long". Slot changes that quote nothing the user said are left out: "model: N unfounded
    slot change(s)" then stands in `fallback` beside the model's interpretation.

    `schema` are the slots to track (None: the general ones), `caller` as in `RuleInterpreter`; give both the same.
    """

    def __init__(
        self,
        backend: Backend,
        *,
        local: Interpreter,
        timeout_s: float = 5.0,
        schema: SlotSchema | None = None,
        caller: Sequence[tuple[str, str]] = (),
    ) -> None:
        if timeout_s <= 0:
            raise ValueError(f"timeout_s must be above 0 seconds, got {timeout_s}")
        self._backend = backend
        self._local = local
        self._timeout_s = timeout_s
        self._schema = schema
        self._caller = tuple(caller)

    def with_caller(self, caller: Sequence[tuple[str, str]]) -> ModelInterpreter:
        """The same interpreter, and its local one, told text that the caller vouches for."""
        return ModelInterpreter(
            self._backend,
            local=told(self._local, caller),
            timeout_s=self._timeout_s,
            schema=self._schema,
            caller=caller,
        )

    async def __call__(self, state: DialogState, text: str, *, now: datetime | None = None) -> Interpretation:
        local = await self._local(state, text, now=now)
        if not text.strip():
            return local
        try:
            if len(text) > MAX_CHARS:
                raise Refused("message too long")
            seen = remembered(state, self._caller)
            answer = await self._asked(state, seen, text, now)
            return self._checked(answer, state, seen, text, local, now)
        except Refused as refused:
            return local.model_copy(update={"fallback": f"model: {refused}"})

    async def _asked(self, state: DialogState, seen: Remembered, text: str, now: datetime | None) -> Answer:
        prompt = question(state, seen, text, schema=self._schema, now=now)
        shape = answer_schema(list(slot_forms(self._schema)))
        try:
            async with asyncio.timeout(self._timeout_s):
                reply = await self._backend.complete(prompt, schema=shape)
            return Answer.model_validate(json.loads(reply))
        except TimeoutError:
            raise Refused("timeout") from None
        except BackendError as error:
            raise Refused(type(error).__name__) from error
        except (ValidationError, ValueError, RecursionError):  # RecursionError: brackets nested without end
            raise Refused("bad output") from None  # the error would quote the reply

    def _checked(
        self,
        answer: Answer,
        state: DialogState,
        seen: Remembered,
        text: str,
        local: Interpretation,
        now: datetime | None,
    ) -> Interpretation:
        """The answer as an interpretation; raises Refused."""
        if answer.act == "command":
            return confirmed(answer, local)
        rewrite = checked_rewrite(answer, seen, text)
        reading = SlotReading(text, last_reply(state) if answer.act in TAKING else None, self._schema, local.slots, now)
        slots = [reading.value(change) for change in answer.slots]
        founded = tuple(slot for slot in slots if slot is not None)
        unfounded = len(slots) - len(founded)
        return Interpretation(
            act=answer.act,
            topic=checked_topic(answer, state, rewrite.text),
            slots=founded,
            rewrite=rewrite,
            lang=local.lang,
            by=f"model:{self._backend.name}",
            fallback=f"model: {unfounded} unfounded slot change(s)" if unfounded else None,
        )
