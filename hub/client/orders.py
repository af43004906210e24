"""Orders of the hub are sent again until done; each is carried out once, also over a restart of the device."""

from collections import OrderedDict
from pathlib import Path
from typing import Final
from uuid import UUID

import orjson
from pydantic import ValidationError

from hub.contract.messages import OrderDone
from hub.ground.files import replace_file

KEPT: Final = 64
"""Orders remembered; the hub repeats only what is neither done nor expired."""


class OrderBook:
    """Which orders were taken up, and what became of them. `file`: where the finished ones outlive the program."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._known: OrderedDict[UUID, OrderDone | None] = OrderedDict()
        for done in _finished(file) if file is not None else ():
            self._known[done.order_id] = done

    def is_new(self, order_id: UUID) -> bool:
        """Whether this is the first time; from now on it is not."""
        if order_id in self._known:
            return False
        self._known[order_id] = None
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
        return True

    def outcome(self, order_id: UUID) -> OrderDone | None:
        """What to tell the hub again; None while the order is still being carried out."""
        return self._known.get(order_id)

    def finish(self, done: OrderDone) -> None:
        """The order was carried out, or failed. On disk when this returns, if the book has a file and the disk is
        willing: an order to restart must not be carried out once more by the program that comes after."""
        self._known[done.order_id] = done
        if self._file is not None:
            known = [one.model_dump(mode="json") for one in self._known.values() if one is not None]
            replace_file(self._file, orjson.dumps(known), mode=0o600)


def _finished(file: Path) -> list[OrderDone]:
    """What the file says; nothing when it cannot be read."""
    try:
        return [OrderDone.model_validate_json(orjson.dumps(one)) for one in orjson.loads(file.read_bytes())]
    except (OSError, ValueError, TypeError, ValidationError):
        return []
