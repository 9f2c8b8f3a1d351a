"""Copies tables from the result pages into the README, between their marks.

    python -m benchmarks.readme

`<!-- table: NAME -->` ... `<!-- end -->` in the README takes what stands between `<!-- excerpt -->` and `<!-- end -->`
in benchmarks/results/NAME.md, or the page's first table when it marks no excerpt.
"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
MARK = re.compile(r"(<!-- table: (\w+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
EXCERPT = re.compile(r"<!-- excerpt -->\n+(.*?)\n*<!-- end -->", re.DOTALL)
TABLE = re.compile(r"(?:^\|.*\n)+", re.MULTILINE)


def filled(readme: str) -> str:
    """`readme` with every marked table as its page has it now. Raises ValueError for a page without a table."""
    return MARK.sub(lambda mark: mark[1] + excerpt(mark[2]) + "\n" + mark[4], readme)


def excerpt(name: str) -> str:
    page = (RESULTS / f"{name}.md").read_text(encoding="utf-8")
    marked = EXCERPT.search(page)
    if marked is not None:
        return marked[1].strip()
    table = TABLE.search(page)
    if table is None:
        raise ValueError(f"benchmarks/results/{name}.md holds no table")
    return table[0].strip()


def main() -> None:
    path = ROOT / "README.md"
    path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
