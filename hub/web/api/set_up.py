"""The centre's set-up as one document."""

from typing import Annotated, Any, Final

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from hub.actions.admin.apply_set_up import SetUpApplied, apply_set_up
from hub.contract.refusals import RefusalCode
from hub.contract.set_up import SetUp
from hub.web.access import Caller, Permission, requires
from hub.web.asking import look
from hub.web.changing import ChangeIn, answers
from hub.web.parts import KitIn
from hub.web.problems import STATUS, Problem, in_words

router: Final = APIRouter(prefix="/api/v1", tags=["set-up"])

DOCUMENT: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/SetUp"}}},
    }
}


@router.get("/set-up", responses=answers(SetUp))
async def set_up(kit: KitIn, _: Annotated[Caller, requires(Permission.SEE_SET_UP)]) -> Response:
    """The whole set-up; its version is the ETag."""
    document, version = await look(kit.parts.door, lambda sight: (sight.set_up, sight.set_up_version))
    text = document.model_dump_json(by_alias=True, indent=2)
    return Response(text, headers={"etag": f'"{version}"'}, media_type="application/json")


@router.put("/set-up", responses=answers(SetUpApplied), openapi_extra=DOCUMENT)
async def put_set_up(
    request: Request, caller: Annotated[Caller, requires(Permission.CHANGE_SET_UP)], change: ChangeIn
) -> Response:
    """Puts a set-up in force at once. A key that is not known is a mistake, so that none is lost silently."""
    try:
        document = SetUp.model_validate_json(await request.body(), extra="forbid")
    except ValidationError as error:
        status = STATUS[RefusalCode.PASSWORD_WEAK]
        return Problem(RefusalCode.MALFORMED, status, in_words(error.errors(include_input=False))).answer()
    return await change.make(caller.asker, lambda work: apply_set_up(work, document), document)
