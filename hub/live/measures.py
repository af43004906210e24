"""Figures for operators in Prometheus' text form, read off the hub's parts when they are asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector


@dataclass(frozen=True)
class Measure:
    """One figure. `total`: it only grows while the hub runs. `by`: one value per label, else `value` alone."""

    name: str
    help: str
    value: float = 0
    total: bool = False
    label: str = ""
    by: Mapping[str, float] = field(default_factory=dict)


class _Parts(Collector):
    def __init__(self, read: Callable[[], Iterable[Measure]]) -> None:
        self._read = read

    def collect(self) -> Iterator[Metric]:
        for measure in self._read():
            family = CounterMetricFamily if measure.total else GaugeMetricFamily
            metric = family(measure.name, measure.help, labels=[measure.label] if measure.label else None)
            if measure.label:
                for label, value in sorted(measure.by.items()):
                    metric.add_metric([label], value)
            else:
                metric.add_metric([], measure.value)
            yield metric


class Measures:
    """`text()` is what `/metrics` answers."""

    def __init__(self, read: Callable[[], Iterable[Measure]]) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(_Parts(read))
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        GCCollector(registry=self._registry)

    def text(self) -> bytes:
        """All figures, in the text exposition format."""
        return generate_latest(self._registry)
