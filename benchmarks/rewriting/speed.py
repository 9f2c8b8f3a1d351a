"""How long one message takes by stage and length, and what the network costs in memory, loading time and size."""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from dialog.interpret.edit.features import features_of
from dialog.interpret.edit.network import FILES, EditNetwork
from dialog.interpret.edit.window import window_of
from dialog.interpret.pack import View
from dialog.interpret.rules import RuleInterpreter
from dialog.interpretation import Interpreter
from dialog.replay import replayed
from dialog.state import DialogState

ROUNDS = 40
LENGTHS = (60, 110, 160)
"""Word pieces of conversation and message together, nearly."""

QUESTIONS = (
    "Is it open on Sunday?", "What are the main exhibits?", "How long does a visit take?", "And for children?",
    "Do they have a restaurant?", "Who was the architect?", "When was it built?", "Is there parking?",
)  # fmt: skip
ASKED = (
    "Tell me about the Museum of Modern Art in New York.", "What is shown in the museum?", "Who are the artists?",
)  # fmt: skip
PIECES_BESIDE, PIECES_A_WORD = 40, 1.25
"""Word pieces of the messages, and of a word of the reply, nearly."""
REPLY = (
    "The Museum of Modern Art stands in Midtown Manhattan, on 53rd Street between Fifth and Sixth Avenues. "
    "It holds architecture, drawings, painting, sculpture, photographs, prints, illustrated books, film and electronic "
    "media; the collection has grown to about two hundred thousand works by more than ten thousand artists, shown on "
    "six floors that were enlarged in 2004 and once more in 2019."
)
_MEMORY = """
import asyncio, sys
from benchmarks.rewriting.speed import dialog_of
from dialog.interpret.edit.network import EditNetwork
from dialog.interpret.edit.trained import TrainedInterpreter
from dialog.interpret.rules import RuleInterpreter
interpret = TrainedInterpreter(RuleInterpreter()) if sys.argv[1] == "cascade" else RuleInterpreter()
for n in range(20):
    asyncio.run(interpret(dialog_of(160), f"How long does a visit of {n} people take?"))
# VmHWM and not ru_maxrss, which a process takes over from the one that started it.
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM:")))
"""


def dialog_of(pieces: int) -> DialogState:
    """A dialog of three turns that, with a short question, comes to about `pieces` word pieces."""
    words = REPLY.split()
    each = max(1, round((pieces - PIECES_BESIDE) / PIECES_A_WORD / len(ASKED)))  # of a reply at most 40 words are read
    history = [
        {"role": role, "text": text}
        for n, asked in enumerate(ASKED)
        for role, text in (("user", asked), ("assistant", " ".join(words[n * 6 : n * 6 + each])))
    ]
    return asyncio.run(replayed(history, RuleInterpreter()))


def pieces_of(network: EditNetwork, state: DialogState) -> int:
    """The word pieces that the network reads of `state` with a question."""
    network.load()
    return len(features_of(window_of(View(state), QUESTIONS[0]), network._spelling).pieces)


async def times(interpret: Interpreter, state: DialogState) -> tuple[float, float]:
    """Median and 95th percentile of one message after `state`, in milliseconds."""
    took: list[float] = []
    for n in range(ROUNDS):
        for question in QUESTIONS:
            # A number that was not there before keeps what is remembered of texts from answering for the message.
            begun = time.perf_counter()
            await interpret(state, question.replace("?", f" for {n} people?"))
            took.append((time.perf_counter() - begun) * 1e3)
    took.sort()
    return statistics.median(took), took[int(0.95 * len(took))]


def memory_mib() -> float:
    """Peak resident memory of a process that runs the cascade, over that of one that runs the rules, in MiB."""

    def peak(engine: str) -> int:
        ran = subprocess.run(
            [sys.executable, "-c", _MEMORY, engine], capture_output=True, text=True, check=True, cwd=ROOT
        )
        return int(ran.stdout)

    return (peak("cascade") - peak("rules")) / 1024


def load_s(weights: Path) -> float:
    """Seconds from a new process's first thought of the network to its being ready, imports included."""
    code = (
        "import time; begun = time.perf_counter()\n"
        "from pathlib import Path\nfrom dialog.interpret.edit.network import EditNetwork\n"
        f"EditNetwork(Path({str(weights)!r})).load(); print(time.perf_counter() - begun)"
    )
    runs = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout)
        for _ in range(5)
    ]
    return statistics.median(runs)


def size_mb(weights: Path) -> float:
    return sum((weights / name).stat().st_size for name in FILES) / 1e6


def table(stages: Sequence[tuple[str, Interpreter]], weights: Path) -> list[str]:
    """Lines of a table: milliseconds by stage and length, then what the network costs besides."""
    network = EditNetwork(weights)
    lines = ["| word pieces | " + " | ".join(f"{name} p50 / p95, ms" for name, _ in stages) + " |"]
    lines.append("|---:|" + "---:|" * len(stages))
    for length in LENGTHS:
        state = dialog_of(length)
        cells = [asyncio.run(times(interpret, state)) for _, interpret in stages]
        shown = " | ".join(f"{p50:.1f} / {p95:.1f}" for p50, p95 in cells)
        lines.append(f"| {pieces_of(network, state)} | {shown} |")
    lines += [
        "",
        f"Weights {size_mb(weights):.1f} MB; loading {load_s(weights):.2f} s, imports included (median of five); "
        f"peak memory {memory_mib():.0f} MiB over the rules'.",
    ]
    return lines


ROOT = Path(__file__).resolve().parents[2]
