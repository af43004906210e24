"""Orders to devices, as rows. Implements `hub.actions.work.Orders`."""

from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select, update

from hub.actions.work import DeviceOrder
from hub.contract.messages import OrderName
from hub.contract.names import OrderState
from hub.contract.time import Instant
from hub.storage.tables import DeviceOrderRow

KEPT: Final = 20
"""So many orders of a device that have ended are kept; the journal knows of all."""

_ORDER: Final = DeviceOrderRow.__table__  # type: ignore[attr-defined]
_IS_OPEN: Final = _ORDER.c.state == OrderState.OPEN.value


@dataclass(frozen=True, slots=True)
class StoredOrders:
    """The orders over one connection, in whatever transaction it is."""

    connection: Connection

    def add(self, order: DeviceOrder) -> None:
        """A new one; the oldest of the device that have ended are dropped."""
        ended = select(_ORDER.c.id).where(_ORDER.c.device == order.device, ~_IS_OPEN).order_by(_ORDER.c.id.desc())
        old = self.connection.execute(ended.offset(KEPT - 1)).scalars().all()
        self.connection.execute(delete(_ORDER).where(_ORDER.c.id.in_(old)))
        self.connection.execute(
            insert(_ORDER), {**asdict(order), "order": order.order.value, "state": order.state.value}
        )

    def find(self, order_id: str) -> DeviceOrder | None:
        """The order of this id."""
        row = self.connection.execute(select(_ORDER).where(_ORDER.c.id == order_id)).first()
        return None if row is None else _order(row)

    def open(self, device: str | None = None) -> list[DeviceOrder]:
        """Those neither done nor expired, of one device or of all, oldest first."""
        wanted = select(_ORDER).where(_IS_OPEN).order_by(_ORDER.c.id)
        if device is not None:
            wanted = wanted.where(_ORDER.c.device == device)
        return [_order(row) for row in self.connection.execute(wanted)]

    def all(self) -> list[DeviceOrder]:
        """Open and ended, newest first."""
        return [_order(row) for row in self.connection.execute(select(_ORDER).order_by(_ORDER.c.id.desc()))]

    def end(self, order_id: str, state: OrderState, detail: str, at: Instant) -> None:
        """What became of it."""
        ended = update(_ORDER).where(_ORDER.c.id == order_id)
        self.connection.execute(ended.values(state=state.value, detail=detail, ended_at=at))

    def forget(self, device: str) -> None:
        """Drops all orders to a device."""
        self.connection.execute(delete(_ORDER).where(_ORDER.c.device == device))


def _order(row: Any) -> DeviceOrder:
    return DeviceOrder(**{**row._mapping, "order": OrderName(row.order), "state": OrderState(row.state)})
