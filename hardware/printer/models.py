"""Facts about printers, from `models.toml`: a new model is a table there, not code."""

import difflib
import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Final

from hardware.errors import SettingFault

FACTS: Final = Path(__file__).with_name("models.toml")
CODES: Final = ("cut", "confirm", "clear", "recover")


@dataclass(frozen=True)
class Model:
    """What a printer is and what it understands. The words are explained in `models.toml`."""

    id: str
    name: str
    width_dots: int
    profile: str
    strip_rows: int
    feed_lines: int
    mm_per_s: int
    status: bool
    answer_s: float
    cut: bytes
    confirm: bytes
    clear: bytes
    recover: bytes

    @property
    def width_bytes(self) -> int:
        """Bytes in a row of dots."""
        return self.width_dots // 8

    @property
    def dots_per_mm(self) -> int:
        """203 dots an inch, as all printers here have."""
        return 8


def find_model(name: str) -> Model:
    """The model called `name` in `models.toml`. Raises `SettingFault` with those that sound like it."""
    known = all_models()
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
    raise SettingFault(f"no printer model is called {name!r}; {hint}")


@cache
def all_models() -> dict[str, Model]:
    """Every model by its id, in the order of the file."""
    return parse(FACTS.read_text("utf-8"))


def parse(text: str) -> dict[str, Model]:
    """The models in a text of the form of `models.toml`. Raises `SettingFault` at a fact too many, missing or wrong."""
    return {name: _model(name, facts) for name, facts in tomllib.loads(text).items()}


def _model(name: str, facts: dict[str, Any]) -> Model:
    wanted = {field.name for field in fields(Model)} - {"id"}
    if wanted != set(facts):
        raise SettingFault(f"printer model {name}: wrong or missing facts: {', '.join(sorted(wanted ^ set(facts)))}")
    try:
        model = Model(id=name, **{**facts, **{code: bytes.fromhex(facts[code]) for code in CODES}})
    except (TypeError, ValueError) as problem:
        raise SettingFault(f"printer model {name}: a code is not written as hexadecimal digits: {problem}") from problem
    if model.width_dots % 8 or min(model.width_dots, model.strip_rows, model.mm_per_s, model.answer_s) <= 0:
        raise SettingFault(f"printer model {name}: width in whole bytes, and no measure of nothing")
    return model
