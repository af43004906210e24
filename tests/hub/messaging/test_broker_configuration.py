"""What the configuration makes of the real broker: whom it lets in, as whom, and how much it takes."""

import socket
import ssl
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from hub.contract.names import DeviceRole
from hub.contract.topics import MAX_PAYLOAD, ROOT, DeviceIdentity
from hub.fleet.authority import Authority
from hub.messaging.broker import Broker
from hub.messaging.broker_configuration import BrokerLimits, BrokerPlan, configuration, digest, problem

CENTRE = "hoa-sen"
KIOSKS = [DeviceIdentity(f"kiosk-0{number}", DeviceRole.KIOSK) for number in (1, 2)]
PRESENCE = f"{ROOT}/{CENTRE}/devices/kiosk-01/presence"
CONNECT = b"\x10\x0e\x00\x04MQTT\x05\x02\x00\x1e\x00\x00\x01x"
CONNECTED, DISCONNECTED = 0x20, 0xE0
PUBLISH_TO_ALL = b"\x30\x04\x00\x01#\x00"


@pytest.fixture(autouse=True)
def access(broker: Broker) -> None:
    broker.write_access(KIOSKS)


@pytest.fixture
def dial(plan: BrokerPlan) -> Callable[[ssl.SSLContext | None], socket.socket]:
    """Opens a connection to the listener for devices, with TLS if there is a context for it."""

    def dialled(context: ssl.SSLContext | None) -> socket.socket:
        plain = socket.create_connection(("127.0.0.1", plan.port), timeout=5)
        if context is None:
            return plain
        with closing(plain):
            return context.wrap_socket(plain, server_hostname="localhost")

    return dialled


@pytest.fixture
def is_let_in(dial: Callable) -> Callable[[ssl.SSLContext | None], bool]:
    """Whether the broker answers an MQTT connection. With TLS 1.3 a client learns only then that it was refused."""

    def asked(context: ssl.SSLContext | None) -> bool:
        try:
            with closing(dial(context)) as connection:
                connection.sendall(CONNECT)
                return connection.recv(1)[:1] == bytes([CONNECTED])
        except (ssl.SSLError, ConnectionError):
            return False

    return asked


def trusting(authority: Authority) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=authority.directory / "authority.pem")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_device_with_our_certificate_is_let_in(is_let_in: Callable, tls: Callable, version: ssl.TLSVersion) -> None:
    context = tls("kiosk-01")
    context.minimum_version = context.maximum_version = version
    assert is_let_in(context)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_without_a_certificate_nobody_is_let_in(
    is_let_in: Callable, authority: Authority, version: ssl.TLSVersion
) -> None:
    context = trusting(authority)
    context.minimum_version = context.maximum_version = version
    assert not is_let_in(context)


def test_a_certificate_of_another_authority_is_refused(
    is_let_in: Callable, authority: Authority, tmp_path: Path, now: datetime
) -> None:
    """Even one that calls itself by the same names."""
    foreign = Authority.open(tmp_path / "foreign", CENTRE, now)
    foreign.issue_device("kiosk-01", now).write(tmp_path, "kiosk-01")
    context = trusting(authority)
    context.load_cert_chain(tmp_path / "kiosk-01.pem", tmp_path / "kiosk-01.key")
    assert not is_let_in(context)


def test_a_servers_certificate_does_not_make_a_device(
    is_let_in: Callable, authority: Authority, tmp_path: Path, now: datetime
) -> None:
    authority.issue_server([], [], now).write(tmp_path, "server")
    context = trusting(authority)
    context.load_cert_chain(tmp_path / "server.pem", tmp_path / "server.key")
    assert not is_let_in(context)


def test_plain_tcp_is_refused(is_let_in: Callable) -> None:
    assert not is_let_in(None)


def test_tls_1_1_is_refused_by_the_broker(dial: Callable, tls: Callable) -> None:
    """The client here is made willing, so that it is the broker that says no."""
    context = tls("kiosk-01")
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError, match="ALERT_PROTOCOL_VERSION"):
        dial(context)


def test_a_device_refuses_a_broker_of_another_name(plan: BrokerPlan, tls: Callable) -> None:
    with (
        socket.create_connection(("127.0.0.1", plan.port), timeout=5) as plain,
        pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"),
    ):
        tls("kiosk-01").wrap_socket(plain, server_hostname="another-hub")


