"""Requests that outlive the program: whole on disk, never going back, and over when they are over."""

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from appliance.hands.pending import OVER, Pending, PendingRequests, Report, Stage

FIRST = Pending("01a20000-0000-7000-8000-000000000001", "birth", "ordinary", "vi", 100.0)
SECOND = replace(FIRST, request_id="01a20000-0000-7000-8000-000000000002", at_s=200.0)


@pytest.fixture
def pending(tmp_path: Path) -> PendingRequests:
    """With one request that was asked."""
    requests = PendingRequests(tmp_path)
    requests.write(FIRST)
    return requests


def test_the_next_program_finds_everything(pending: PendingRequests, tmp_path: Path) -> None:
    """The youngest first."""
    report = Report("slip-printed", {"ticket_id": "x", "copy": True}, uuid4())
    pending.write(replace(SECOND, stage=Stage.PRINTING, again=True, report=report))
    assert PendingRequests(tmp_path).all() == pending.all()
    assert [one.request_id for one in pending.all()] == [SECOND.request_id, FIRST.request_id]
    assert pending.all()[0].report == report


@pytest.mark.parametrize("before", Stage)
@pytest.mark.parametrize("after", Stage)
def test_a_request_never_goes_back(before: Stage, after: Stage, tmp_path: Path) -> None:
    """What may have been seen or printed stays so; nobody waits for what is over; and what may be on paper cannot be
    taken back, only told of."""
    pending = PendingRequests(tmp_path)
    pending.write(replace(FIRST, stage=before))
    came = pending.advance(FIRST.request_id, after)
    (found,) = PendingRequests(tmp_path).all()
    if before in OVER:
        assert (came, found.stage) == (before is after, before)
    elif (before, after) == (Stage.PRINTING, Stage.WITHDRAWN):
        assert (came, found.stage) == (False, before)
    else:
        order = list(Stage)
        assert (came, found.stage) == (True, max(before, after, key=order.index))


def test_what_is_over_stays_over(pending: PendingRequests, tmp_path: Path) -> None:
    """Twice is harmless, and nothing brings it back."""
    pending.clear(FIRST.request_id)
    pending.clear(FIRST.request_id)
    assert not pending.advance(FIRST.request_id, Stage.SHOWN)
    pending.report(FIRST.request_id, Report("slip-printed", {}, uuid4()))
    assert (len(pending), list(tmp_path.iterdir())) == (0, [])


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"request_id": "x"}', '{"stage": "asked", "report": 3}'])
def test_a_file_that_cannot_be_read_is_set_aside(text: str, pending: PendingRequests, tmp_path: Path) -> None:
    """The others count; and it can be looked at."""
    (tmp_path / "broken.json").write_text(text)
    (tmp_path / ".half.json.x2").write_text("{")
    assert PendingRequests(tmp_path).all() == [FIRST]
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{FIRST.request_id}.json", "broken.unreadable"]


def test_a_disk_that_is_full_changes_nothing(pending: PendingRequests, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither there nor in memory."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("appliance.hands.pending.replace_file", full)
    with pytest.raises(OSError, match="No space"):
        pending.write(SECOND)
    with pytest.raises(OSError, match="No space"):
        pending.advance(FIRST.request_id, Stage.PRINTING)
    assert pending.all() == [FIRST]
