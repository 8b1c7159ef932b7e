"""The server with one more route, for the bench: `POST /bench/send` lets the facilitator improvise without a browser."""

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from streamlit import App

from app import ROOT, around, muster, serve
from services import accounts
from services.live import conduct


async def send(request: Request) -> Response:
    """Send the text of the body to everybody in the exercise."""
    text = (await request.body()).decode()

    def work() -> None:
        person = accounts.person_of_session(muster, request.scope["muster_who"].sid)
        assert person is not None
        conduct.improvise(muster, person, int(request.path_params["exercise"]), text, title="Bench", text=text)

    await to_thread.run_sync(work)
    return Response(status_code=204)


app = App(
    ROOT / "ui" / "frame.py",
    **{**around, "routes": [Route("/bench/send/{exercise:int}", send, methods=["POST"]), *around["routes"]]},
)

if __name__ == "__main__":
    serve(app)
