"""One try to open a turn: read, interpret, ground and propose, anew after each conflict."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dialog import journal
from dialog.admission import Open, Replay, Wait, abandoned, admit
from dialog.change import Change, TurnOpened, fold_all
from dialog.commit import Held, Proposal
from dialog.config import PipelineConfig
from dialog.errors import InterpretationFailed
from dialog.interpretation import Interpretation, TopicDecision, identity
from dialog.prompt import GroundedPrompt
from dialog.rewrite import Rewrite
from dialog.state import DialogState, Turn
from dialog.steps import Grounded, Steps
from dialog.trace import TurnTrace, block_sizes

log = logging.getLogger("antecedent")


@dataclass(frozen=True)
class Entry:
    """A message on its way in."""

    key: str
    dialog_id: str
    text: str
    turn_id: str
    speaker: str | None


class Opening:
    """What `commit.apply` asks for a proposal. Afterwards `admission` says what came of it; when that is `Open`,
    `prompt` and `trace` are those of the turn as it was written."""

    def __init__(self, entry: Entry, *, steps: Steps, config: PipelineConfig, clock: Callable[[], float]) -> None:
        self._entry = entry
        self._steps = steps
        self._config = config
        self._clock = clock
        self._tries = 0
        self.admission: Open | Replay | Wait = Open()
        self.prompt: GroundedPrompt | None = None
        self.trace: TurnTrace | None = None

    async def propose(self, held: Held) -> Proposal | None:
        self._tries += 1
        now = self._clock()
        self.admission = admit(held.state, self._entry.turn_id, overlap=self._config.overlap, now=now)
        match self.admission:
            case Open(again=None):
                return await self._first(held, now)
            case Open(again=Turn() as turn):
                return await self._again(held, turn, now)
            case _:
                return None

    async def _first(self, held: Held, now: float) -> Proposal:
        lapsed = abandoned(held.state, now=now)
        state = fold_all(held.state, lapsed)
        started = time.perf_counter()
        meant = await interpreted(self._steps, self._config, state, self._entry, now=now)
        read = time.perf_counter()
        grounded = await self._steps.ground(state, meant)
        times = {"interpret_ms": (read - started) * 1000, "ground_ms": (time.perf_counter() - read) * 1000}
        return self._proposal(held, meant, grounded, n=state.next_n, now=now, before=lapsed, **times)

    async def _again(self, held: Held, turn: Turn, now: float) -> Proposal:
        """A later attempt repeats what the first one understood and sent; only the reply is missing."""
        others = tuple(other for other in held.state.turns if other.turn_id != turn.turn_id)
        meant = as_before(turn)
        grounded = await self._steps.ground(held.state.model_copy(update={"turns": others}), meant, sent=turn.sent)
        return self._proposal(held, meant, grounded, n=turn.n, now=now)

    def _proposal(
        self,
        held: Held,
        meant: Interpretation,
        grounded: Grounded,
        *,
        n: int,
        now: float,
        before: tuple[Change, ...] = (),
        **times: float,
    ) -> Proposal:
        assert isinstance(self.admission, Open)
        number = held.version.number
        facts = {"read_version": number, "written_version": number + 1, "conflicts": self._tries - 1}
        compacted = () if grounded.compacted is None else (grounded.compacted,)
        self.prompt = grounded.prompt
        self.trace = turn_trace(
            self._entry, n, meant, grounded.prompt, **facts, **times, compacted=grounded.compacted is not None
        )
        opened = TurnOpened(
            turn_id=self._entry.turn_id,
            attempt=self.admission.attempt,
            user=self._entry.text,
            sent=grounded.sent,
            interpretation=meant,
            speaker=self._entry.speaker,
            at=now,
            lease_until=now + self._config.lease_s,
        )
        lines = [journal.line(change) for change in (*before, *compacted)]
        kept = journal.kept_blocks(grounded.prompt, held.state)
        return Proposal((*before, *compacted, opened), (*lines, journal.line(opened, trace=self.trace, kept=kept)))


async def interpreted(
    steps: Steps, config: PipelineConfig, state: DialogState, entry: Entry, *, now: float
) -> Interpretation:
    """What the message means; as configured, the identity or InterpretationFailed when the interpreter raises."""
    try:
        meant = await steps.interpret(
            state.as_known_to(entry.speaker), entry.text, now=datetime.fromtimestamp(now, UTC)
        )
        return meant.model_copy(update={"speaker": entry.speaker}) if _several(state, entry) else meant
    except asyncio.CancelledError:
        raise
    except Exception as error:  # an interpreter is anybody's code; its failure must not lose the message
        if config.on_interpret_error == "raise":
            raise InterpretationFailed(entry.dialog_id, entry.turn_id, type(error).__name__) from error
        log.warning("interpreter failed, message left alone: dialog=%r %s", entry.dialog_id, type(error).__name__)
        return identity(state, entry.text, by="identity", fallback=type(error).__name__)


def _several(state: DialogState, entry: Entry) -> bool:
    """Whether the message comes from a speaker among others, so that "my" needs a name to be understood."""
    return entry.speaker is not None and any(turn.speaker not in (None, entry.speaker) for turn in state.turns)


def turn_trace(entry: Entry, n: int, meant: Interpretation, prompt: GroundedPrompt, **facts: Any) -> TurnTrace:
    """The trace of a turn; `facts` are further fields of `TurnTrace`."""
    return TurnTrace(
        turn_id=entry.turn_id,
        n=n,
        interpretation=meant,
        blocks=block_sizes(prompt),
        dropped=prompt.dropped,
        tokens=prompt.tokens,
        budget=prompt.budget,
        counter=prompt.counter,
        **facts,
    )


def as_before(turn: Turn) -> Interpretation:
    """The interpretation that an earlier attempt at the turn was given."""
    rewrite = Rewrite(original=turn.user, text=turn.resolved, edits=turn.edits, confidence=turn.confidence)
    stay = TopicDecision(kind="stay", topic_id=turn.topic_id)
    return Interpretation(act=turn.act, topic=stay, rewrite=rewrite, by=turn.by)
