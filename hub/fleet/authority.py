"""The centre's own certificate authority: it signs the broker's certificate and one for each device."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final, Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hub.contract.names import ID_PATTERN
from hub.errors import AuthorityFault
from hub.ground.files import flush_directory, replace_file

AUTHORITY_FILE: Final = "authority.pem"
KEY_FILE: Final = "authority.key"
REVOKED_FILE: Final = "revoked.pem"

AUTHORITY_LIFE: Final = timedelta(days=30 * 365)
CERTIFICATE_LIFE: Final = timedelta(days=365)
RENEW_BEFORE: Final = timedelta(days=30)

NOT_BEFORE: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""All our certificates begin here. A Raspberry Pi has no clock battery: it boots in 1970, or when it was last shut
down, and gets the time from the network later. With an ordinary beginning it would refuse the hub, and the hub it,
until then. A late beginning protects nothing here: a certificate is of use only to the one who has its key."""

EARLIEST_NOW: Final = datetime(2026, 11, 1, tzinfo=UTC)
"""When this was written. A clock that says less is wrong, and no certificate shall end a year after 1970."""

LOOPBACK: Final = (
    x509.DNSName("localhost"),
    x509.IPAddress(ip_address("127.0.0.1")),
    x509.IPAddress(ip_address("::1")),
)
UNREADABLE: Final = (OSError, ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm, x509.InvalidVersion)
"""What reading a damaged file raises."""

REMEDY: Final = (
    "Put that directory back from a backup of the data directory. Only if there is none: move it away, start the hub"
    " again and enrol all devices again."
)


@dataclass(frozen=True)
class Certificate:
    """What a server or a device needs to prove who it is and to know its own kind. All of it is PEM.

    `serial` (hex, as `openssl` shows it) is what `Authority.revoke` wants; `fingerprint` is the SHA-256 that people
    compare. The key is never shown.
    """

    certificate: bytes
    key: bytes = field(repr=False)
    authority: bytes
    serial: str
    fingerprint: str
    not_after: datetime

    @classmethod
    def of(cls, signed: x509.Certificate, *, key: bytes, authority: bytes) -> Self:
        """`signed` with its key and its authority; the rest is read from it."""
        return cls(
            certificate=signed.public_bytes(serialization.Encoding.PEM),
            key=key,
            authority=authority,
            serial=f"{signed.serial_number:x}",
            fingerprint=signed.fingerprint(hashes.SHA256()).hex(),
            not_after=signed.not_valid_after_utc,
        )

    @classmethod
    def read(cls, directory: Path, stem: str) -> Self:
        """What `write` has left. Raises `AuthorityFault` when a part is missing, damaged or not of the others."""
        try:
            key = (directory / f"{stem}.key").read_bytes()
            authority = (directory / AUTHORITY_FILE).read_bytes()
            signed = x509.load_pem_x509_certificate((directory / f"{stem}.pem").read_bytes())
            signed.verify_directly_issued_by(x509.load_pem_x509_certificate(authority))
            _check_pair(_private_key(key), signed)
        except UNREADABLE as cause:
            raise AuthorityFault(f"The certificate {stem} in {directory} cannot be used: {cause!r}.") from cause
        return cls.of(signed, key=key, authority=authority)

    def write(self, directory: Path, stem: str) -> None:
        """Leave `<stem>.key` (0600), `authority.pem` and `<stem>.pem` in `directory`, each of them whole or not at all.

        The certificate goes last: a power cut in between leaves a pair that does not fit, which `read` refuses.
        """
        replace_file(directory / f"{stem}.key", self.key, mode=0o600)
        replace_file(directory / AUTHORITY_FILE, self.authority, mode=0o644)
        replace_file(directory / f"{stem}.pem", self.certificate, mode=0o644)


