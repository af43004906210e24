"""What typed settings are made of: sections that refuse what they do not know, places, ports."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict, ValidationInfo


class Section(BaseModel):
    """What all sections share: frozen, exact types, no unknown keys, no values in tracebacks."""

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", validate_default=True, hide_input_in_errors=True
    )


def none_if_empty(value: object) -> object:
    """An empty text means "not set"."""
    return None if value == "" else value


def _placed(path: Path, info: ValidationInfo) -> Path:
    """`path`, starting at the directory of the settings file when there is one."""
    if path == Path() or str(path).startswith("~") or "\0" in str(path):
        raise ValueError("must be a path, written out without ~")
    return Path(info.context, path) if isinstance(info.context, Path) else path


Port = Annotated[int, Field(ge=1, le=65535)]
Place = Annotated[Path, Strict(False), AfterValidator(_placed)]
MaybePlace = Annotated[Place | None, BeforeValidator(none_if_empty)]
