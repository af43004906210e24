"""The call board for a TV with a browser of its own."""

from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from hub.contract.names import Id
from hub.contract.refusals import Refusal, RefusalCode
from hub.contract.time import to_rfc3339
from hub.web.access import public
from hub.web.api.events import board_state
from hub.web.asking import look
from hub.web.pages import in_language
from hub.web.parts import KitIn
from hub.web.sights import still
from hub.web.texts import LANGUAGES

router: Final = APIRouter(include_in_schema=False)


@router.get("/board/{board}", dependencies=[public("it hangs on the wall of the hall")])
async def board(
    board: Id, request: Request, kit: KitIn, lang: Annotated[str, Query(max_length=5)] = LANGUAGES[0]
) -> Response:
    """The board's page, right from its first picture on. A TV says nothing of languages: the address does."""
    sight = await look(kit.parts.door, still)
    found = next((one for one in sight.set_up.boards if one.id == board), None)
    if found is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    language = lang if lang in LANGUAGES else LANGUAGES[0]
    return kit.pages.answer(
        request,
        "board/board.html",
        language=language,
        script_texts=("board",),
        centre=in_language(sight.set_up.name, language),
        place=in_language(found.name, language),
        data={
            "board": found.id,
            "state": orjson.loads(board_state(sight, board, kit)),
            "at": to_rfc3339(kit.parts.clock(), kit.parts.zone),
        },
    )
