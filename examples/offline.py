"""Ground a follow-up with nothing installed or running but this package, and call your own model with it.

    python examples/offline.py

prints:

    you asked:  what about Thai?
    it means:   What is the best Thai restaurant in New York?
    messages:   system, user, assistant, user
"""

import asyncio

from dialog import OpenTurn, open_pipeline


async def your_model(turn: OpenTurn) -> str:
    """Stands for your own client; it gets the whole prompt, block by block."""
    messages = [{"role": block.role, "content": block.text} for block in turn.prompt.blocks]
    return f"(a reply to {len(messages)} messages)"


async def main() -> None:
    async with open_pipeline("memory:") as pipeline:
        async with pipeline.turn("ann", "What is the best Chinese restaurant in New York?") as turn:
            await turn.close(await your_model(turn))
        async with pipeline.turn("ann", "what about Thai?") as turn:
            rewrite = turn.interpretation.rewrite
            print("you asked: ", rewrite.original)
            print("it means:  ", rewrite.text)
            print("messages:  ", ", ".join(block.role for block in turn.prompt.blocks))
            await turn.close(await your_model(turn))


asyncio.run(main())
