"""Figures of a fault test, kept where people find them after the run: `build/figures/<test>.json`."""

import json
import os
import random
import sys
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parents[2] / "build" / "figures"
SEED: Final = "MOTCUA_SEED"


def seed() -> int:
    """The seed of this run: a new one each time, or the one to be replayed."""
    return int(os.environ.get(SEED) or random.SystemRandom().randrange(1_000_000))


def keep(name: str, figures: dict[str, Any]) -> None:
    """Writes the figures down, and says them where pytest shows what a failed test has said."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    text = json.dumps(figures, indent=2)
    (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(f"{name}: {text}\n")
