"""Reads a settings file into a model and explains what is wrong with it: all problems at once, each with its place."""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, TypeVar, cast
from zoneinfo import available_timezones

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from hub.errors import SettingsFault

Model = TypeVar("Model", bound=BaseModel)

HEADER: Final = re.compile(r"\s*\[+\s*([\w-]+)\s*\]")
KEY: Final = re.compile(r"\s*([\w-]+)\s*=")
SHOWN: Final = 60
"""Characters of a bad value that are shown."""

WORDS: Final = {
    "bool_type": "must be true or false",
    "int_type": "must be a whole number, without quotes",
    "list_type": 'must be a list such as ["10.0.0.5"]',
    "model_type": "must be a section, with its name in brackets and its keys below",
    "path_type": "must be a path in quotes",
    "string_pattern_mismatch": 'must be 1 to 32 of a-z, 0-9 and "-"',
    "string_type": "must be a text in quotes",
    "tuple_type": 'must be a list such as ["10.0.0.5"]',
}
"""By kind of pydantic's error: what is allowed, where pydantic's own words are for programmers."""


def read(file: Path, model: type[Model], *, must_exist: bool, default: str) -> Model:
    """The settings in `file`; all defaults when it is missing and need not exist. Else raises `SettingsFault`.

    `default`: where the commented file with every default is, for whoever has none yet.
    """
    text = _text(file, default, must_exist=must_exist)
    written = _parsed(file, text)
    complete = {section: {} for section in model.model_fields} | written
    try:
        settings = model.model_validate(complete, context=file.parent)
    except ValidationError as error:
        problems = _Explanation(file, text, model).problems(error)
        raise SettingsFault(problems) from None
    missing = [f"{file}: {name} = {place} is not a file" for name, place in _files(settings) if not _is_file(place)]
    if missing:
        raise SettingsFault(missing)
    return settings


def near_zone(name: str) -> str:
    """A hint at the time zone that was meant, or nothing."""
    return _did_you_mean(name, available_timezones())


def _text(file: Path, default: str, *, must_exist: bool) -> str:
    try:
        if file.exists() and not file.is_file():
            raise SettingsFault([f"{file}: is a directory or a device; name the settings file itself"])
        return file.read_bytes().decode("utf-8")
    except FileNotFoundError:
        if not must_exist:
            return ""
        raise SettingsFault(
            [f"{file}: there is no such file; copy {default} there, or name none to start with the defaults"]
        ) from None
    except UnicodeDecodeError as error:
        raise SettingsFault([f"{file}: is not UTF-8 text (byte {error.start}); save it again as UTF-8"]) from None
    except OSError as error:
        raise SettingsFault([f"{file}: cannot be read ({error.strerror}); its program needs to read it"]) from None


def _parsed(file: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # tomllib passes on both for absurd numbers and nesting
        where = str(error).replace("at end of document", f"at line {text.count(chr(10)) + 1}, the end of the file")
        raise SettingsFault([f"{file}: is not valid TOML: {where}"]) from None


def _files(settings: BaseModel) -> Iterator[tuple[str, Path]]:
    """Files that must be there already: certificates and keys."""
    for section_name, section in settings:
        for key, value in section:
            if key in {"ca", "certificate", "key"} and isinstance(value, Path):
                yield f"{section_name}.{key}", value


def _is_file(place: Path) -> bool:
    try:
        return place.is_file()
    except OSError:
        return False


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f' (did you mean "{near[0]}"?)' if near else ""


@dataclass(frozen=True)
class _Explanation:
    """Turns pydantic's errors into sentences for the person who wrote the file."""

    file: Path
    text: str
    model: type[BaseModel]

    def problems(self, error: ValidationError) -> list[str]:
        """One sentence for each error, in the order of the file."""
        lines = self._lines()
        found = []
        for detail in error.errors(include_url=False):
            name = ".".join(str(level) for level in detail["loc"][:2])
            line = lines.get(name) or lines.get(name.partition(".")[0], 0)
            place = f"{self.file}, line {line}" if line else str(self.file)
            found.append((line, f"{place}: {self._sentence(name, detail)}"))
        return [sentence for _, sentence in sorted(found)]

    def _sentence(self, name: str, detail: ErrorDetails) -> str:
        if detail["type"] == "extra_forbidden":
            return self._unknown(name, detail["input"])
        words = WORDS.get(detail["type"]) or _plain(detail["msg"])
        section, _, key = name.partition(".")
        if not key:
            return f"[{section}] {words}" if detail["type"] == "model_type" else f"[{section}]: {words}"
        if self._is_secret(section, key):
            return f"{name} {words}"
        return f"{name} = {_shown(detail['input'])} {words}"

    def _unknown(self, name: str, value: object) -> str:
        section, _, key = name.partition(".")
        if key:
            hint = _did_you_mean(key, self._keys(section)) or self._belongs(key)
            return f"unknown key {name}{hint or '; known here: ' + ', '.join(self._keys(section))}"
        if isinstance(value, dict):
            hint = _did_you_mean(section, self.model.model_fields)
            return f"unknown section [{section}]{hint or '; known: ' + ', '.join(self.model.model_fields)}"
        return f"unknown key {section} outside a section{self._belongs(section)}"

    def _belongs(self, key: str) -> str:
        homes = [f"[{section}]" for section in self.model.model_fields if key in self._keys(section)]
        return f" (it belongs in {' or '.join(homes)})" if homes else ""

    def _keys(self, section: str) -> list[str]:
        return list(self._section(section).model_fields)

    def _is_secret(self, section: str, key: str) -> bool:
        return self._section(section).model_fields[key].annotation is SecretStr

    def _section(self, name: str) -> type[BaseModel]:
        return cast("type[BaseModel]", self.model.model_fields[name].annotation)

    def _lines(self) -> dict[str, int]:
        """Line numbers of `section` and `section.key`, as far as a quick look finds them."""
        lines: dict[str, int] = {}
        section = ""
        for number, line in enumerate(self.text.splitlines(), start=1):
            if header := HEADER.match(line):
                section = header[1]
                lines.setdefault(section, number)
            elif key := KEY.match(line):
                lines.setdefault(f"{section}.{key[1]}" if section else key[1], number)
        return lines


def _plain(message: str) -> str:
    """pydantic's sentence as the end of ours."""
    message = message.removeprefix("Value error, ")
    return re.sub(r"^(Input|String|Value) should", "must", message)


def _shown(value: object) -> str:
    """A bad value, short enough for a sentence."""
    match value:
        case str():
            return json.dumps(value if len(value) <= SHOWN else value[:SHOWN] + "…", ensure_ascii=False)
        case bool():
            return str(value).lower()
        case int() if abs(value) >= 10**SHOWN:
            return "(a huge number)"
        case list():
            return "[…]"
        case dict():
            return "{…}"
        case _:
            return str(value)
