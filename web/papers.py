"""Papers of a finished exercise, handed out to whom they belong: each request asks the service who that is."""

from collections.abc import Callable
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from domain.refusal import Refused
from services import accounts, after_action
from services.app import App

KINDS: Final[dict[str, tuple[str, Callable[..., bytes]]]] = {
    "pdf": ("application/pdf", after_action.as_pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", after_action.as_docx),
}


class Papers:
    """The routes; made once, with the App."""

    def __init__(self, app: App) -> None:
        self.app = app

    def routes(self) -> list[Route]:
        """All of them."""
        return [Route("/papers/{exercise:int}/after-action.{kind:str}", self.report)]

    async def report(self, request: Request) -> Response:
        """The after-action report; with `?names=no` without names."""
        kind = KINDS.get(request.path_params["kind"])
        who = request.scope["muster_who"]
        person = await to_thread.run_sync(accounts.person_of_session, self.app, who.sid) if who else None
        if kind is None or person is None:
            return PlainTextResponse("Not found", 404)
        media, draw = kind
        exercise, redacted = request.path_params["exercise"], request.query_params.get("names") == "no"
        try:
            paper = await to_thread.run_sync(lambda: draw(self.app, person, exercise, redacted=redacted))
        except Refused as refusal:
            return PlainTextResponse(str(refusal), 404)
        name = f"after-action-{exercise}{'-no-names' if redacted else ''}.{request.path_params['kind']}"
        return Response(
            paper,
            media_type=media,
            headers={"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"},
        )
