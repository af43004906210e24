"""The words of the pages, one catalogue a language; and which language a browser is answered in."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Final, Self

import orjson
from starlette.requests import Request

LANGUAGES: Final = ("vi", "en")
"""The first one is spoken unless another is asked for."""

COOKIE: Final = "motcua_language"


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts by language and key."""

    by_language: dict[str, dict[str, str]]

    @classmethod
    def load(cls) -> Self:
        """Reads the catalogues of the package."""
        folder = files("hub.web").joinpath("texts")
        return cls({language: orjson.loads(folder.joinpath(f"{language}.json").read_bytes()) for language in LANGUAGES})

    def of(self, language: str, *groups: str) -> dict[str, str]:
        """The texts of a language whose keys begin with one of `groups`; all when none is named."""
        texts = self.by_language[language]
        if not groups:
            return texts
        return {key: text for key, text in texts.items() if key.partition(".")[0] in groups}


def language_of(request: Request) -> str:
    """What the address asks for, else what was chosen before, else what the browser likes, else Vietnamese."""
    for asked in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if asked in LANGUAGES:
            return asked
    return preferred(request.headers.get("accept-language", ""))


def preferred(accept_language: str) -> str:
    """The best of ours in an `Accept-Language` header."""
    found: list[tuple[float, str]] = []
    for part in accept_language.split(",")[:20]:
        name, _, weight = part.strip().partition(";q=")
        language = name.partition("-")[0].lower()
        if language in LANGUAGES:
            found.append((-_number(weight), language))
    return min(found, key=lambda one: one[0])[1] if found else LANGUAGES[0]


def _number(weight: str) -> float:
    try:
        return float(weight or "1")
    except ValueError:
        return 0.0
