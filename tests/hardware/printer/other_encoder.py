"""An encoder by other hands: the npm package `@point-of-sale/receipt-printer-encoder` (MIT), run by node.

It is fetched once, from the npm registry this machine is set up for, into `build/`, and never committed.
"""

import base64
import fcntl
import hashlib
import json
import shutil
import subprocess
import tarfile
from pathlib import Path

from PIL import Image

PACKAGE = "@point-of-sale/receipt-printer-encoder"
VERSION = "4.0.1"
INTEGRITY = "sha512-ALLSmZl0uEH52r9hPffjdxzBBbbjQWPryjXmB0Eb2wsiVE3c2nSvOHEZPNLfgLLSaVAY4F9t1K3ZdI4altPPbQ=="
FILES = ("dist/receipt-printer-encoder.esm.js", "LICENSE", "package.json")
BUILD = Path(__file__).parents[3] / "build" / "receipt-printer-encoder"
LIMIT_S = 120

PROGRAM = """
globalThis.ImageData = class ImageData {
  constructor(width, height) {
    this.width = width; this.height = height; this.data = new Uint8ClampedArray(width * height * 4);
  }
};
const {default: Encoder} = await import(process.argv[2]);
const {width, height, dots} = JSON.parse((await import("node:fs")).readFileSync(0, "utf8"));
const picture = new ImageData(width, height);
Buffer.from(dots, "base64").forEach((level, place) => picture.data.set([level, level, level, 255], place * 4));
const encoder = new Encoder({language: "esc-pos", columns: width / 12, imageMode: "raster"});
const bytes = encoder.initialize().image(picture, width, height, "threshold").newline(3).cut("partial").encode();
process.stdout.write(Buffer.from(bytes));
"""
"""In a browser there is an `ImageData`; here the few lines of it that are used."""


def encode(image: Image.Image) -> bytes:
    """`image` and a cut, as the other package sees it."""
    levels = image.convert("L").tobytes()
    job = {"width": image.width, "height": image.height, "dots": base64.b64encode(levels).decode()}
    fetched()
    program = BUILD / "encode.mjs"
    program.write_text(PROGRAM)
    command = ["node", str(program), str(BUILD / FILES[0])]
    done = subprocess.run(command, input=json.dumps(job).encode(), capture_output=True, timeout=LIMIT_S)
    assert done.returncode == 0, [line for line in done.stderr.decode().splitlines() if len(line) < 300]
    return done.stdout


def fetched() -> Path:
    """Where it is, fetched if it was not there. Two at once wait for each other."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (BUILD / FILES[-1]).is_file():
            _fetch()
    return BUILD


def _fetch() -> None:
    assert shutil.which("npm"), "npm is not on PATH (Debian: apt-get install npm)"
    command = ["npm", "pack", "--silent", f"{PACKAGE}@{VERSION}"]
    done = subprocess.run(command, cwd=BUILD, capture_output=True, text=True, timeout=LIMIT_S)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
    archive = BUILD / done.stdout.split()[-1]
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    assert found == INTEGRITY, f"{PACKAGE}@{VERSION} is not the archive we know: {found}"
    with tarfile.open(archive) as tar:
        for name in FILES:
            target = BUILD / name
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(tar.extractfile(f"package/{name}").read())
    archive.unlink()
