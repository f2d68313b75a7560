"""The key ring: one organization's keys for it alone, and what is said when the ring is not the right one."""

import base64
import json
from pathlib import Path
from uuid import uuid4

import pytest

from trainer.key_ring import KeyRing, KeyRingError

MASTER_KEY = b"m" * 32
ORGANIZATION = uuid4()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


@pytest.fixture
def ring(path: Path) -> KeyRing:
    ring = KeyRing.open_or_create(path, MASTER_KEY)
    ring.add_organization(ORGANIZATION)
    return ring


def test_a_ring_opened_again_has_the_same_keys(ring: KeyRing) -> None:
    older = ring.active_key(ORGANIZATION).id
    newer = ring.rotate(ORGANIZATION)
    again = KeyRing.open_or_create(ring.path, MASTER_KEY)
    assert again.active_key(ORGANIZATION).id == newer
    assert again.older_keys(ORGANIZATION) == [older]
    nonce = b"n" * 12
    sealed = ring.cipher(ORGANIZATION, older).encrypt(nonce, b"words", None)
    assert again.cipher(ORGANIZATION, older).decrypt(nonce, sealed, None) == b"words"


def test_an_organization_that_has_a_key_keeps_it(ring: KeyRing) -> None:
    key_id = ring.active_key(ORGANIZATION).id
    ring.add_organization(ORGANIZATION)
    assert ring.active_key(ORGANIZATION).id == key_id
    assert ring.older_keys(ORGANIZATION) == []


def test_no_key_stands_unwrapped_in_the_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainer.key_ring.AESGCM.generate_key", lambda bits: b"k" * (bits // 8))
    KeyRing.open_or_create(path, MASTER_KEY).add_organization(ORGANIZATION)
    written = path.read_bytes()
    for secret in (b"k" * 32, MASTER_KEY):
        for form in (secret, base64.b64encode(secret), secret.hex().encode()):
            assert form not in written


@pytest.mark.parametrize("has_organization", [False, True])
def test_another_master_key_is_refused(path: Path, has_organization: bool) -> None:
    ring = KeyRing.open_or_create(path, MASTER_KEY)
    if has_organization:
        ring.add_organization(ORGANIZATION)
    with pytest.raises(KeyRingError, match="does not open with this MASTER_KEY"):
        KeyRing.open(path, b"x" * 32)


def test_a_ring_of_another_database_is_refused(ring: KeyRing) -> None:
    ring.refuse_if_foreign([ORGANIZATION])
    stranger = uuid4()
    for ask in (
        lambda: ring.refuse_if_foreign([ORGANIZATION, stranger]),
        lambda: ring.active_key(stranger),
        lambda: ring.rotate(stranger),
        lambda: ring.destroy(stranger),
    ):
        with pytest.raises(KeyRingError, match=f"does not know the organization {stranger}"):
            ask()


def test_a_key_moved_to_another_organization_or_id_is_refused(ring: KeyRing) -> None:
    content = json.loads(ring.path.read_text())
    entry = content["organizations"][str(ORGANIZATION)]
    (wrapped,) = entry["keys"].values()
    elsewhere = {"active": entry["active"], "keys": entry["keys"]}
    renamed = {"active": "00000000", "keys": {"00000000": wrapped}}
    for organizations in ({str(uuid4()): elsewhere}, {str(ORGANIZATION): renamed}):
        ring.path.write_text(json.dumps(content | {"organizations": organizations}))
        with pytest.raises(KeyRingError, match="damaged or no key ring"):
            KeyRing.open(ring.path, MASTER_KEY)


def test_a_key_that_is_in_use_cannot_be_dropped(ring: KeyRing) -> None:
    older = ring.active_key(ORGANIZATION).id
    with pytest.raises(KeyRingError, match="is in use"):
        ring.drop_key(ORGANIZATION, older, values_using_it=0)
    ring.rotate(ORGANIZATION)
    with pytest.raises(KeyRingError, match="3 texts still need the key"):
        ring.drop_key(ORGANIZATION, older, values_using_it=3)
    assert ring.older_keys(ORGANIZATION) == [older]


def test_a_dropped_key_is_gone_for_every_process(ring: KeyRing) -> None:
    other = KeyRing.open(ring.path, MASTER_KEY)
    older = ring.active_key(ORGANIZATION).id
    ring.rotate(ORGANIZATION)
    other.cipher(ORGANIZATION, older)
    ring.drop_key(ORGANIZATION, older, values_using_it=0)
    for one in (ring, other):
        with pytest.raises(KeyRingError, match=f"The key {older.hex()} .* is not in the key ring"):
            one.cipher(ORGANIZATION, older)


def test_an_old_copy_learns_of_a_new_key_and_of_a_new_organization(ring: KeyRing) -> None:
    other = KeyRing.open(ring.path, MASTER_KEY)
    newcomer = uuid4()
    newer = ring.rotate(ORGANIZATION)
    assert other.active_key(ORGANIZATION).id == newer
    ring.add_organization(newcomer)
    assert other.active_key(newcomer).id == ring.active_key(newcomer).id


def test_destroyed_keys_stay_destroyed(ring: KeyRing) -> None:
    other = KeyRing.open(ring.path, MASTER_KEY)
    key_id = ring.active_key(ORGANIZATION).id
    ring.destroy(ORGANIZATION)
    ring.add_organization(ORGANIZATION)
    assert key_id.hex() not in ring.path.read_text()
    assert other.is_destroyed(ORGANIZATION)
    for ask in (
        lambda: other.cipher(ORGANIZATION, key_id),
        lambda: other.active_key(ORGANIZATION),
        lambda: other.rotate(ORGANIZATION),
    ):
        with pytest.raises(KeyRingError, match="were destroyed"):
            ask()


def test_nothing_a_ring_shows_of_itself_is_a_key(ring: KeyRing) -> None:
    assert repr(ring) == f"KeyRing('{ring.path}')"
