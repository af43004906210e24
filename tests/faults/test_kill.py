"""Kill -9 at random moments, while devices give numbers and officers call (quality: reliability, R4).

`MOTCUA_SEED` replays a run's moments and choices; every failure names its seed.
"""

import random
import threading
import time

from tests.faults.sabotaged_hub import hub as hub_program
from tests.rig import checker
from tests.rig.centre import Plan, made
from tests.rig.kiosk import kiosks
from tests.rig.running import running

def test_try():
    seed = 1
    chance = random.Random(seed)
    t0 = time.monotonic()
    with made(Plan(kiosks=16, services=4, counters=4)) as centre:
        t1 = time.monotonic()
        print("made", t1 - t0)
        with running(centre) as hub:
            t2 = time.monotonic()
            print("running", t2 - t1)
            finish = threading.Event()
            with kiosks(centre, chance, finish) as ks:
                t3 = time.monotonic()
                print("kiosks", t3 - t2)
                for n in range(10):
                    time.sleep(chance.uniform(0.1, 0.4))
                    a = time.monotonic()
                    hub.kill()
                    before = sum(len(k.history.asked) for k in ks)
                    hub.start()
                    print("restart", time.monotonic() - a, before)
                time.sleep(1)
            t4 = time.monotonic()
            print("ended", [k.broken for k in ks if k.broken])
            hub.stop()
            print(checker.problems(centre, [k.history for k in ks])[:10], time.monotonic() - t4)
            print(checker.unknown_outcomes([k.history for k in ks]))
            print(hub.complaints())
            ans = sorted(a.answered_s for k in ks for a in k.history.asked)
            print(max(b - a for a, b in zip(ans, ans[1:])))
