"""Kill -9 of the kiosk's process at random moments: asking, printing, reporting (quality: R16).

Nobody without a number, nobody with two, no slip twice without the word copy, and the hub knows of each. A failure
names its seed: `MOTCUA_SEED=…` replays the moments. The same judgement is seen red for kiosks that break their word.
"""

import pytest

from tests.faults import figures
from tests.faults.kiosk_killing import PUBLIC_URL, Run, kill_and_check
from tests.rig.centre import Plan, made


def killed(sabotage: str, kills: int) -> Run:
    """An afternoon of kills, and what is wrong afterwards."""
    seed = figures.seed()
    plan = Plan(kiosks=1, services=1, counters=1, sections={"web": {"public_url": PUBLIC_URL}})
    with made(plan) as centre:
        run = kill_and_check(centre, sabotage, kills=kills, seed=seed)
    figures.keep(f"kiosk-killed-{sabotage}", {"seed": seed, **run.figures(), "problems": run.problems[:10]})
    return run


def test_nobody_is_left_without_a_number_and_nobody_has_two() -> None:
    """And the kills have met requests in every stage."""
    run = killed("none", kills=25)
    assert run.problems == []
    assert {"asked", "printing", "report"} <= set(run.remains), run.figures()


@pytest.mark.parametrize(
    ("sabotage", "kills", "words"),
    [
        ("remember-nothing", 2, "visitors hold"),
        ("ask-anew", 2, "visitors hold"),
        ("forget-that-paper-moves", 2, "printed again without the word copy"),
        ("report-nothing", 2, "the hub believes that the slip of"),
    ],
)
def test_a_kiosk_that_breaks_its_word_is_caught(sabotage: str, kills: int, words: str) -> None:
    """Each takes one promise away."""
    run = killed(sabotage, kills)
    assert [problem for problem in run.problems if words in problem], run.figures()
