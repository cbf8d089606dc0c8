"""The secret of an API token: made at random, shown once, kept only as its SHA-256."""

import hashlib
import secrets

MARK = "brm_"  # Lets people and secret scanners tell what a leaked string is.
PREFIX_LENGTH = 12


def new_secret() -> str:
    """A token nobody can guess: 32 random bytes."""
    return MARK + secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """What is stored of a token. A fast hash is right here: 256 random bits cannot be tried out."""
    return hashlib.sha256(secret.encode()).hexdigest()


def prefix_of(secret: str) -> str:
    """The beginning by which people recognise a token."""
    return secret[:PREFIX_LENGTH]
