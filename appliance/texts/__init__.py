"""The kiosk's words, from gettext catalogues: `vi.po` and `en.po` beside this file, by key."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from babel.messages.pofile import read_po

LANGUAGES: Final = ("vi", "en")


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


def load_texts(language: str) -> Texts:
    """The catalogue of a language; Vietnamese for one there is none of."""
    chosen = language if language in LANGUAGES else LANGUAGES[0]
    with files("appliance.texts").joinpath(f"{chosen}.po").open("rb") as file:
        catalogue = read_po(file)
    return Texts(chosen, {str(one.id): str(one.string) for one in catalogue if one.id})