def test_what_a_device_calls_itself_does_not_count(connect_device: Callable, connect_hub: Callable) -> None:
    """Its name and its rights are those of its certificate, whatever client id it sends."""
    hub, kiosk = connect_hub(), connect_device("kiosk-01", client_id="kiosk-02")
    hub.subscribe("#")
    assert kiosk.publish_and_wait(PRESENCE.replace("kiosk-01", "kiosk-02"), "stolen").is_failure
    assert not kiosk.publish_and_wait(PRESENCE, "own").is_failure
    hub.wait_for_message(PRESENCE, "own")
    assert len(hub.heard()) == 1


def test_a_second_connection_with_the_same_certificate_takes_over(connect_device: Callable) -> None:
    first = connect_device("kiosk-01", client_id="one")
    second = connect_device("kiosk-01", client_id="two")
    first.wait(lambda: first.ended is not None, "the end of the first connection")
    assert first.ended.is_failure
    assert not second.publish_and_wait(PRESENCE).is_failure
    assert second.ended is None


def test_a_client_id_of_another_device_ends_nobodys_connection(connect_device: Callable) -> None:
    first = connect_device("kiosk-01")
    connect_device("kiosk-02", client_id="kiosk-01")
    assert not first.publish_and_wait(PRESENCE).is_failure
    assert first.ended is None


def test_the_largest_payload_of_the_wire_arrives(connect_device: Callable, connect_hub: Callable) -> None:
    hub, kiosk = connect_hub(), connect_device("kiosk-01")
    hub.subscribe("#")
    assert not kiosk.publish_and_wait(PRESENCE, "x" * MAX_PAYLOAD).is_failure
    hub.wait_for_message(PRESENCE, "x" * MAX_PAYLOAD)


def test_an_oversize_packet_ends_only_its_sender(connect_device: Callable, connect_hub: Callable) -> None:
    hub, kiosk, bystander = connect_hub(), connect_device("kiosk-01"), connect_device("kiosk-02")
    hub.subscribe("#")
    kiosk.publish(PRESENCE, b"x" * (1024 * 1024))
    kiosk.wait(lambda: kiosk.ended is not None, "the end of the connection")
    theirs = PRESENCE.replace("kiosk-01", "kiosk-02")
    assert not bystander.publish_and_wait(theirs, "here").is_failure
    hub.wait_for_message(theirs, "here")
    assert hub.heard() == {(theirs, "here")}


def test_publishing_to_a_wildcard_ends_the_connection(dial: Callable, tls: Callable, connect_hub: Callable) -> None:
    hub = connect_hub()
    hub.subscribe("#")
    with closing(dial(tls("kiosk-01"))) as connection:
        connection.sendall(CONNECT)
        answer = connection.recv(4096)
        connection.sendall(PUBLISH_TO_ALL)
        assert answer[0] == CONNECTED
        assert connection.recv(1) in (b"", bytes([DISCONNECTED]))
    hub.subscribe("nothing")
    assert hub.heard() == set()


def test_connections_are_limited(
    own_plan: BrokerPlan, broker_of: Callable, connect_device: Callable, tls: Callable
) -> None:
    """The hub's own link does not count."""
    plan = replace(own_plan, limits=BrokerLimits(connections=1))
    broker = broker_of(plan)
    broker.ensure()
    connect_device("kiosk-01", at=plan)
    with (
        socket.create_connection(("127.0.0.1", plan.port), timeout=5) as plain,
        pytest.raises((ssl.SSLError, ConnectionError)),
    ):
        tls("kiosk-02").wrap_socket(plain, server_hostname="localhost")
    broker.reload()
    assert broker.alive()


@pytest.fixture
def lost(authority: Authority, tmp_path: Path, now: datetime) -> tuple[str, ssl.SSLContext]:
    """A certificate of kiosk-01 that somebody has carried away: its serial number, and TLS with it."""
    certificate = authority.issue_device("kiosk-01", now)
    certificate.write(tmp_path, "lost")
    context = trusting(authority)
    context.load_cert_chain(tmp_path / "lost.pem", tmp_path / "lost.key")
    return certificate.serial, context


