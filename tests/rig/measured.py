"""What a running hub counts, read where operators read it."""

from prometheus_client.parser import text_string_to_metric_families

from tests.rig.centre import Centre
from tests.rig.web import Web


def measured(centre: Centre, name: str, **labels: str) -> float:
    """One figure of `/metrics`, with its labels added up unless they are given; 0 while nothing was counted."""
    with Web(centre) as web:
        answer = web.ask("GET", "/metrics")
    assert answer.ok, answer
    samples = (sample for family in text_string_to_metric_families(answer.body["text"]) for sample in family.samples)
    return sum(one.value for one in samples if one.name == name and labels.items() <= one.labels.items())
