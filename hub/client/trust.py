"""Whom a device believes, and how it shows who it is: TLS with the centre's authority and the device's certificate."""

import ssl

from hub.client.device_file import HubAddress


def trust(hub: HubAddress) -> ssl.SSLContext:
    """For connections to this hub: only the centre's own authority counts."""
    context = ssl.create_default_context(cafile=hub.ca)
    if hub.certificate is not None:
        context.load_cert_chain(hub.certificate, hub.key)
    return context
