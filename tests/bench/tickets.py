"""A ticket for one device, and for sixteen at once."""

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from hub.contract.topics import DeviceIdentity
from tests.bench.figures import Figure, middle, percentile
from tests.bench.probes import OPERATION, commits, echo
from tests.bench.swarm import Swarm
from tests.rig.centre import CLASS, Centre

ROUNDS = 5
ONE_S = 1.2
MANY_S = 2.5
COMMITS = 400


def measure(centre: Centre, identities: list[DeviceIdentity], say: Callable[[str], None]) -> list[Figure]:
    """Five interleaved rounds of echo, commit and tickets; medians."""
    folders = [centre.devices[name] for name in centre.kiosks[:16]]
    body = bodies(centre.services)
    rounds: dict[str, list[float]] = {}
    numbers: list[str] = []
    with (
        echo(centre, identities) as port,
        Swarm(folders, operation=OPERATION, port=port) as echoes,
        Swarm(folders, operation=OPERATION) as tickets,
    ):
        for turn in range(1, ROUNDS + 1):
            say(f"tickets, round {turn} of {ROUNDS}")
            _note(rounds, "echo", percentile(echoes.run(ONE_S, body, devices=1), 0.5) * 1000)
            _note(rounds, "commit", percentile(commits(centre.directory / "probe.db", COMMITS), 0.5) * 1000)
            _note(rounds, "one", percentile(tickets.run(ONE_S, body, devices=1), 0.5) * 1000)
            numbers += _numbers(tickets.answers)
            _note(rounds, "echoes", len(echoes.run(MANY_S, body)) / MANY_S)
            waits = tickets.run(MANY_S, body)
            _note(rounds, "many", len(waits) / MANY_S)
            _note(rounds, "p99", percentile(waits, 0.99) * 1000)
            numbers += _numbers(tickets.answers)
    return _figures({name: middle(values) for name, values in rounds.items()}, numbers)


def _figures(found: dict[str, float], numbers: list[str]) -> list[Figure]:
    limit = found["echo"] + found["commit"]
    beside = f"echo {found['echo']:.2f} ms + commit {found['commit']:.2f} ms"
    return [
        Figure("one device, p50", found["one"], "ms", beside=beside),
        Figure("one device, p50 ÷ (echo + commit)", found["one"] / limit, "×", most=4, beside=beside),
        Figure("16 devices", found["many"], "tickets/s", least=1000, beside=f"echo {found['echoes']:,.0f}/s"),
        Figure("16 devices ÷ 16 echoes", found["many"] / found["echoes"], "×", least=0.15),
        Figure("16 devices, p99", found["p99"], "ms", most=30),
        Figure("numbers given twice", len(numbers) - len(set(numbers)), f"of {len(numbers)}", most=0),
    ]


def bodies(services: list[str]) -> Callable[[int], bytes]:
    """Requests for numbers, the services in turn."""

    def body(n: int) -> bytes:
        asked = {
            "request_id": str(uuid.uuid4()),
            "sent_at": datetime.now(UTC).isoformat(),
            "service": services[n % len(services)],
            "class": CLASS,
            "language": "vi",
        }
        return json.dumps(asked).encode()

    return body


def _numbers(answers: list[bytes]) -> list[str]:
    """The numbers that were given; a refusal stops the bench."""
    given = []
    for answer in answers:
        said = json.loads(answer)
        assert said["ok"], said
        given.append(said["result"]["ticket"]["number"])
    return given


def _note(rounds: dict[str, list[float]], name: str, value: float) -> None:
    rounds.setdefault(name, []).append(value)
