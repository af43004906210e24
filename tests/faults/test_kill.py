"""Kill -9 of the hub at random moments while sixteen devices give numbers and officers call (quality: R4).

0 lost, 0 double, 0 called twice; every unknown outcome is settled by asking again with the same id. A failure names
its seed: `MOTCUA_SEED=…` replays the moments and choices. The same judgement is seen red in `test_kill_caught`.
"""

import pytest

from tests.faults import figures
from tests.faults.killing import kill_and_check
from tests.faults.sabotaged_hub import hub
from tests.postgresql import PostgreSQL
from tests.rig.centre import Plan, made

KIOSKS, COUNTERS, SERVICES = 16, 4, 4
IN_FLIGHT = 0.8


@pytest.mark.parametrize(
    ("kind", "kills"), [("sqlite", 50), pytest.param("postgresql", 8, marks=pytest.mark.postgresql)]
)
def test_nothing_is_lost_and_nothing_is_double(kind: str, kills: int, request: pytest.FixtureRequest) -> None:
    """Histories, database, journal and the hub's own check agree, and most kills had met requests under way."""
    seed = figures.seed()
    url = ""
    if kind == "postgresql":
        server: PostgreSQL = request.getfixturevalue("postgresql")
        url = server.url(server.create())
    with made(Plan(kiosks=KIOSKS, counters=COUNTERS, services=SERVICES, database_url=url)) as centre:
        run = kill_and_check(centre, hub(), kills=kills, seed=seed)
    found = {"seed": seed, **run.figures()}
    figures.keep(f"kill-{kind}", found)
    assert run.problems == [], f"seed {seed}"
    assert run.complaints == [], f"seed {seed}"
    assert found["kills with requests in flight"] >= IN_FLIGHT * kills, found
