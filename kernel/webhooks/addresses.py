"""Where messages may go: to addresses of the open internet, and to others only where a setting names them."""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

PORTS = {"http": 80, "https": 443}
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class AddressRefused(Exception):
    """An address that messages do not go to; says why in words."""


@dataclass(frozen=True)
class Place:
    """Where a message goes: the checked address to connect to, and the host and path to ask for."""

    scheme: str
    host: str
    port: int
    path: str
    address: str

    @property
    def host_header(self) -> str:
        """The host as HTTP names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def check_url(url: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and path of a URL that messages may go to. Raises AddressRefused."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        raise AddressRefused(_("This is not a web address.")) from None
    if parts.scheme not in PORTS or not host:
        raise AddressRefused(_("Give an address that begins with https://."))
    if parts.username is not None or parts.password is not None:
        raise AddressRefused(_("Leave user and password out of the address; messages are signed."))
    if parts.scheme == "http" and not is_named(host):
        raise AddressRefused(_("Give an address that begins with https://: messages may not be read on the way."))
    literal = as_address(host)
    if literal is not None:
        check_address(literal, host)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, host, port, path


def find_place(url: str) -> Place:
    """Look the host up and check every address it has; what was checked is what is connected to.

    Raises AddressRefused, and OSError where the host is unknown.
    """
    scheme, host, port, path = check_url(url)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        check_address(ipaddress.ip_address(address), host)
    return Place(scheme, host, port, path, addresses[0])


def check_address(address: Address, host: str) -> None:
    """Refuse loopback, link-local, private and other addresses that are not of the open internet."""
    if not is_open(address) and not is_named(host):
        raise AddressRefused(_("%(host)s is not an address of the open internet.") % {"host": host})


def is_named(host: str) -> bool:
    """Whether WEBHOOK_PRIVATE_HOSTS names a host."""
    return host.lower() in settings.WEBHOOK_PRIVATE_HOSTS


def is_open(address: Address) -> bool:
    """Whether an address, and the one that it may wrap, is of the open internet."""
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if wrapped or address in NAT64:
            return False
    return address.is_global and not address.is_multicast


NAT64 = ipaddress.ip_network("64:ff9b::/96")


def as_address(host: str) -> Address | None:
    """A host that is written as an address."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
