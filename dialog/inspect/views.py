"""What the page is told, as typed values: the JSON of every endpoint is one of these.

Offsets are in code points of the text they index, end exclusive. Tokens are those of the counter a turn names. Costs
are in plain input tokens: a token read from the provider's cache is 0.1 of one, a token written to it 1.25.
"""

from __future__ import annotations

from typing import Literal

from dialog.rewrite import Reason, Span
from dialog.state import Act, SlotContent, SlotStatus, ToolExchange, TurnStatus
from dialog.values import Value

Auth = Literal["none", "key", "credential"]
"""Whether a caller needs no key, needs one that is known, or is told apart by whatever key it presents."""


class Session(Value):
    """What the page needs to know before it asks for anything. `history` is None where it is not known what was
    sent: a front door may keep the client's own messages or send the prompt laid out for it."""

    auth: Auth
    history: Literal["client", "managed"] | None = None
    version: str


class Origin(Value):
    """Where words or a value came from: `span` of a text of turn `turn_id` (number `n`; None: not in the log any more),
    of a summary, or what `name` names. `words` is what stands there; `by` the speaker, where several are told apart."""

    kind: Literal["user", "resolved", "reply", "slot", "summary", "caller"]
    turn_id: str | None = None
    n: int | None = None
    span: Span | None = None
    words: str = ""
    name: str | None = None
    by: str | None = None


class Run(Value):
    """A run of the resolved message in reading order, or of words taken out of it; function words have no origin."""

    kind: Literal["kept", "inserted", "removed"]
    text: str
    reason: Reason | None = None
    origin: Origin | None = None


class Said(Value):
    """A value of a slot as it was said once."""

    value: SlotContent = None
    raw: str | None = None
    status: SlotStatus
    confidence: float
    origin: Origin


class SlotChange(Value):
    """What one turn, or the calling program, said about a slot."""

    name: str
    said: Said


class SlotView(Value):
    """A slot as it stands: `history` is what `current` was before, oldest first; `topic` None: of the whole dialog."""

    name: str
    topic: str | None = None
    in_scope: bool
    current: Said | None = None
    excluded: tuple[Said, ...] = ()
    history: tuple[Said, ...] = ()


class BlockView(Value):
    """A block of the prompt: `cached` when it and all before it are byte for byte those of the prompt before."""

    kind: str
    role: str
    n: int | None = None
    """The turn it repeats."""
    tokens: int
    cached: bool


class DroppedView(Value):
    """What was left out of a prompt, or shortened in it, with the tokens that this saved."""

    what: str
    n: int | None = None
    name: str | None = None
    tokens: int


class Spending(Value):
    """One request: what was sent and what the full transcript would have been, in tokens and in cost."""

    tokens: int
    cost: float
    transcript_tokens: int
    transcript_cost: float


class TurnView(Value):
    """One turn. `runs` without the removed ones concatenate to `resolved`.

    `warnings` say what did not go as usual, most severe first. `blocks` is empty and `spent` None where no prompt was
    laid out: the client's own messages went to the provider. `took_s` is None while there is no reply.
    """

    kind: Literal["turn"] = "turn"
    turn_id: str
    n: int
    status: TurnStatus
    attempts: int
    opened_at: float
    took_s: float | None = None
    speaker: str | None = None
    topic_id: str
    topic_change: Literal["stay", "new", "return"]
    user: str
    resolved: str
    sent: str
    runs: tuple[Run, ...]
    reply: str
    tools: tuple[ToolExchange, ...] = ()
    act: Act
    by: str
    confidence: float
    slots: tuple[SlotChange, ...] = ()
    warnings: tuple[str, ...] = ()
    blocks: tuple[BlockView, ...] = ()
    dropped: tuple[DroppedView, ...] = ()
    tokens: int
    budget: int
    counter: str
    compacted: bool
    interpret_ms: float
    ground_ms: float
    spent: Spending | None = None


class EventView(Value):
    """What happened between turns: the caller set slots, older turns went behind a snapshot, or a turn was forgotten
    (nothing of what it said is shown)."""

    kind: Literal["slots_set", "compacted", "forgotten"]
    n: int
    """The turn it stands after; for a forgotten turn, its own number."""
    slots: tuple[SlotChange, ...] = ()
    through_n: int | None = None
    text: str = ""


class TopicView(Value):
    topic_id: str
    label: str
    active: bool


class SummaryView(Value):
    """What turns `first_n`..`last_n` came to, as later prompts say it; `by` is who wrote it."""

    name: str
    text: str
    by: str


class DialogCard(Value):
    """A dialog in the list. `ref` names it in requests; `dialog_id` is "" for one that has no id of its own.

    `last_at` is seconds since the epoch, 0 when nothing was said yet."""

    ref: str
    dialog_id: str
    topic: str
    last: str
    turns: int
    last_at: float
    status: TurnStatus | None = None


class DialogList(Value):
    """The tenant's dialogs, the one spoken in last first. `found` counts those that match, which may be more."""

    dialogs: tuple[DialogCard, ...]
    found: int


class DialogView(Value):
    """A dialog from its log and state. `mark` changes whenever anything of it does.

    `missing` counts turns at the start that the log does not hold any more; `earlier` those it holds that are not in
    this view. `transcript_counter` is the counter of the full transcript's tokens.
    """

    ref: str
    mark: str
    card: DialogCard
    missing: int
    earlier: int
    timeline: tuple[TurnView | EventView, ...]
    topics: tuple[TopicView, ...]
    slots: tuple[SlotView, ...]
    summaries: tuple[SummaryView, ...]
    transcript_counter: str


class PromptBlock(Value):
    """A block of a prompt that was sent; `text` None: the log does not hold it."""

    kind: str
    role: str
    n: int | None = None
    tokens: int
    cached: bool
    text: str | None
    tools: tuple[ToolExchange, ...] = ()


class PromptView(Value):
    """The exact prompt of a turn, block by block."""

    turn_id: str
    n: int
    blocks: tuple[PromptBlock, ...]
    tokens: int
    budget: int
    counter: str


class Watched(Value):
    """How a dialog stands: its `mark`, and under which `ref` it goes on (a dialog without an id gets a new one with
    each turn)."""

    ref: str
    mark: str


class Problem(Value):
    """An error of the inspector's own, in the shape of the proxy's."""

    message: str
    type: str


class ProblemView(Value):
    error: Problem


Shown = Session | DialogList | DialogView | PromptView | Watched | ProblemView
"""What an endpoint may answer with."""
