"""The server: a port that is taken, certificates, silent connections, a stop that ends."""

import datetime
import socket
import ssl
import time
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hub.web import server as module
from hub.web.events import Broadcast
from hub.web.server import Names, Server, TlsFiles, WebFault
from tests.hub.web.hall import Hall, until


async def hello(scope, receive, send):  # type: ignore[no-untyped-def]
    """The smallest application: it answers once its lifespan has begun."""
    if scope["type"] == "lifespan":
        while (message := await receive())["type"] != "lifespan.shutdown":
            await send({"type": message["type"] + ".complete"})
        await send({"type": "lifespan.shutdown.complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


def serving(**options: object) -> Server:
    """A server of the smallest application."""
    return Server(hello, Broadcast(), **{"listen": "127.0.0.1", "port": 0, **options})  # type: ignore[arg-type]


def test_it_starts_and_stops_and_both_twice() -> None:
    """The port is served in between, and free afterwards."""
    server = serving()
    server.start()
    server.start()
    assert server.alive
    assert httpx.get(f"http://127.0.0.1:{server.port}/").text == "hello"
    server.stop()
    server.stop()
    assert not server.alive
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{server.port}/")


def test_a_taken_port_is_a_fault_with_the_settings_name() -> None:
    """Said before anything is started, and without a trace."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(WebFault, match=f"web.port = {port}: another program"):
            serving(port=port).start()


def test_an_address_of_another_machine_is_a_fault() -> None:
    """192.0.2.1 is nobody's."""
    with pytest.raises(WebFault, match=r'web\.listen = "192\.0\.2\.1": this machine has no such address'):
        serving(listen="192.0.2.1").start()


def test_another_server_names_its_own_settings() -> None:
    """So that nobody changes the pages' port for the devices'."""
    names = Names("broker.listen", "devices.port", "x", "y")
    with pytest.raises(WebFault, match=r'broker\.listen = "192\.0\.2\.1": this machine has no such address'):
        serving(listen="192.0.2.1", names=names).start()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(WebFault, match=f"devices.port = {port}: another program"):
            serving(port=port, names=names).start()


def test_it_listens_on_ipv6_too() -> None:
    """Where the settings say so."""
    server = serving(listen="::1")
    server.start()
    assert httpx.get(f"http://[::1]:{server.port}/").text == "hello"
    server.stop()


def test_an_application_that_does_not_start_is_a_fault() -> None:
    """And leaves no thread behind."""

    async def broken(scope, receive, send):  # type: ignore[no-untyped-def]
        raise RuntimeError("no")

    server = Server(broken, Broadcast(), listen="127.0.0.1", port=0)
    server._configuration(None)
    with pytest.raises(WebFault, match="could not be started"):
        server.start()
    assert not server.alive


def test_who_says_nothing_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection without a whole request head does not hold its place."""
    monkeypatch.setattr(module, "FIRST_WORD_S", 0.3)
    server = serving()
    server.start()
    with socket.create_connection(("127.0.0.1", server.port)) as silent:
        silent.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        silent.settimeout(30)
        started = time.monotonic()
        with pytest.raises(ConnectionResetError):
            silent.recv(1)
        assert time.monotonic() - started > 0.1
    server.stop()


def test_requests_under_way_are_answered_before_the_stop(hall: Hall) -> None:
    """A keep-alive connection that rests does not hold it up."""
    server = hall.serve()
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}") as client:
        assert client.get("/healthz").status_code == 200
        started = time.monotonic()
        server.stop()
        assert time.monotonic() - started < 1.5


# ---------------------------------------------------------------- https


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> TlsFiles:
    """A certificate for loopback that signed itself."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = TlsFiles(folder / "server.pem", folder / "server.key")
    files.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files.key.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files


def test_with_certificates_it_speaks_https_only(tls: TlsFiles) -> None:
    """TLS 1.2 and up; older versions, wrong names, unknown authorities and plain http fail."""
    server = serving(tls=tls)
    server.start()
    context = ssl.create_default_context(cafile=str(tls.certificate))
    assert httpx.get(f"https://localhost:{server.port}/", verify=context).text == "hello"
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"https://localhost:{server.port}/")
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"https://127.0.0.1:{server.port}/", verify=context)
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://localhost:{server.port}/")
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        assert spoken(server.port, tls, version) == version
    assert spoken(server.port, tls, ssl.TLSVersion.TLSv1_1) is None
    server.stop()


def spoken(port: int, tls: TlsFiles, version: ssl.TLSVersion) -> ssl.TLSVersion | None:
    """The version when the server agrees to speak it, else None."""
    context = ssl.create_default_context(cafile=str(tls.certificate))
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning) if version < ssl.TLSVersion.TLSv1_2 else _nothing():
        context.minimum_version = context.maximum_version = version
    try:
        with (
            socket.create_connection(("localhost", port)) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as secure,
        ):
            return version if secure.version() else None
    except (ssl.SSLError, ConnectionResetError):
        return None


def _nothing():  # type: ignore[no-untyped-def]
    from contextlib import nullcontext

    return nullcontext()


def test_certificates_that_do_not_fit_are_a_fault(tls: TlsFiles, tmp_path: Path) -> None:
    """Named with their settings."""
    nonsense = tmp_path / "nonsense.pem"
    nonsense.write_text("x")
    with pytest.raises(WebFault, match=r"web\.certificate = .*nonsense"):
        serving(tls=TlsFiles(nonsense, tls.key)).start()


def test_a_stream_over_https_is_cut_too(hall: Hall, tls: TlsFiles) -> None:
    """The cut goes through the encryption: a listener is gone at once."""
    server = Server(hall.app(), hall.live.events, listen="127.0.0.1", port=0, tls=tls)
    server.start()
    context = ssl.create_default_context(cafile=str(tls.certificate))
    with (
        socket.create_connection(("localhost", server.port)) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secure,
    ):
        secure.sendall(b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        until(lambda: hall.live.events.listeners == 1)
        hall.live.events.run_soon(lambda: [one.drop() for one in hall.live.events._listeners])
        until(lambda: hall.live.events.listeners == 0)
    server.stop()
