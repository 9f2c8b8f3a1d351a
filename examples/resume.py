"""Go on with a dialog after a restart: the state is in a file, and so is why each message was read as it was.

    python examples/resume.py

prints:

    before the restart: Which museums should I see in Madrid?
    after the restart:  Is Reina Sofia free on Sunday?
    because:            "Reina Sofia" was said by the assistant in turn 1
"""

import asyncio
import tempfile
from pathlib import Path

from dialog import open_pipeline
from dialog.testing import ScriptedBackend

MUSEUMS = "1. Prado\n2. Reina Sofia\n3. Thyssen-Bornemisza"


async def ask(file: Path, text: str, answer: str) -> str:
    """One run of a program: open the store, take one message, and end."""
    async with open_pipeline(f"sqlite:{file}", backend=ScriptedBackend([answer])) as pipeline:
        reply = await pipeline.reply("ann", text)
    return reply.trace.interpretation.rewrite.text


async def explained(file: Path) -> str:
    """Another run: where the words that the last message was given came from."""
    async with open_pipeline(f"sqlite:{file}") as pipeline:
        trace, state = await pipeline.why("ann"), await pipeline.state("ann")
    assert state is not None
    pieces = [piece for edit in trace.interpretation.rewrite.edits for piece in edit.pieces]
    piece = next(piece for piece in pieces if piece.source.kind == "reply")
    (turn,) = (turn for turn in state.turns if turn.turn_id == piece.source.turn_id)
    return f'"{piece.text}" was said by the assistant in turn {turn.n}'


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "dialogs.sqlite"
        print("before the restart:", await ask(file, "Which museums should I see in Madrid?", MUSEUMS))
        print("after the restart: ", await ask(file, "Is the second one free on Sunday?", "It is, after noon."))
        print("because:           ", await explained(file))


asyncio.run(main())
