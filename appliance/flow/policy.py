"""What the hub's settings mean for a kiosk's policy."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from appliance.flow.kiosk import Policy

if TYPE_CHECKING:  # the first screen does not wait for the models of the wire
    from hub.contract.messages import Centre, DeviceSettings


def policy_of(policy: Policy, settings: DeviceSettings | None, centre: Centre | None) -> Policy:
    """`policy` as hub and centre want it now. Of the languages wanted those remain that the kiosk has words for."""
    wanted = (settings.languages if settings is not None else []) or (centre.languages if centre is not None else [])
    if wanted:
        policy = replace(policy, languages=tuple(one for one in wanted if one in policy.spoken) or policy.spoken)
    if settings is None:
        return policy
    pin = settings.staff_pin
    return replace(
        policy,
        ask_class=settings.ask_class,
        services_first=settings.services_first,
        pin_salt="" if pin is None else pin.salt,
        pin_hash="" if pin is None else pin.hash,
    )
