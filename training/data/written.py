"""Dialogues written by hand for training (`written/*.txt`), and a check of what is in them.

    python -m training.data.written [FILE ...]

A dialogue is a block of lines: `u:` what the user says, `=` under it what that means (no line: it is complete as it
stands), `a:` what the assistant replies (any number of lines, a further one begins with `|`). Blocks are parted by an
empty line; a line that begins with `#` is a remark. Every user message but the first is an example.

The check prints each meaning that cannot be made of words of the conversation and the closed list, with what is
missing, and counts what is there.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dialog.interpret.edit.align import aligned
from dialog.interpret.edit.render import rendered
from dialog.interpret.edit.words import keys_of
from training.rows import Example, window_for

FOLDER = Path(__file__).parent / "written"
FEWEST_WORDS = 4


@dataclass
class Said:
    """One message, and for the user's what it means."""

    role: str
    text: str
    means: str | None = None


def read(path: Path, *, lang: str) -> Iterator[Example]:
    """The examples of one file; ValueError names the line that is not of the form."""
    for number, block in enumerate(_blocks(path)):
        history: list[tuple[str, str]] = []
        for said in block:
            if said.role == "user" and history:
                means = said.means or said.text
                group = f"written:{path.stem}:{number}"
                yield Example(lang, tuple(history), said.text, means, f"written/{path.stem}", group)
            history.append((said.role, said.text))


def all_of(folder: str) -> Iterator[Example]:
    """The examples of all files of `folder` ("en", "en_talks"), in order of their names."""
    for path in sorted((FOLDER / folder).glob("*.txt")):
        yield from read(path, lang=language_of(path))


def language_of(path: Path) -> str:
    """The language of a file: what its folder is called, up to a "_"."""
    return path.parent.name.partition("_")[0]


def _blocks(path: Path) -> Iterator[list[Said]]:
    for block in re.split(r"\n[ \t]*\n", path.read_text(encoding="utf-8")):
        said: list[Said] = []
        for line in block.splitlines():
            mark, rest = line[:2].strip(), line[2:].strip()
            match mark:
                case "u:":
                    said.append(Said("user", rest))
                case "a:":
                    said.append(Said("assistant", rest))
                case "=" if said and said[-1].role == "user" and said[-1].means is None and rest:
                    said[-1].means = rest
                case "|" if said and said[-1].role == "assistant":
                    said[-1].text += f"\n{rest}"
                case _ if line.startswith("#") or not line.strip():
                    pass
                case _:
                    raise ValueError(f"{path.name}: not of the form: {line[:60]!r}")
        if said:
            yield said


def check(path: Path, *, lang: str) -> int:
    """Print what is wrong with the meanings of one file; their number."""
    bad = rows = changed = 0
    for example in read(path, lang=lang):
        rows += 1
        changed += example.utterance != example.rewrite
        window = window_for(example)
        found = aligned(window, example.rewrite)
        made = rendered(window, found.labels)
        if keys_of(made) != keys_of(example.rewrite):
            bad += 1
            print(f"{path.name}: {example.utterance}\n    means {example.rewrite}\n    made  {made}")
    print(f"{path.name}: {rows} examples, {changed} changed, {bad} that cannot be made")
    return bad


if __name__ == "__main__":
    files = [Path(name) for name in sys.argv[1:]] or sorted(FOLDER.glob("*/*.txt"))
    sys.exit(any([check(path, lang=language_of(path)) for path in files]))
