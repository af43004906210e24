"""The files beside the pages: scripts, styles, fonts. A closed list, read once at the start."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final, Self

from starlette.responses import Response

from hub.contract.refusals import Refusal, RefusalCode

FOLDERS: Final = ("site", "staff", "portal", "board")
TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    content: bytes
    media_type: str
    etag: str


@dataclass(frozen=True, slots=True)
class Assets:
    """All of them by the part of the address after `/static/`: `board/board.js`, `fonts/….woff2`."""

    by_path: dict[str, Asset]

    @classmethod
    def load(cls, fonts: Path | None) -> Self:
        """Reads the package's own files, and the fonts where they were built."""
        return cls({path: _asset(Path(path).suffix, content) for path, content in _found(fonts)})

    def answer(self, path: str, if_none_match: str | None) -> Response:
        """The file, or that the browser has it already. Refuses `not-found`."""
        asset = self.by_path.get(path)
        if asset is None:
            raise Refusal(RefusalCode.NOT_FOUND)
        keep = "public, max-age=604800" if path.startswith("fonts/") else "no-cache"
        headers = {"etag": asset.etag, "cache-control": keep}
        if if_none_match == asset.etag:
            return Response(status_code=304, headers=headers)
        return Response(asset.content, headers=headers, media_type=asset.media_type)


def _found(fonts: Path | None) -> Iterator[tuple[str, bytes]]:
    for folder in FOLDERS:
        for file in files("hub.web").joinpath(folder).iterdir():
            if Path(file.name).suffix in TYPES:
                yield f"{folder}/{file.name}", file.read_bytes()
    for font in sorted(fonts.glob("*.woff2")) if fonts is not None and fonts.is_dir() else ():
        yield f"fonts/{font.name}", font.read_bytes()


def _asset(suffix: str, content: bytes) -> Asset:
    return Asset(content, TYPES[suffix], f'"{hashlib.sha256(content).hexdigest()[:20]}"')
