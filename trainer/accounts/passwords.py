"""Secrets that people type, as argon2id hashes; at most four are computed at a time in one process."""

from threading import BoundedSemaphore

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

# 19 MiB, two passes, one lane: 35 ms each (OWASP); more memory would fall over at fifty sign-ins a second
HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1, hash_len=32, salt_len=16, type=Type.ID)
AT_A_TIME = BoundedSemaphore(4)
NOBODYS = HASHER.hash("nobody's: an unknown address takes as long as a known one")


def hash_secret(secret: str) -> str:
    """The argon2id hash of a secret, with the parameters in force."""
    with AT_A_TIME:
        return HASHER.hash(secret)


def is_right(secret_hash: str | None, secret: str) -> bool:
    """Whether a secret belongs to this hash; without a hash it takes as long, and the answer is no."""
    try:
        with AT_A_TIME:
            HASHER.verify(secret_hash or NOBODYS, secret)
    except (VerificationError, InvalidHashError):
        return False
    return secret_hash is not None


def is_outdated(secret_hash: str) -> bool:
    """Whether a hash was made with weaker parameters than those in force."""
    return HASHER.check_needs_rehash(secret_hash)
