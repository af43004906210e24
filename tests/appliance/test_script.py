"""The script's few words, and what it says about all others."""

import pytest

from appliance.errors import ApplianceFault, ScriptFault
from appliance.script import ALLOWED, CancelLast, Issue, Stay, Wait, parse


def test_every_word_is_understood() -> None:
    """Comments and empty lines are passed over."""
    lines = [
        "# the first visitors",
        "",
        "issue civil-status",
        "  issue certification elderly   # with a class",
        "issue land ordinary en\r",
        "cancel last",
        "wait 0.5",
        "stay",
    ]
    assert list(parse(lines)) == [
        Issue("civil-status", "ordinary", "vi"),
        Issue("certification", "elderly", "vi"),
        Issue("land", "ordinary", "en"),
        CancelLast(),
        Wait(0.5),
        Stay(),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("isue land", ALLOWED),
        ("issue", ALLOWED),
        ("issue land ordinary en now", ALLOWED),
        ("issue Land", "'Land' is no service"),
        ("issue land ordinary english", "'english' is no language"),
        ("cancel", ALLOWED),
        ("cancel A012", ALLOWED),
        ("wait", ALLOWED),
        ("wait soon", "'soon' is no number of seconds"),
        ("wait -1", "'-1' is no number of seconds"),
        ("wait nan", "'nan' is no number of seconds"),
        ("stay here", ALLOWED),
    ],
)
def test_a_line_not_understood_is_named(line: str, reason: str) -> None:
    """With its number, its text, and what is allowed."""
    with pytest.raises(ScriptFault) as raised:
        list(parse(["stay", line]))
    assert raised.value.number == 2
    assert str(raised.value).startswith(f"line 2: {line!r}: ")
    assert reason in str(raised.value)
    assert isinstance(raised.value, ApplianceFault)


def test_lines_are_understood_as_they_come() -> None:
    """A person may type them: the first is carried out before the second is there."""
    steps = parse(iter(["wait 1", "nonsense"]))
    assert next(steps) == Wait(1.0)
    with pytest.raises(ScriptFault):
        next(steps)