def test_a_revoked_certificate_is_refused_after_a_reload(
    broker: Broker, authority: Authority, lost: tuple, tls: Callable, is_let_in: Callable, now: datetime
) -> None:
    """Others are not, and the device itself gets in again with a new certificate of the same name."""
    serial, context = lost
    assert is_let_in(context)
    authority.revoke(serial, now)
    broker.reload()
    assert not is_let_in(context)
    assert is_let_in(tls("kiosk-01"))
    assert is_let_in(tls("kiosk-02"))


def test_a_revoked_certificate_is_refused_by_a_new_broker(
    own_plan: BrokerPlan, broker_of: Callable, authority: Authority, lost: tuple, now: datetime
) -> None:
    serial, context = lost
    authority.revoke(serial, now)
    broker_of(own_plan).ensure()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with (
        socket.create_connection(("127.0.0.1", own_plan.port), timeout=5) as plain,
        pytest.raises(ssl.SSLError, match="ALERT_CERTIFICATE_REVOKED"),
    ):
        context.wrap_socket(plain, server_hostname="localhost")


def test_a_revoked_certificate_cannot_resume_an_earlier_session(
    broker: Broker, authority: Authority, plan: BrokerPlan, lost: tuple, now: datetime
) -> None:
    """TLS does not look at certificates again when a session is resumed; a reload forgets the sessions."""
    serial, context = lost
    context.maximum_version = ssl.TLSVersion.TLSv1_2

    def resume(session: ssl.SSLSession | None) -> tuple[bool, ssl.SSLSession]:
        with (
            socket.create_connection(("127.0.0.1", plan.port), timeout=5) as plain,
            context.wrap_socket(plain, server_hostname="localhost", session=session) as connection,
        ):
            return connection.session_reused, connection.session

    _, session = resume(None)
    assert resume(session)[0]
    authority.revoke(serial, now)
    broker.reload()
    with pytest.raises(ssl.SSLError, match="ALERT_CERTIFICATE_REVOKED"):
        resume(session)


def test_a_standing_connection_stays_and_may_do_nothing_once_unlisted(broker: Broker, connect_device: Callable) -> None:
    kiosk = connect_device("kiosk-01")
    broker.write_access(KIOSKS[1:])
    assert kiosk.publish_and_wait(PRESENCE).is_failure
    assert kiosk.ended is None


def test_there_are_two_listeners_and_no_other(plan: BrokerPlan) -> None:
    lines = configuration(plan, user=None).splitlines()
    assert [line for line in lines if line.startswith(("listener", "port", "protocol", "bind"))] == [
        f"listener {plan.port} 127.0.0.1",
        "listener 0 broker.sock",
    ]


def test_a_socket_elsewhere_is_named_in_full(plan: BrokerPlan) -> None:
    assert "listener 0 /run/motcua/hub.sock\n" in configuration(
        replace(plan, socket=Path("/run/motcua/hub.sock")), user=None
    )


def test_the_digest_changes_with_all_that_needs_a_restart(plan: BrokerPlan, tmp_path: Path) -> None:
    program, certificate = tmp_path / "mosquitto", tmp_path / "hub.pem"
    program.write_text("1")
    certificate.write_text("1")
    plan = replace(plan, certificate=certificate)
    seen = {digest(plan, "a", program), digest(plan, "b", program)}
    certificate.write_text("2")
    seen.add(digest(plan, "a", program))
    program.write_text("another")
    seen.add(digest(plan, "a", program))
    assert len(seen) == 4
    assert digest(plan, "a", program) in seen


def test_a_socket_path_is_measured_in_bytes(plan: BrokerPlan) -> None:
    """Letters with marks take two or three."""
    longest = Path("/") / ("a" * 106)
    assert problem(replace(plan, socket=longest)) is None
    assert "[broker] socket" in (problem(replace(plan, socket=Path(f"{longest}a"))) or "")
    assert "[broker] socket" in (problem(replace(plan, socket=Path("/") / ("ầ" * 40))) or "")


def test_a_socket_path_outside_the_directory_has_no_space(plan: BrokerPlan) -> None:
    assert "[broker] socket" in (problem(replace(plan, socket=Path("/run/two words"))) or "")
    assert problem(replace(plan, socket=plan.directory / "two")) is None
