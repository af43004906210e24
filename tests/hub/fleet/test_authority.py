"""The certificate authority: made once, opened ever after, and what its certificates are good for."""

import shutil
import ssl
import stat
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hub.errors import AuthorityFault
from hub.fleet.authority import (
    AUTHORITY_FILE,
    EARLIEST_NOW,
    KEY_FILE,
    NOT_BEFORE,
    REVOKED_FILE,
    Authority,
    Certificate,
)

CENTRE = "hoa-sen"
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
YEAR = timedelta(days=365)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "data" / "authority"


@pytest.fixture
def authority(directory: Path) -> Authority:
    return Authority.open(directory, CENTRE, NOW)


def parsed(certificate: Certificate) -> x509.Certificate:
    return x509.load_pem_x509_certificate(certificate.certificate)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def handshake(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> ssl.SSLObject:
    """A TLS handshake in memory; returns the server's side. Raises what either side objects to."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    serving = server.wrap_bio(to_server, to_client, server_side=True)
    asking = client.wrap_bio(to_client, to_server, server_hostname=name)
    waiting = [asking, serving]
    for _ in range(10):
        for side in tuple(waiting):
            try:
                side.do_handshake()
                waiting.remove(side)
            except ssl.SSLWantReadError:
                pass
    assert not waiting
    return serving


def contexts(authority: Authority, server: Certificate, device: Certificate, directory: Path) -> tuple:
    """TLS as the broker and a device use it."""
    directory.mkdir(exist_ok=True)
    server.write(directory, "server")
    device.write(directory, "device")
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=directory / AUTHORITY_FILE)
    serving.load_cert_chain(directory / "server.pem", directory / "server.key")
    serving.load_verify_locations(authority.revoked_file)
    serving.verify_mode, serving.verify_flags = ssl.CERT_REQUIRED, ssl.VERIFY_CRL_CHECK_LEAF
    asking = ssl.create_default_context(cafile=directory / AUTHORITY_FILE)
    asking.load_cert_chain(directory / "device.pem", directory / "device.key")
    return serving, asking


# ---------------------------------------------------------------- made and opened


def test_it_is_made_at_first_use_and_the_same_ever_after(authority: Authority, directory: Path) -> None:
    again = Authority.open(directory, CENTRE, NOW + YEAR)
    assert again.certificate == authority.certificate
    assert again.key.public_key() == authority.key.public_key()


def test_its_files_are_private(authority: Authority, directory: Path) -> None:
    assert mode(directory) == 0o700
    assert mode(directory / KEY_FILE) == 0o600
    assert [path.name for path in directory.parent.iterdir()] == [directory.name]


def test_an_empty_directory_will_do(directory: Path) -> None:
    directory.mkdir(parents=True, mode=0o755)
    Authority.open(directory, CENTRE, NOW)
    assert mode(directory) == 0o700


def test_it_is_an_authority_for_certificates_only_and_outlives_all_devices(authority: Authority) -> None:
    constraints = authority.certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    assert constraints.critical
    assert constraints.value == x509.BasicConstraints(ca=True, path_length=0)
    assert isinstance(authority.key.curve, ec.SECP256R1)
    assert authority.certificate.not_valid_after_utc > NOW + 10 * YEAR


def test_what_an_interrupted_first_use_has_left_does_not_matter(directory: Path) -> None:
    unfinished = directory.with_name("authority.unfinished")
    unfinished.mkdir(parents=True)
    (unfinished / KEY_FILE).write_text("half")
    Authority.open(directory, CENTRE, NOW)
    assert not unfinished.exists()
    Authority.open(directory, CENTRE, NOW)


@pytest.mark.parametrize("name", [AUTHORITY_FILE, KEY_FILE, REVOKED_FILE])
def test_a_missing_part_is_named_and_never_made_anew(authority: Authority, directory: Path, name: str) -> None:
    (directory / name).unlink()
    with pytest.raises(AuthorityFault, match=f"lacks {name}.*backup"):
        Authority.open(directory, CENTRE, NOW)
    assert not (directory / name).exists()


@pytest.mark.parametrize("name", [AUTHORITY_FILE, KEY_FILE, REVOKED_FILE])
@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xff\x00"])
def test_a_damaged_part_is_a_fault(authority: Authority, directory: Path, name: str, content: bytes) -> None:
    (directory / name).write_bytes(content)
    with pytest.raises(AuthorityFault, match=r"damaged.*backup"):
        Authority.open(directory, CENTRE, NOW)
    assert (directory / name).read_bytes() == content


@pytest.mark.parametrize("name", [AUTHORITY_FILE, KEY_FILE, REVOKED_FILE])
def test_a_part_of_another_authority_is_a_fault(
    authority: Authority, directory: Path, name: str, tmp_path: Path
) -> None:
    other = Authority.open(tmp_path / "other", CENTRE, NOW)
    shutil.copyfile(other.directory / name, directory / name)
    with pytest.raises(AuthorityFault, match="damaged"):
        Authority.open(directory, CENTRE, NOW)


def test_another_centres_authority_is_a_fault(authority: Authority, directory: Path) -> None:
    with pytest.raises(AuthorityFault, match=r"'hoa-mai'.*\[centre\] id"):
        Authority.open(directory, "hoa-mai", NOW)


def test_a_place_where_it_cannot_be_made_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(AuthorityFault, match="can be made"):
        Authority.open(tmp_path / "file" / "authority", CENTRE, NOW)


# ---------------------------------------------------------------- certificates


def test_a_devices_certificate_bears_its_id(authority: Authority) -> None:
    certificate = authority.issue_device("kiosk-01", NOW)
    signed = parsed(certificate)
    assert [name.value for name in signed.subject.get_attributes_for_oid(NameOID.COMMON_NAME)] == ["kiosk-01"]
    usage = signed.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert not signed.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert certificate.not_after == signed.not_valid_after_utc == NOW + YEAR
    assert certificate.serial == f"{signed.serial_number:x}"
    signed.verify_directly_issued_by(authority.certificate)


@pytest.mark.parametrize("name", ["", "Kiosk", "kiosk 1", "kiosk-01\n", "#", "a" * 33])
def test_only_ids_get_a_certificate(authority: Authority, name: str) -> None:
    with pytest.raises(ValueError, match="not the id"):
        authority.issue_device(name, NOW)


def test_no_two_certificates_are_alike(authority: Authority) -> None:
    first, second = (authority.issue_device("kiosk-01", NOW) for _ in range(2))
    assert first.serial != second.serial
    assert first.fingerprint != second.fingerprint
    assert first.key != second.key


def test_a_servers_certificate_has_its_names_and_loopback(authority: Authority) -> None:
    certificate = authority.issue_server(["hub.example.vn", "localhost"], ["10.0.0.5"], NOW)
    names = parsed(certificate).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost", "hub.example.vn"]
    assert set(names.get_values_for_type(x509.IPAddress)) == {*map(ip_address, ("127.0.0.1", "::1", "10.0.0.5"))}


def test_a_clock_without_battery_does_not_matter(authority: Authority) -> None:
    """A device that boots in 1970 accepts the hub, and a hub that does issues no certificate that is over by now."""
    booted = datetime(1970, 1, 1, 0, 0, 30, tzinfo=UTC)
    made_then = authority.issue_server([], [], booted)
    for certificate in (authority.certificate, parsed(made_then), parsed(authority.issue_device("kiosk-01", NOW))):
        assert certificate.not_valid_before_utc == NOT_BEFORE < booted
    assert made_then.not_after == EARLIEST_NOW + YEAR


def test_hub_and_device_know_each_other(authority: Authority, tmp_path: Path) -> None:
    server, device = authority.issue_server([], ["10.0.0.5"], NOW), authority.issue_device("kiosk-01", NOW)
    serving, asking = contexts(authority, server, device, tmp_path)
    for name in ("localhost", "127.0.0.1", "::1", "10.0.0.5"):
        peer = handshake(serving, asking, name).getpeercert()
        assert peer["subject"] == ((("commonName", "kiosk-01"),),)


def test_a_device_refuses_a_hub_of_another_name(authority: Authority, tmp_path: Path) -> None:
    device = authority.issue_device("kiosk-01", NOW)
    serving, asking = contexts(authority, authority.issue_server([], [], NOW), device, tmp_path)
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        handshake(serving, asking, "another-hub")


def test_a_device_cannot_pose_as_the_hub(authority: Authority, tmp_path: Path) -> None:
    device = authority.issue_device("localhost", NOW)
    serving, asking = contexts(authority, device, device, tmp_path)
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(serving, asking, "localhost")


def test_the_key_is_not_shown(authority: Authority) -> None:
    certificate = authority.issue_device("kiosk-01", NOW)
    secret = authority.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    assert "PRIVATE" not in repr(certificate)
    assert certificate.key.decode() not in repr(certificate)
    assert secret.decode() not in repr(authority)


# ---------------------------------------------------------------- on disk


def test_what_is_written_is_read_back(authority: Authority, tmp_path: Path) -> None:
    certificate = authority.issue_device("kiosk-01", NOW)
    certificate.write(tmp_path, "kiosk-01")
    assert Certificate.read(tmp_path, "kiosk-01") == certificate
    assert mode(tmp_path / "kiosk-01.key") == 0o600
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == [
        "authority.pem",
        "kiosk-01.key",
        "kiosk-01.pem",
    ]


@pytest.mark.parametrize("name", ["kiosk-01.pem", "kiosk-01.key", AUTHORITY_FILE])
def test_parts_that_do_not_fit_are_not_read(authority: Authority, tmp_path: Path, name: str) -> None:
    authority.issue_device("kiosk-01", NOW).write(tmp_path, "kiosk-01")
    other = Authority.open(tmp_path / "other", CENTRE, NOW)
    other.issue_device("kiosk-01", NOW).write(tmp_path / "other", "kiosk-01")
    shutil.copyfile(tmp_path / "other" / name, tmp_path / name)
    with pytest.raises(AuthorityFault, match="kiosk-01"):
        Certificate.read(tmp_path, "kiosk-01")


def test_a_kept_server_certificate_stays_until_its_last_month(authority: Authority, tmp_path: Path) -> None:
    first = authority.keep_server(tmp_path, "hub", ["hub"], [], NOW)
    assert authority.keep_server(tmp_path, "hub", ["hub"], [], NOW + timedelta(days=335)) == first
    renewed_at = NOW + timedelta(days=335, seconds=1)
    second = authority.keep_server(tmp_path, "hub", ["hub"], [], renewed_at)
    assert second.not_after == renewed_at + YEAR
    assert Certificate.read(tmp_path, "hub") == second


def test_a_kept_server_certificate_is_made_anew_for_other_names(authority: Authority, tmp_path: Path) -> None:
    first = authority.keep_server(tmp_path, "hub", ["hub"], [], NOW)
    second = authority.keep_server(tmp_path, "hub", ["hub"], ["10.0.0.5"], NOW)
    assert second != first
    assert authority.keep_server(tmp_path, "hub", ["hub"], ["10.0.0.5"], NOW) == second


@pytest.mark.parametrize("name", ["hub.pem", "hub.key", AUTHORITY_FILE])
def test_a_damaged_server_certificate_is_made_anew(authority: Authority, tmp_path: Path, name: str) -> None:
    authority.keep_server(tmp_path, "hub", [], [], NOW)
    (tmp_path / name).write_bytes(b"half")
    certificate = authority.keep_server(tmp_path, "hub", [], [], NOW)
    assert Certificate.read(tmp_path, "hub") == certificate


def test_a_server_certificate_of_another_authority_is_made_anew(authority: Authority, tmp_path: Path) -> None:
    Authority.open(tmp_path / "other", CENTRE, NOW).keep_server(tmp_path, "hub", [], [], NOW)
    assert authority.keep_server(tmp_path, "hub", [], [], NOW).authority == authority.issue_device("x", NOW).authority


# ---------------------------------------------------------------- revoked


def test_a_revoked_certificate_is_refused_and_others_are_not(authority: Authority, tmp_path: Path) -> None:
    server = authority.issue_server([], [], NOW)
    lost, other = authority.issue_device("kiosk-01", NOW), authority.issue_device("kiosk-01", NOW)
    authority.revoke(lost.serial, NOW)
    serving, asking = contexts(authority, server, lost, tmp_path / "lost")
    with pytest.raises(ssl.SSLCertVerificationError, match="certificate revoked"):
        handshake(serving, asking, "localhost")
    handshake(*contexts(authority, server, other, tmp_path / "other"), "localhost")


def test_what_is_revoked_stays_so(authority: Authority, directory: Path) -> None:
    serials = [authority.issue_device("kiosk-01", NOW).serial for _ in range(3)]
    authority.revoke(serials[0], NOW)
    authority.revoke(serials[1], NOW)
    authority.revoke(serials[1], NOW)
    opened = Authority.open(directory, CENTRE, NOW)
    assert [opened.is_revoked(serial) for serial in serials] == [True, True, False]


def test_each_list_is_later_than_the_one_before_and_never_of_the_future(authority: Authority) -> None:
    def dates() -> tuple[datetime, datetime]:
        revocations = x509.load_pem_x509_crl(authority.revoked_file.read_bytes())
        return revocations.last_update_utc, revocations.next_update_utc

    first, _ = dates()
    authority.revoke(authority.issue_device("kiosk-01", NOW).serial, NOW)
    second, until = dates()
    assert NOT_BEFORE == first < second < NOT_BEFORE + timedelta(minutes=1)
    assert until == authority.certificate.not_valid_after_utc
