"""The shape of every message as one JSON schema, without words: `python -m tests.contract.schema` writes it anew."""

import json
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema

from hub.contract.document import message_types

GOLDEN = Path(__file__).with_name("golden")
SCHEMA = GOLDEN / "schema.json"


def schema() -> str:
    """All messages with types, limits and what is required; no titles, no descriptions."""
    _, whole = models_json_schema([(one, "validation") for one in message_types()])
    shapes = {name: _bare(shape) for name, shape in whole["$defs"].items()}
    return json.dumps(shapes, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _bare(shape: dict[str, Any]) -> dict[str, Any]:
    bare = {key: value for key, value in shape.items() if key not in {"title", "description"}}
    if "properties" in bare:
        bare["properties"] = {name: _bare(field) for name, field in bare["properties"].items()}
    return bare


if __name__ == "__main__":
    SCHEMA.write_text(schema(), encoding="utf-8")
