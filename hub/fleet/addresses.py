"""Under which addresses this machine is reached: what certificates say, and what devices are told."""

import fcntl
import socket
import struct
from ipaddress import ip_address
from typing import Final

ANY: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared, not bound
SIOCGIFADDR: Final = 0x8915


def own_addresses() -> list[str]:
    """The IPv4 addresses of this machine's interfaces, loopback left out. What its name resolves to says little:
    on Debian it is 127.0.1.1.
    """
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _, name in socket.if_nameindex():
            try:
                answer = fcntl.ioctl(asking, SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
            except OSError:
                continue  # an interface without an address
            found.append(socket.inet_ntoa(answer[20:24]))
    return sorted(one for one in set(found) if not ip_address(one).is_loopback)


def reached_at(listen: str, told: str) -> str:
    """Where devices find a server that listens on `listen`. `told`: what the settings say, empty for nothing."""
    if told:
        return told
    if listen in ANY:
        return next(iter(own_addresses()), "127.0.0.1")
    return "127.0.0.1" if listen == "localhost" else listen


def names_and_addresses(listen: str, *reached: str) -> tuple[list[str], list[str]]:
    """Names and addresses that a server's certificate must hold: its own, and those it is `reached` by."""
    own = own_addresses() if listen in ANY else []
    given = [one for one in (listen, *reached) if one and one not in ANY and one != "localhost"]
    addresses = {one for one in given if _is_address(one)} | set(own)
    names = {one for one in given if not _is_address(one)} | {socket.gethostname()}
    return sorted(names), sorted(addresses)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
