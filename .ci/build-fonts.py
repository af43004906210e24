"""Builds the house fonts into `build/fonts/`: Be Vietnam Pro for paper and kiosk (TTF) and for pages (WOFF2).

The npm package splits each weight into three subsets, none of which holds all Vietnamese letters; paper and kiosk need
one file with all. Nothing of it is committed. Run again at any time: what is built already is left alone.
"""

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Final

from fontTools.merge import Merger
from fontTools.ttLib import TTFont

PACKAGE: Final = "@fontsource/be-vietnam-pro"
VERSION: Final = "5.3.0"
INTEGRITY: Final = "sha512-xhAQBGHDxP5BF8IJxedy5MoWUmc1DlPCcZbMLhvnPkf8TaYCbbUVs3LjpuJ4BYdTrdiCLaewNaY8z+owq/FqFw=="
WEIGHTS: Final = (500, 700)
SUBSETS: Final = ("latin", "latin-ext", "vietnamese")
FONTS: Final = Path(__file__).resolve().parent.parent / "build" / "fonts"


def main() -> int:
    """Build what is missing. 0 when all is there, 1 with a sentence on standard error when it cannot be."""
    if is_built():
        return 0
    try:
        with tempfile.TemporaryDirectory() as folder:
            package = unpack(fetch(Path(folder)), Path(folder))
            copy_for_pages(package)
            for weight in WEIGHTS:
                merge(package, weight)
            stamp().write_text(INTEGRITY)
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
    return stamp().is_file() and stamp().read_text() == INTEGRITY and all(path.is_file() for path in wanted)


def subset_name(subset: str, weight: int) -> str:
    """The file name of one subset, as in the package."""
    return f"be-vietnam-pro-{subset}-{weight}-normal.woff2"


def fetch(folder: Path) -> Path:
    """The package's archive, from the npm registry this machine is set up for; refused unless it is the pinned one."""
    command = ["npm", "pack", "--silent", f"{PACKAGE}@{VERSION}"]
    if shutil.which(command[0]) is None:
        raise FileNotFoundError(
            f"npm is not on PATH. Install it (Debian: apt-get install npm) and run again: {sys.executable} {__file__}"
        )
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        raise ValueError(f"`{' '.join(command)}` failed: {done.stderr.strip()}")
    archive = folder / done.stdout.split()[-1]
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != INTEGRITY:
        raise ValueError(f"{PACKAGE}@{VERSION} is not the archive we know: {found}")
    return archive


def unpack(archive: Path, folder: Path) -> Path:
    """A folder with what we need of the package, laid out as in it: the licence and our weights."""
    package = folder / "package"
    (package / "files").mkdir(parents=True)
    files = [f"files/{subset_name(subset, weight)}" for weight in WEIGHTS for subset in SUBSETS]
    with tarfile.open(archive) as tar:
        for name in ("LICENSE", *files):
            member = tar.extractfile(f"package/{name}")
            if member is None:
                raise ValueError(f"{archive.name} holds no file {name}")
            (package / name).write_bytes(member.read())
    return package


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
