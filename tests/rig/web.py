"""A person's connection to the hub's pages: one socket kept open, so that sending and hearing can be told apart."""

import json
import socket
from dataclasses import dataclass
from typing import Any, Final

from tests.rig.centre import PASSWORD, Centre

ANSWER_LIMIT_S: Final = 12.0
HEAD_ENDS: Final = b"\r\n\r\n"


@dataclass(frozen=True)
class Answer:
    """What was answered. `code`: of the refusal or problem, empty when there is none."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def ok(self) -> bool:
        """Whether it was a yes."""
        return self.status < 300

    @property
    def code(self) -> str:
        """Why not."""
        return "" if self.ok else str(self.body.get("code", self.status))


class Web:
    """Opens at the first request and again after a loss. Raises `OSError` when the hub is not there."""

    def __init__(self, centre: Centre) -> None:
        self._centre = centre
        self._place = ("127.0.0.1", centre.settings.web.port)
        self._host = f"127.0.0.1:{centre.settings.web.port}"
        self._socket: socket.socket | None = None
        self._unread = b""
        self._headers = ""

    def sign_in(self, name: str, password: str = PASSWORD) -> "Web":
        """From here on every request is this person's."""
        answer = self.ask("POST", "/api/v1/session", {"name": name, "password": password})
        assert answer.ok, f"{name} cannot sign in: {answer}"
        cookie = answer.headers["set-cookie"].partition(";")[0]
        self._headers = f"Cookie: {cookie}\r\nX-CSRF-Token: {answer.body['csrf']}\r\n"
        return self

    def twin(self) -> "Web":
        """Another connection of the same browser: the same person, the same session."""
        other = Web(self._centre)
        other._headers = self._headers
        return other

    def change(self, path: str, request_id: str, body: dict[str, Any] | None = None) -> Answer:
        """`POST` under a request id."""
        self.send("POST", path, body, request_id)
        return self.hear()

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Answer:
        """Any other request."""
        self.send(method, path, body)
        return self.hear()

    def __enter__(self) -> "Web":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, method: str, path: str, body: dict[str, Any] | None = None, request_id: str = "") -> None:
        """Sends a request; `hear` brings its answer."""
        content = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: {self._host}\r\nContent-Length: {len(content)}\r\n{self._headers}"
        head += "Content-Type: application/json\r\n" if content else ""
        head += f"Idempotency-Key: {request_id}\r\n" if request_id else ""
        if self._socket is None:
            self._socket = socket.create_connection(self._place, timeout=ANSWER_LIMIT_S)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self._socket.sendall(f"{head}\r\n".encode() + content)
        except OSError:
            self.close()
            raise

    def hear(self) -> Answer:
        """The answer to what was sent. After an `OSError` its outcome is unknown."""
        try:
            while HEAD_ENDS not in self._unread:
                self._read()
            head, _, self._unread = self._unread.partition(HEAD_ENDS)
            first, *lines = head.decode().split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            length = int(headers.get("content-length", 0))
            while len(self._unread) < length:
                self._read()
        except OSError:
            self.close()
            raise
        body, self._unread = self._unread[:length], self._unread[length:]
        if headers.get("connection") == "close":
            self.close()
        said = json.loads(body) if "json" in headers.get("content-type", "") else {"text": body.decode()}
        return Answer(int(first.split()[1]), said, headers)

    def close(self) -> None:
        """Ends the connection; the next request opens another."""
        if self._socket is not None:
            self._socket.close()
        self._socket, self._unread = None, b""

    def _read(self) -> None:
        assert self._socket is not None, "nothing was sent"
        more = self._socket.recv(65536)
        if not more:
            raise ConnectionResetError("the hub has closed the connection")
        self._unread += more


def figure(centre: Centre, name: str) -> float:
    """One of the hub's own figures; 0 while it was never counted."""
    with Web(centre) as web:
        text = web.ask("GET", "/metrics").body["text"]
    return sum(float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(f"{name} "))
