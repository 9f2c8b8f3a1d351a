"""What a result page says about where it was made: date, versions and size of the machine; no names, no paths."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def provenance(*distributions: str) -> str:
    """One line: UTC date, Python, the versions of `distributions`, cores, memory and processor."""
    versions = ", ".join(f"{name} {_version(name)}" for name in ("antecedent", *distributions))
    date = datetime.now(UTC).date().isoformat()
    return (
        f"{date}; Python {platform.python_version()}; {versions}; {_cores()} cores, {_memory_gib()} GiB, {_processor()}"
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory_gib() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