@dataclass(frozen=True)
class Authority:
    """The key that makes a device a device of this centre, and the list of those that no longer are.

    What is lost here cannot be replaced: with a new authority every device has to be enrolled again. So `open` never
    makes a new one where there are remains of an old one.
    """

    directory: Path
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def open(cls, directory: Path, centre: str, now: datetime) -> Self:
        """The authority of `centre` kept in `directory` (0700), made at first use.

        Raises `AuthorityFault` when a part is missing or damaged, or when it is another centre's.
        """
        try:
            if not directory.exists() or not any(directory.iterdir()):
                _create(directory, centre, now)
        except OSError as cause:
            raise AuthorityFault(f"No certificate authority can be made in {directory}: {cause}.") from cause
        missing = [name for name in (AUTHORITY_FILE, KEY_FILE, REVOKED_FILE) if not (directory / name).exists()]
        if missing:
            raise AuthorityFault(f"The certificate authority in {directory} lacks {', '.join(missing)}. {REMEDY}")
        authority = cls._read(directory)
        if authority.certificate.subject != _authority_name(centre):
            raise AuthorityFault(
                f"The certificate authority in {directory} is not of centre {centre!r}: it says"
                f" {authority.certificate.subject.rfc4514_string()!r}. Set [centre] id back, or move that directory"
                " away and enrol all devices again."
            )
        return authority

    @classmethod
    def _read(cls, directory: Path) -> Self:
        try:
            certificate = x509.load_pem_x509_certificate((directory / AUTHORITY_FILE).read_bytes())
            key = _private_key((directory / KEY_FILE).read_bytes())
            _check_pair(key, certificate)
            if not _read_revocations(directory).is_signature_valid(key.public_key()):
                raise ValueError(f"{REVOKED_FILE} was not signed by this authority")
        except UNREADABLE as cause:
            raise AuthorityFault(f"The certificate authority in {directory} is damaged: {cause!r}. {REMEDY}") from cause
        return cls(directory, certificate, key)

    @property
    def revoked_file(self) -> Path:
        """The revocation list, for the broker's `crlfile`."""
        return self.directory / REVOKED_FILE

    def issue_server(self, names: Sequence[str], addresses: Sequence[str], now: datetime) -> Certificate:
        """A certificate for a server reached under `names` and `addresses`, and on this machine itself."""
        reached = [*map(x509.DNSName, names), *(x509.IPAddress(ip_address(each)) for each in addresses)]
        return self._issue("hub", ExtendedKeyUsageOID.SERVER_AUTH, list(dict.fromkeys([*LOOPBACK, *reached])), now)

    def issue_device(self, device_id: str, now: datetime) -> Certificate:
        """A certificate for one device. Its common name is the device's id, which the broker takes as its user name."""
        if not re.fullmatch(ID_PATTERN, device_id):
            raise ValueError(f"{device_id!r} is not the id of a device")
        return self._issue(device_id, ExtendedKeyUsageOID.CLIENT_AUTH, [], now)

    def keep_server(
        self, directory: Path, stem: str, names: Sequence[str], addresses: Sequence[str], now: datetime
    ) -> Certificate:
        """The server certificate kept in `directory`, made anew when it is time.

        That is when none is there, when it is damaged, another authority's or for other names, and when it has less
        than 30 days to live. Otherwise it stays, so that a restarted hub finds its broker unchanged.
        """
        wanted = self.issue_server(names, addresses, now)
        try:
            kept = Certificate.read(directory, stem)
        except AuthorityFault:
            kept = None
        if kept and _will_do(kept, wanted, now):
            return kept
        wanted.write(directory, stem)
        return wanted

    def revoke(self, serial: str, now: datetime) -> None:
        """Declare the certificate with this serial number void for good. Twice is harmless.

        This writes the revocation list; the broker reads it when it starts and when it is told to reload
        (`Broker.write_access`, `Broker.reload`). From then on it refuses every new connection with that certificate. A
        connection that stands is not cut: it is the access list that takes a device's rights away at once, so take it
        off that list too.
        """
        number, known = int(serial, 16), _read_revocations(self.directory)
        if known.get_revoked_certificate_by_serial_number(number) is not None:
            return
        entry = x509.RevokedCertificateBuilder().serial_number(number).revocation_date(now).build()
        content = _sign_revocations(self.certificate, self.key, [*known, entry])
        replace_file(self.revoked_file, content, mode=0o644)

    def is_revoked(self, serial: str) -> bool:
        """Whether `revoke` was called for this serial number."""
        return _read_revocations(self.directory).get_revoked_certificate_by_serial_number(int(serial, 16)) is not None

    def _issue(
        self, common_name: str, use: x509.ObjectIdentifier, names: Sequence[x509.GeneralName], now: datetime
    ) -> Certificate:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = (
            _builder(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)]), key, now, CERTIFICATE_LIFE)
            .issuer_name(self.certificate.subject)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([use]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return Certificate.of(
            builder.sign(self.key, hashes.SHA256()),
            key=_key_pem(key),
            authority=self.certificate.public_bytes(serialization.Encoding.PEM),
        )


def _create(directory: Path, centre: str, now: datetime) -> None:
    """Make a new authority beside `directory` and move it there as a whole: a power cut leaves none or all of it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _authority_name(centre)
    certificate = (
        _builder(name, key, now, AUTHORITY_LIFE)
        .issuer_name(name)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    unfinished = directory.with_name(f"{directory.name}.unfinished")
    directory.parent.mkdir(parents=True, exist_ok=True)
    unfinished.mkdir(mode=0o700, exist_ok=True)
    unfinished.chmod(0o700)
    replace_file(unfinished / KEY_FILE, _key_pem(key), mode=0o600)
    replace_file(unfinished / AUTHORITY_FILE, certificate.public_bytes(serialization.Encoding.PEM), mode=0o644)
    replace_file(unfinished / REVOKED_FILE, _sign_revocations(certificate, key, []), mode=0o644)
    unfinished.replace(directory)
    flush_directory(directory.parent)


def _authority_name(centre: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Motcua {centre}")])


def _builder(
    name: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    """What all our certificates have in common."""
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOT_BEFORE)
        .not_valid_after(max(now, EARLIEST_NOW) + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _sign_revocations(
    authority: x509.Certificate, key: ec.EllipticCurvePrivateKey, entries: Sequence[x509.RevokedCertificate]
) -> bytes:
    """The revocation list as PEM. It is valid as long as the authority: the broker refuses everybody when it is not.

    Its date is its length in seconds after `NOT_BEFORE`. So a list is never of the future to a wrong clock, and always
    later than the list before it, by which OpenSSL prefers it.
    """
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.subject)
        .last_update(NOT_BEFORE + timedelta(seconds=len(entries)))
        .next_update(authority.not_valid_after_utc)
        .add_extension(x509.CRLNumber(len(entries)), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
    )
    for entry in entries:
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def _read_revocations(directory: Path) -> x509.CertificateRevocationList:
    return x509.load_pem_x509_crl((directory / REVOKED_FILE).read_bytes())


def _will_do(kept: Certificate, wanted: Certificate, now: datetime) -> bool:
    same = kept.authority == wanted.authority and _names(kept) == _names(wanted)
    return same and kept.not_after - now >= RENEW_BEFORE


def _names(server: Certificate) -> x509.SubjectAlternativeName:
    extensions = x509.load_pem_x509_certificate(server.certificate).extensions
    return extensions.get_extension_for_class(x509.SubjectAlternativeName).value


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _private_key(pem: bytes) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(pem, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("the key is not of the kind this authority makes")
    return key


def _check_pair(key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
    if key.public_key() != certificate.public_key():
        raise ValueError("the key and the certificate do not belong together")
