"""Runs every measurement and prints each figure beside its bar; exit status 1 when one is missed."""

import sys

from hub.contract.names import DeviceRole
from hub.contract.topics import DeviceIdentity
from tests.bench import board, calls, kiosk, life, tickets
from tests.bench.figures import Figure, show
from tests.rig.centre import Plan, made
from tests.rig.running import running

PLAN = Plan(kiosks=16, services=4, counters=8, sections={"publishing": {"coalesce_ms": 100}})

BOARD_PLAN = Plan(kiosks=16, services=4, counters=4, boards=20)

KIOSK_PLAN = Plan(kiosks=1, services=4, counters=4)


def main() -> int:
    """All of it takes about half an hour, most of it for 5,000 tickets at one kiosk."""
    figures: list[Figure] = []
    with made(PLAN) as centre, running(centre) as hub:
        identities = [DeviceIdentity(name, DeviceRole.KIOSK) for name in centre.kiosks]
        figures += tickets.measure(centre, identities, _say)
        assert not hub.complaints(), hub.complaints()
    with made(PLAN) as centre, running(centre) as hub:
        figures += life.weigh(centre, hub, _say)
        figures += calls.measure(centre, _say)
    with made(PLAN) as centre, running(centre) as hub:
        life.weigh(centre, hub, _say)
        figures += life.wake(centre, hub, _say)
        figures += life.silence(centre, hub, _say)
        figures += life.rest(centre, hub, _say)
    with made(KIOSK_PLAN) as centre, running(centre):
        figures += kiosk.measure(centre, _say)
    with made(BOARD_PLAN) as centre, running(centre):
        figures += board.measure(centre, _say)
    return 0 if show(figures) else 1


def _say(words: str) -> None:
    sys.stderr.write(f"  {words}\n")


if __name__ == "__main__":
    raise SystemExit(main())
