"""What the proxy counts, for Prometheus. Labels come from closed lists: no path, id or text of a caller."""

from __future__ import annotations

from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

Grounding = Literal["rewritten", "left_alone", "bypassed", "degraded"]

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Measures:
    """Counters of one proxy, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "antecedent_requests", "Requests by API and HTTP status", ["api", "status"], registry=self.registry
        )
        self.grounded = Counter(
            "antecedent_grounding", "What was done with requests", ["outcome"], registry=self.registry
        )
        self.open = Gauge("antecedent_open_requests", "Requests under way", registry=self.registry)
        self.preparing = Histogram(
            "antecedent_preparing_seconds",
            "From the whole request to its sending on",
            registry=self.registry,
            buckets=_SECONDS,
        )
        self.first_byte = Histogram(
            "antecedent_upstream_first_byte_seconds",
            "From sending a request on to the upstream's first byte",
            registry=self.registry,
            buckets=_SECONDS,
        )
        for outcome in ("rewritten", "left_alone", "bypassed", "degraded"):
            self.grounded.labels(outcome)
