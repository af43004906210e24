"""The kiosk's words, from gettext catalogues: `vi.po` and `en.po` beside this file, by key. They are compiled at set-up
(`.ci/build-texts.py`), for a kiosk that starts has no time to read them."""

import gettext
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from appliance.errors import TextsMissing

LANGUAGES: Final = ("vi", "en")
PLACES: Final = (Path(__file__).resolve().parents[2] / "build" / "texts", Path(__file__).resolve().parent)
"""In a checkout, and in an installed package."""


@dataclass(frozen=True, slots=True)
class Texts:
    """One language's words. Asking for a key that is not there raises `KeyError`: a test asks for all of them."""

    language: str
    words: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The words of `key`, with values put in: `texts("page.of", page=1, pages=2)`."""
        return self.words[key].format(**values)

    def template(self, key: str) -> str:
        """The words of `key` as they are written, for values that are known later."""
        return self.words[key]


def load_texts(language: str, places: tuple[Path, ...] = PLACES) -> Texts:
    """The catalogue of a language; Vietnamese for one there is none of. Raises `TextsMissing`."""
    chosen = language if language in LANGUAGES else LANGUAGES[0]
    for place in places:
        compiled = place / f"{chosen}.mo"
        if compiled.is_file():
            with compiled.open("rb") as file:
                catalogue = gettext.GNUTranslations(file)
            found: dict[str, str] = catalogue._catalog  # type: ignore[attr-defined]
            return Texts(chosen, {key: words for key, words in found.items() if key})
    raise TextsMissing(f"the catalogue {chosen}.mo is not in {' or '.join(map(str, places))}; `make env` makes it")
