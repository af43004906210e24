"""Figures in Prometheus' text form, read off when asked for."""

from prometheus_client.parser import text_string_to_metric_families

from hub.live.measures import Measure, Measures


def read(*measures: Measure) -> dict[str, tuple[str, str, dict[str, float]]]:
    """Kind, help and values by label, of ours."""
    text = Measures(lambda: measures).text().decode()
    return {
        one.name: (one.type, one.documentation, {",".join(s.labels.values()): s.value for s in one.samples})
        for one in text_string_to_metric_families(text)
        if one.name.startswith("motcua_")
    }


def test_a_figure_is_a_gauge_and_a_total_a_counter() -> None:
    """With its help, for whoever reads it without us."""
    found = read(
        Measure("motcua_ready", "1 when ready.", True),
        Measure("motcua_commits", "Transactions.", 41.0, total=True),
    )
    assert found == {
        "motcua_ready": ("gauge", "1 when ready.", {"": 1.0}),
        "motcua_commits": ("counter", "Transactions.", {"": 41.0}),
    }
    assert b"motcua_commits_total 41.0\n" in Measures(lambda: [Measure("motcua_commits", "", 41, total=True)]).text()


def test_a_figure_by_label_has_one_value_each() -> None:
    """In order, whatever words they are; none when there is none."""
    by = {"too-late": 2.0, 'odd "word"\\\n': 1.0, "Đất đai": 3.0}
    found = read(Measure("motcua_refusals", "Refusals.", total=True, label="code", by=by))
    assert found["motcua_refusals"][2] == by
    assert read(Measure("motcua_refusals", "Refusals.", label="code")) == {
        "motcua_refusals": ("gauge", "Refusals.", {})
    }


def test_figures_are_read_when_asked_for() -> None:
    """Not before, and each time anew."""
    asked: list[int] = []

    def count() -> list[Measure]:
        asked.append(1)
        return [Measure("motcua_asked", "Times.", len(asked))]

    measures = Measures(count)
    assert asked == []
    assert b"motcua_asked 1.0\n" in measures.text()
    assert b"motcua_asked 2.0\n" in measures.text()


def test_the_program_s_own_figures_come_along() -> None:
    """Memory, processor time, open files: what an operator asks first. Two hubs in one program do not collide."""
    for measures in (Measures(list), Measures(list)):
        text = measures.text()
        assert b"process_resident_memory_bytes " in text
        assert b"python_info{" in text
