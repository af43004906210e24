"""Makes pages out of templates: every value escaped, every text from the catalogue of the reader's language."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import jinja2
import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse

from hub.contract.names import Text
from hub.web.problems import Problem
from hub.web.texts import COOKIE, LANGUAGES, Texts, language_of

A_YEAR_S: Final = 365 * 86400


class Pages:
    """Templates stand beside their Python files: `staff/officer.html`."""

    def __init__(self) -> None:
        self.texts = Texts.load()
        self._templates = jinja2.Environment(
            loader=jinja2.PackageLoader("hub.web", ""),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def answer(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        language: str | None = None,
        script_texts: tuple[str, ...] = (),
        data: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> HTMLResponse:
        """A page in the reader's language.

        `script_texts`: groups of texts, and `data`: what else the page's script needs to begin.
        """
        spoken = language or language_of(request)
        texts = self.texts.of(spoken, *script_texts) if script_texts else {}
        for_script = {"language": spoken, "texts": texts, **(data or {})}
        html = self._templates.get_template(template).render(
            t=self.texts.of(spoken),
            lang=spoken,
            other=next(one for one in LANGUAGES if one != spoken),
            contrast_media="all" if _wants_contrast(request) else "(prefers-contrast: more)",
            page_data=orjson.dumps(for_script).decode(),
            **values,
        )
        answer = HTMLResponse(html, status, headers={"cache-control": "no-store"})
        if request.query_params.get("lang") in LANGUAGES:
            secure = request.url.scheme == "https"
            answer.set_cookie(COOKIE, spoken, max_age=A_YEAR_S, samesite="lax", httponly=True, secure=secure)
        return answer

    def trouble(self, request: Request, problem: Problem) -> HTMLResponse:
        """The page for when something cannot be done."""
        language = language_of(request)
        citizen = request.url.path.startswith("/t/")
        unknown = citizen and problem.status is HTTPStatus.NOT_FOUND
        said = self.texts.of(language)["follow.unknown"] if unknown else in_language(problem.message, language)
        answer = self.answer(
            request,
            "site/problem.html",
            status=problem.status,
            said=said,
            code=problem.code.value,
            home=not citizen,
        )
        answer.headers.update(problem.headers)
        return answer


def _wants_contrast(request: Request) -> bool:
    return request.query_params.get("contrast") == "high"


def in_language(text: Text, language: str) -> str:
    """A text in `language`, else in the first one there is."""
    return text.get(language) or next(iter(text.values()), "")
