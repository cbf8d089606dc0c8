"""Messages go to the open internet, and elsewhere only where a setting names the host."""

import socket
from typing import Any

import pytest

from kernel.webhooks.addresses import AddressRefused, check_url, find_place
from kernel.webhooks.sending import send

CLOSED = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:0:0:0:0:80ff:fffe",
]


def resolved(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Let every host have these addresses."""

    def look_up(host: str, port: int, **_kwargs: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.parametrize("address", CLOSED)
def test_closed_addresses_are_refused_written_or_looked_up(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    literal = f"[{address}]" if ":" in address else address
    with pytest.raises(AddressRefused):
        check_url(f"https://{literal}/hook")
    resolved(monkeypatch, address)
    with pytest.raises(AddressRefused):
        find_place("https://inside.example.org/hook")


def test_one_closed_address_among_others_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    resolved(monkeypatch, "93.184.215.14", "10.0.0.7")
    with pytest.raises(AddressRefused):
        find_place("https://example.org/")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "https://",
        "https:///path",
        "https://user:secret@example.org/",
        "https://[::1",
        "https://example.org:99999/",
        "nonsense",
        "",
    ],
)
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(AddressRefused):
        check_url(url)


def test_it_connects_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    resolved(monkeypatch, "93.184.215.14")
    place = find_place("https://example.org/hook?a=b")
    assert (place.address, place.host, place.port, place.path) == ("93.184.215.14", "example.org", 443, "/hook?a=b")
    assert place.host_header == "example.org"
    assert find_place("https://example.org:8443/").host_header == "example.org:8443"


def test_a_host_that_the_setting_names(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.WEBHOOK_PRIVATE_HOSTS = ["inside.example.org"]
    resolved(monkeypatch, "10.0.0.7")
    assert find_place("http://Inside.example.org/").address == "10.0.0.7"
    with pytest.raises(AddressRefused):
        find_place("https://other.example.org/")


def test_sending_says_what_went_wrong() -> None:
    for url, words in (("https://127.0.0.1/", "open internet"), ("https://nowhere.invalid/", "no such host")):
        answer = send(url=url, message_id="m", body="{}", secrets=["whsec_c2VjcmV0"])
        assert answer.status is None
        assert words in answer.error
