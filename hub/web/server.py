"""Runs the pages: uvicorn on a thread of its own, with the limits a hall full of browsers needs."""

import asyncio
import errno
import socket
import ssl
import struct
import threading
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from hub.errors import Fault
from hub.web.events import Broadcast
from hub.web.stream import CONNECTION

MOST_CONNECTIONS: Final = 1000
GRACE_S: Final = 3
FIRST_WORD_S: Final = 15.0
"""How long a connection may stay without a complete request head."""

UNREAD_MS: Final = 10_000
"""How long the other side may leave our bytes without an acknowledgement, or its window closed."""

SEND_BUFFER: Final = 64 * 1024
LINGER_NOT: Final = struct.pack("ii", 1, 0)


class WebFault(Fault):
    """The pages cannot be served. The words name the setting."""


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """The server's certificate with its chain, and its key, as PEM files.

    `clients`: the authority from which each client must have a certificate; None asks nobody for one.
    """

    certificate: Path
    key: Path
    clients: Path | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """What a fault calls the settings of a server."""

    listen: str = "web.listen"
    port: str = "web.port"
    certificate: str = "web.certificate"
    key: str = "web.key"


class Connection(HttpToolsProtocol):
    """One browser's connection: bounded buffers, a limit on silence, and a way to cut it for who streams."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A browser has connected."""
        super().connection_made(transport)
        self._first_word = self.loop.call_later(FIRST_WORD_S, self.cut)
        peer = transport.get_extra_info("socket")
        if peer is not None and peer.family in (socket.AF_INET, socket.AF_INET6):
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_MS)
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)

    def cut(self) -> None:
        """Ends the connection at once; what the kernel still holds for the other side is thrown away."""
        peer = self.transport.get_extra_info("socket")
        if peer is not None and not self.transport.is_closing():
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
        self.transport.abort()

    def on_message_begin(self) -> None:
        """A request begins: whoever answers it may cut the connection, and sees the certificate that was asked for."""
        super().on_message_begin()
        shown = self.transport.get_extra_info("peercert")
        self.scope.setdefault("extensions", {})[CONNECTION] = {"abort": self.cut, "certificate": shown}

    def on_headers_complete(self) -> None:
        """The head of a request is whole."""
        self._first_word.cancel()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """The browser is gone."""
        self._first_word.cancel()
        super().connection_lost(exc)


class Server:
    """`start()` returns when browsers can connect; `stop()` ends open streams first. Both twice are harmless."""

    def __init__(
        self,
        app: Any,
        events: Broadcast,
        *,
        listen: str,
        port: int,
        tls: TlsFiles | None = None,
        names: Names = Names(),
    ) -> None:
        self._events = events
        self._listen = listen
        self._port = port
        self._tls = tls
        self._names = names
        self._context: ssl.SSLContext | None = None
        self._app = app
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._over = threading.Event()
        self._failure: BaseException | None = None

    @property
    def port(self) -> int:
        """Where it listens; the one it was given by the system when asked for port 0."""
        return self._port

    @property
    def alive(self) -> bool:
        """Whether pages are being served."""
        return self._thread is not None and self._thread.is_alive() and not self._over.is_set()

    def start(self, limit_s: float = 15.0) -> None:
        """Takes the port and begins to serve. Raises `WebFault` naming the setting that is at fault."""
        if self._thread is not None:
            return
        self._context = None if self._tls is None else tls_context(self._tls, self._names)
        listening = bound(self._listen, self._port, self._names)
        self._port = listening.getsockname()[1]
        server = uvicorn.Server(self._configuration(self._context))
        ready = threading.Event()
        self._server = server
        self._thread = threading.Thread(target=self._run, args=(server, listening, ready), name="web", daemon=True)
        self._thread.start()
        if not ready.wait(limit_s) or self._failure is not None:
            self.stop()
            raise WebFault(f"the pages could not be started: {self._failure or 'no answer in time'}")

    def stop(self, limit_s: float = GRACE_S + 2.0) -> None:
        """Ends streams, lets answers under way finish, gives the port back."""
        self._events.close()
        if self._server is not None:
            self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(limit_s)

    def renew(self) -> None:
        """Reads the certificate again: whoever connects from now on is shown the new one. Raises `WebFault`."""
        if self._context is not None and self._tls is not None:
            _show(self._context, self._tls, self._names)

    def _configuration(self, context: ssl.SSLContext | None) -> uvicorn.Config:
        return uvicorn.Config(
            self._app,
            http=Connection,
            ws="none",
            loop="uvloop",
            lifespan="on",
            interface="asgi3",
            workers=1,
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=MOST_CONNECTIONS,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=GRACE_S,
            ssl_context_factory=None if context is None else lambda *_: context,
        )

    def _run(self, server: uvicorn.Server, listening: socket.socket, ready: threading.Event) -> None:
        try:
            factory = server.config.get_loop_factory()
            with asyncio.Runner(loop_factory=factory) as runner:
                runner.run(self._serve(server, listening, ready))
        except BaseException as error:  # listed loop: whoever waits for the start is told why it failed
            self._failure = error
        finally:
            self._over.set()
            ready.set()
            listening.close()

    async def _serve(self, server: uvicorn.Server, listening: socket.socket, ready: threading.Event) -> None:
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started and not serving.done():
            await asyncio.sleep(0.01)
        ready.set()
        await serving


def bound(listen: str, port: int, names: Names = Names()) -> socket.socket:
    """A socket at the address of the settings. Raises `WebFault` naming what is wrong with it."""
    host = "127.0.0.1" if listen == "localhost" else listen
    family = socket.AF_INET6 if ip_address(host).version == 6 else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(256)
    except OSError as error:
        listening.close()
        raise WebFault(_why_not(listen, port, names, error)) from error
    listening.setblocking(False)
    return listening


def _why_not(listen: str, port: int, names: Names, error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"{names.port} = {port}: another program already listens there; stop it or choose another port"
        case errno.EADDRNOTAVAIL:
            return f'{names.listen} = "{listen}": this machine has no such address'
        case errno.EACCES:
            return f"{names.port} = {port}: ports below 1024 need a privilege; choose another port"
    return f'{names.listen} = "{listen}", {names.port} = {port}: cannot be used ({error.strerror})'


def tls_context(files: TlsFiles, names: Names = Names()) -> ssl.SSLContext:
    """https from TLS 1.2 up. Raises `WebFault` when the files do not fit."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    _show(context, files, names)
    if files.clients is not None:
        context.load_verify_locations(files.clients)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def _show(context: ssl.SSLContext, files: TlsFiles, names: Names) -> None:
    try:
        context.load_cert_chain(files.certificate, files.key)
    except (OSError, ssl.SSLError) as error:
        raise WebFault(
            f"{names.certificate} = {files.certificate}, {names.key} = {files.key}: cannot be used together ({error})"
        ) from error
