"""Go on with a dialog after a restart: the state is in a file, and so is why each message was read as it was.

    python examples/resume.py

prints:

    before the restart: What is the capital of Portugal?
    after the restart:  How many people live in Lisbon?
    because:            "Lisbon" was said by the assistant in turn 1
"""

import asyncio
import tempfile
from pathlib import Path

from dialog import open_pipeline
from dialog.testing import ScriptedBackend


async def ask(file: Path, text: str, answer: str) -> str:
    """One run of a program: open the store, take one message, and end."""
    async with open_pipeline(f"sqlite:{file}", backend=ScriptedBackend([answer])) as pipeline:
        reply = await pipeline.reply("ann", text)
    return reply.trace.interpretation.rewrite.text


async def explained(file: Path) -> str:
    """Where the first inserted words of the last turn came from."""
    async with open_pipeline(f"sqlite:{file}") as pipeline:
        trace, state = await pipeline.why("ann"), await pipeline.state("ann")
    pieces = [piece for edit in trace.interpretation.rewrite.edits for piece in edit.pieces]
    piece = next(piece for piece in pieces if piece.source.kind == "reply")
    turn = state.turn(piece.source.turn_id) if state and piece.source.turn_id else None
    return f'"{piece.text}" was said by the assistant in turn {turn.n if turn else "?"}'


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "dialogs.sqlite"
        print("before the restart:", await ask(file, "What is the capital of Portugal?", "It is Lisbon."))
        print("after the restart: ", await ask(file, "How many people live there?", "About 570,000."))
        print("because:           ", await explained(file))


asyncio.run(main())
