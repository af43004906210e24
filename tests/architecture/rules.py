"""Who may import whom, as data. A module without a row fails the tests: a new folder is a decision, entered here."""

from dataclasses import dataclass
from typing import Final

PACKAGES: Final = ("appliance", "display_board", "hardware", "hub", "provisioning")
"""What is shipped. `tests` may import everything of it, and nothing of it imports `tests`."""


@dataclass(frozen=True)
class Rule:
    """What a folder (or a single module) may import beside itself and the standard library.

    `ours`: folders of this product, each with all that is in it. `others`: packages of others; `None` is any.
    """

    ours: tuple[str, ...]
    others: tuple[str, ...] | None = None


CONTRACT: Final = ("hub.contract",)
PURE: Final = ("hub.queueing", "hub.dossiers", "hub.procedures", "hub.ratings", "hub.statistics")
SHARED: Final = ("hub.errors", "hub.ground")
"""What hub and devices stand on alike: no stack behind it."""
GROUND: Final = (*SHARED, "hub.settings")
INWARDS: Final = (*CONTRACT, *PURE, "hub.actions", *GROUND)
EVERYTHING: Final = ("hub", "hardware")

NOTHING_OF_OTHERS: Final = ()
BOARD_MIND: Final = (
    "display_board.spelling",
    "display_board.announcing",
    "display_board.state",
    "display_board.show",
)
"""What hangs on the wall and what is said: pure, so that the hub can run it too, for TVs with no board beside them."""

DEVICE: Final = ("orjson", "paho", "pydantic", "rich", "structlog", "typer", "uuid_utils")
"""What every role installs. A device has no more than this and its own extra: no web stack, no database."""

RULES: Final[dict[str, Rule]] = {
    # the language, and the rules of the house: no input, no output, no clock
    "hub.contract": Rule((), ("pydantic",)),
    **{folder: Rule(CONTRACT, NOTHING_OF_OTHERS) for folder in PURE},
    "hub.actions": Rule((*CONTRACT, *PURE, "hub.errors"), ("pydantic",)),
    # the ground everybody stands on
    "hub.errors": Rule((), NOTHING_OF_OTHERS),
    "hub.ground": Rule(("hub.errors",), ("pydantic", "pydantic_core")),
    "hub.settings": Rule((*CONTRACT, *SHARED), ("pydantic",)),
    # the edges: inwards, never each other
    "hub.storage": Rule(INWARDS),
    "hub.live": Rule(INWARDS),
    "hub.messaging": Rule(INWARDS),
    "hub.web": Rule(INWARDS),
    "hub.fleet": Rule(INWARDS),
    "hub.paper": Rule(INWARDS),
    "hub.sms": Rule((*INWARDS, "hardware")),
    "hub.cameras": Rule((*INWARDS, "hardware")),
    "hub.province": Rule(INWARDS),
    # what composes: the only modules that know concrete classes
    "hub.bootstrap": Rule(EVERYTHING),
    "hub.standing": Rule(EVERYTHING),
    "hub.certificates": Rule(EVERYTHING),
    "hub.__main__": Rule(EVERYTHING),
    "hub.tools": Rule(EVERYTHING),
    "hub.condition": Rule(EVERYTHING),
    "hub.duties": Rule(EVERYTHING),
    "hub.demo": Rule(EVERYTHING),
    "hub.rounds": Rule((), ("structlog",)),
    "hub.logs": Rule(("hub.settings", "hub.ground"), ("structlog",)),
    # a program of its own: it checks the hub's journal and must not share the hub's mistakes
    "hub.journal_verifier": Rule((), NOTHING_OF_OTHERS),
    # what stands at the other end of the wire
    "hub.client": Rule((*CONTRACT, *SHARED), DEVICE),
    "hub.simulation": Rule((*CONTRACT, "hub.client")),
    "hardware": Rule(()),
    "appliance": Rule((*CONTRACT, *SHARED, "hub.client", "hardware"), (*DEVICE, "PIL", "escpos", "kivy", "segno")),
    "display_board": Rule((*CONTRACT, *SHARED, "hub.client", "hardware"), DEVICE),
    **{module: Rule((*CONTRACT, *BOARD_MIND), NOTHING_OF_OTHERS) for module in BOARD_MIND},
    "display_board.sound": Rule((), NOTHING_OF_OTHERS),
    "display_board.voice": Rule((*SHARED, *BOARD_MIND, "display_board.sound"), ("structlog",)),
    "provisioning": Rule((*CONTRACT, "hardware"), DEVICE),
}

WEB_STACK: Final = (
    "alembic",
    "argon2",
    "fastapi",
    "jinja2",
    "psycopg",
    "sqlalchemy",
    "sqlmodel",
    "starlette",
    "uvicorn",
)
"""Never loaded on a device."""

ON_A_DEVICE: Final = ("hub.contract", "hub.ground", "hub.client", "hardware", "appliance", "display_board")

NAMELESS: Final = frozenset({"utils", "util", "helpers", "helper", "manager", "managers", "common", "base"})
"""Words that name nothing: a thing without a better name is not yet understood."""

READ_THE_ENVIRONMENT: Final = frozenset({"appliance.settings", "appliance.ui.glass", "hub.settings"})
"""Settings are read in one place a program; Kivy is told how to begin by the environment alone."""

NOT_TO_IMPORT: Final = frozenset({"hub.storage.migrations.env"})
"""Modules that run inside another program only: the script that Alembic calls."""
