"""How much is asked, how often refused, how fast answered? Counters of one API process, for Prometheus.

Labels are routes and statuses, never numbers, names or anything else that a request holds.
"""

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

_BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 20.0)  # seconds


class Metrics:
    """The counters of one application."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "huiyin_api_requests",
            "Requests answered, by route and status",
            ("route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "huiyin_api_seconds", "Time to the answer, by route", ("route",), registry=self._registry, buckets=_BUCKETS
        )

    def answered(self, route: str, status: int, seconds: float) -> None:
        """One request was answered; status 0 if the caller had gone."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """In Prometheus's text format."""
        return generate_latest(self._registry)
