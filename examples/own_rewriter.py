"""Put your own interpreter in front of the one that comes with the package: here, one that knows your house's words.

    python examples/own_rewriter.py

prints:

    Is the corner suite free on Sunday?
    "the corner suite" in place of "CS4" <- caller: glossary
"""

import asyncio
import re
from datetime import datetime

from dialog import DialogState, Interpretation, RuleInterpreter, open_pipeline, rewritten
from dialog.rewrite import Edit, Piece, Source, Span

GLOSSARY = {"CS4": "the corner suite"}
SOURCE = Source(kind="caller", name="glossary")


class WithGlossary:
    """Spells out the glossary's terms in a message that is otherwise complete; leaves all else to `inner`."""

    def __init__(self, inner: RuleInterpreter) -> None:
        self._inner = inner

    async def __call__(self, state: DialogState, text: str, *, now: datetime | None = None) -> Interpretation:
        meant = await self._inner(state, text, now=now)
        edits = [
            Edit(span=Span(start=at, end=end), pieces=(Piece(text=GLOSSARY[word], source=SOURCE),), reason="reference")
            for word in GLOSSARY
            for at, end in (found.span() for found in re.finditer(word, text))
        ]
        if meant.rewrite.changed or not edits:
            return meant
        rewrite = rewritten(text, edits, confidence=1.0)
        return meant.model_copy(update={"rewrite": rewrite, "by": "glossary"})


async def main() -> None:
    pipeline = open_pipeline("memory:", interpret=WithGlossary(RuleInterpreter()))
    async with pipeline, pipeline.turn("desk", "Is CS4 free on Sunday?") as turn:
        await turn.close("Yes, it is.")
    rewrite = turn.interpretation.rewrite
    print(rewrite.text)
    for edit in rewrite.edits:
        replaced, source = rewrite.original[edit.span.start : edit.span.end], edit.pieces[0].source
        print(f'"{edit.text}" in place of "{replaced}" <- {source.kind}: {source.name}')


asyncio.run(main())
