"""Builds the house fonts into `build/fonts/`: Be Vietnam Pro for paper and kiosk (TTF) and for pages (WOFF2), and the
icon font Lucide for the kiosk.

Be Vietnam Pro's package splits each weight into three subsets, none of which holds all Vietnamese letters; paper and
kiosk need one file with all. Nothing of it is committed. Run again at any time: what is built is left alone.
"""

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fontTools.merge import Merger
from fontTools.ttLib import TTFont

WEIGHTS: Final = (500, 700)
SUBSETS: Final = ("latin", "latin-ext", "vietnamese")
FONTS: Final = Path(__file__).resolve().parent.parent / "build" / "fonts"


@dataclass(frozen=True)
class Package:
    """A package of npm's, pinned: its archive is refused unless it has this hash."""

    name: str
    version: str
    integrity: str
    files: tuple[str, ...]


def subset_name(subset: str, weight: int) -> str:
    """The file name of one subset, as in the package."""
    return f"be-vietnam-pro-{subset}-{weight}-normal.woff2"


LETTERS: Final = Package(
    "@fontsource/be-vietnam-pro",
    "5.3.0",
    "sha512-xhAQBGHDxP5BF8IJxedy5MoWUmc1DlPCcZbMLhvnPkf8TaYCbbUVs3LjpuJ4BYdTrdiCLaewNaY8z+owq/FqFw==",
    ("LICENSE", *(f"files/{subset_name(subset, weight)}" for weight in WEIGHTS for subset in SUBSETS)),
)
ICONS: Final = Package(
    "lucide-static",
    "1.62.0",
    "sha512-WBZA/m2PvkFpMGHDtsBck5P2A9G4ehLlYu4GwwICcmEm1BvYVgj00lCDxKRWLlbMlOibLaiwdQ88G5pHkSWgwA==",
    ("LICENSE", "font/lucide.ttf", "font/codepoints.json"),
)
MADE_FROM: Final = f"{LETTERS.integrity}\n{ICONS.integrity}\n"


def main() -> int:
    """Build what is missing. 0 when all is there, 1 with a sentence on standard error when it cannot be."""
    if is_built():
        return 0
    try:
        with tempfile.TemporaryDirectory() as folder:
            letters, icons = (unpack(one, Path(folder)) for one in (LETTERS, ICONS))
            copy_for_pages(letters)
            for weight in WEIGHTS:
                merge(letters, weight)
            copy_icons(icons)
            stamp().write_text(MADE_FROM)
    except (OSError, subprocess.CalledProcessError, ValueError) as problem:
        sys.stderr.write(f"Fonts are not built: {problem}\n")
        return 1
    return 0


def stamp() -> Path:
    """The file that says which package the fonts were made from; written last."""
    return FONTS / "made-from"


def is_built() -> bool:
    """Whether the fonts of the pinned package are all there."""
    wanted = [FONTS / f"BeVietnamPro-{weight}.ttf" for weight in WEIGHTS]
    wanted += [FONTS / "web" / subset_name(subset, weight) for weight in WEIGHTS for subset in SUBSETS]
    wanted += [FONTS / "lucide.ttf", FONTS / "lucide.json"]
    return stamp().is_file() and stamp().read_text() == MADE_FROM and all(path.is_file() for path in wanted)


def fetch(package: Package, folder: Path) -> Path:
    """The package's archive, from the npm registry this machine is set up for; refused unless it is the pinned one."""
    command = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
    if shutil.which(command[0]) is None:
        raise FileNotFoundError(
            f"npm is not on PATH. Install it (Debian: apt-get install npm) and run again: {sys.executable} {__file__}"
        )
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        raise ValueError(f"`{' '.join(command)}` failed: {done.stderr.strip()}")
    archive = folder / done.stdout.split()[-1]
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != package.integrity:
        raise ValueError(f"{package.name}@{package.version} is not the archive we know: {found}")
    return archive


def unpack(package: Package, folder: Path) -> Path:
    """A folder with what we need of the package, laid out as in it."""
    archive, target = fetch(package, folder), folder / package.name.rpartition("/")[2]
    with tarfile.open(archive) as tar:
        for name in package.files:
            member = tar.extractfile(f"package/{name}")
            if member is None:
                raise ValueError(f"{archive.name} holds no file {name}")
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes(member.read())
    return target


def copy_icons(package: Path) -> None:
    """The icon font with the code of each icon by its name, and the licence beside them."""
    shutil.copyfile(package / "font/lucide.ttf", FONTS / "lucide.ttf")
    shutil.copyfile(package / "font/codepoints.json", FONTS / "lucide.json")
    shutil.copyfile(package / "LICENSE", FONTS / "lucide-LICENSE.txt")


def copy_for_pages(package: Path) -> None:
    """WOFF2 subsets as they are (a browser loads only those it needs), and the licence beside them."""
    web = FONTS / "web"
    web.mkdir(parents=True, exist_ok=True)
    for weight in WEIGHTS:
        for subset in SUBSETS:
            shutil.copyfile(package / "files" / subset_name(subset, weight), web / subset_name(subset, weight))
    for folder in (FONTS, web):
        shutil.copyfile(package / "LICENSE", folder / "OFL.txt")


def merge(package: Path, weight: int) -> None:
    """One TTF of `weight` with all letters of the three subsets."""
    with tempfile.TemporaryDirectory() as folder:
        parts = [plain(package / "files" / subset_name(subset, weight), Path(folder)) for subset in SUBSETS]
        whole = Merger().merge([str(part) for part in parts])
        target = FONTS / f"BeVietnamPro-{weight}.ttf"
        whole.save(Path(folder) / target.name)
        shutil.copyfile(Path(folder) / target.name, target)


def plain(woff2: Path, folder: Path) -> Path:
    """The same font without compression, as the merger wants it."""
    with TTFont(woff2) as font:
        font.flavor = None
        target = folder / f"{woff2.stem}.ttf"
        font.save(target)
    return target


if __name__ == "__main__":
    sys.exit(main())
