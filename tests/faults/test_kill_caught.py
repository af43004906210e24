"""Sabotages that the judgement of `test_kill` must find: each takes one promise of the hub away."""

from tests.faults import figures
from tests.faults.killing import Run, kill_and_check
from tests.faults.sabotaged_hub import hub
from tests.rig.centre import Plan, made

KIOSKS, COUNTERS, SERVICES = 16, 4, 2


def sabotaged(sabotage: str, kills: int) -> Run:
    """A shorter run on a hub with one thing broken."""
    seed = figures.seed()
    with made(Plan(kiosks=KIOSKS, counters=COUNTERS, services=SERVICES)) as centre:
        run = kill_and_check(centre, hub(sabotage), kills=kills, seed=seed)
    figures.keep(f"kill-{sabotage}", {"seed": seed, **run.figures(), "problems": run.problems[:10]})
    return run


def said(run: Run, words: str) -> list[str]:
    """Problems with these words."""
    return [problem for problem in run.problems if words in problem]


def test_a_reply_before_the_commit_is_caught() -> None:
    """A number on paper that no database knows, and the same number on another paper."""
    run = sabotaged("reply-before-commit", kills=4)
    assert said(run, "kept 0 times"), run.figures()


def test_numbering_by_the_largest_is_caught() -> None:
    """Two who ask at once get one number."""
    run = sabotaged("largest-plus-one", kills=2)
    assert said(run, "was given to"), run.figures()
    assert said(run, "motcua-hub check: PROBLEM: a number given twice on one day"), run.problems


def test_a_hub_without_memory_is_caught() -> None:
    """A repeated request is given a second number."""
    run = sabotaged("no-request-memory", kills=10)
    assert said(run, "kept 2 times"), run.figures()


def test_a_chain_that_is_none_is_caught() -> None:
    """By the hub's own check and by the separate reader of the journal."""
    run = sabotaged("chain-off", kills=1)
    assert said(run, "motcua-hub check: PROBLEM: the journal's entry"), run.problems
    assert said(run, "journal verifier: BROKEN"), run.problems
