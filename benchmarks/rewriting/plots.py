"""Risk against coverage and reliability, as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.rewriting.confidence import Judged, bins, risk_by_coverage


def draw(by_set: Mapping[str, Sequence[Judged]], folder: Path) -> list[str]:
    """Write `rewriting_risk.svg` and `rewriting_reliability.svg` into `folder`; their names. The same figures give the
    same bytes. Raises ImportError, naming the extra, when matplotlib is not installed."""
    try:
        import matplotlib as mpl
    except ImportError:
        raise ImportError("plots need matplotlib: pip install 'antecedent[dev]'") from None
    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "antecedent", "svg.fonttype": "none", "font.size": 9})
    from matplotlib import pyplot

    risk, axes = pyplot.subplots(figsize=(6.4, 4))
    for name, judged in by_set.items():
        points = risk_by_coverage([each for each in judged if each.dependent])
        axes.plot([100 * x for x, _ in points], [100 * y for _, y in points], label=name, linewidth=1.2)
    axes.axhline(10, color="grey", linewidth=0.6, linestyle=":")
    axes.set(xlabel="dependent messages answered, the surest first, %", ylabel="wrong among them, %")
    axes.set(xlim=(0, 100), ylim=(0, 100))
    axes.legend(frameon=False, fontsize=7, ncols=2)

    reliability, axes = pyplot.subplots(figsize=(4, 4))
    axes.plot([0, 100], [0, 100], color="grey", linewidth=0.6, linestyle=":")
    for name, judged in by_set.items():
        found = bins(judged)
        axes.plot(
            [100 * each.confidence for each in found],
            [100 * each.right for each in found],
            label=name,
            linewidth=1.0,
            marker="o",
            markersize=2.5,
        )
    axes.set(xlabel="confidence, %", ylabel="right, %", xlim=(0, 100), ylim=(0, 100))
    axes.legend(frameon=False, fontsize=7)

    names = []
    for figure, name in ((risk, "rewriting_risk.svg"), (reliability, "rewriting_reliability.svg")):
        figure.tight_layout()
        figure.savefig(folder / name, metadata={"Date": None, "Creator": None})
        names.append(name)
        pyplot.close(figure)
    return names
