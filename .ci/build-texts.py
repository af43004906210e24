"""Compiles the kiosk's catalogues into `build/texts/`: the program reads the compiled ones, which takes no time.

Run again at any time: what is newer than its source is left alone.
"""

import sys
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT: Final = Path(__file__).resolve().parent.parent
SOURCES: Final = ROOT / "appliance" / "texts"
TEXTS: Final = ROOT / "build" / "texts"


def main() -> int:
    """Compile what is missing or old. 0 when all is there."""
    TEXTS.mkdir(parents=True, exist_ok=True)
    for source in sorted(SOURCES.glob("*.po")):
        compiled = TEXTS / f"{source.stem}.mo"
        if not compiled.exists() or compiled.stat().st_mtime_ns <= source.stat().st_mtime_ns:
            compile_catalogue(source, compiled)
    return 0


def compile_catalogue(source: Path, compiled: Path) -> None:
    """Whole or not at all."""
    with source.open("rb") as file:
        catalogue = read_po(file)
    beside = compiled.with_suffix(".new")
    with beside.open("wb") as file:
        write_mo(file, catalogue)
    beside.replace(compiled)


if __name__ == "__main__":
    sys.exit(main())
