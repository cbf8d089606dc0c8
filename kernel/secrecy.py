"""Secrets that must be read again, as keys to sign with, are stored encrypted."""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def encrypt(text: str, purpose: str) -> str:
    """Encrypt by the portal's key; each `purpose` has a key of its own."""
    return _cipher(purpose).encrypt(text.encode()).decode()


def decrypt(encrypted_text: str, purpose: str) -> str:
    """Read what `encrypt` made, also by an earlier key that is still named in SECRET_KEY_FALLBACKS."""
    return _cipher(purpose).decrypt(encrypted_text.encode()).decode()


def _cipher(purpose: str) -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(f"{purpose} {key}".encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
