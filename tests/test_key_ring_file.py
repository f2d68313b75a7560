"""The key ring's file: who may read it, how it is replaced, and what is said when it is not there."""

import multiprocessing
import os
import stat
from pathlib import Path
from uuid import UUID, uuid4

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


def test_a_ring_is_readable_by_its_owner_alone(ring: KeyRing) -> None:
    ring.rotate(ORGANIZATION)
    modes = {entry.name: stat.S_IMODE(entry.stat().st_mode) for entry in ring.path.parent.iterdir()}
    assert modes == {"keys.json": 0o600, "keys.json.lock": 0o600}


def test_a_ring_that_others_may_read_is_refused(ring: KeyRing) -> None:
    ring.path.chmod(0o640)
    with pytest.raises(KeyRingError, match="chmod 600"):
        KeyRing.open(ring.path, MASTER_KEY)


def test_a_missing_ring_is_named_and_nothing_is_made(path: Path) -> None:
    with pytest.raises(KeyRingError, match=r"keys\.json is missing\. Restore it from its backup"):
        KeyRing.open(path, MASTER_KEY)
    assert list(path.parent.iterdir()) == []


def test_a_ring_that_went_missing_is_noticed_at_the_next_use(ring: KeyRing) -> None:
    ring.path.unlink()
    with pytest.raises(KeyRingError, match="is missing"):
        ring.active_key(ORGANIZATION)
    with pytest.raises(KeyRingError, match="is missing"):
        ring.rotate(ORGANIZATION)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"\xff\xfe",
        b'{"version": 2, "check": "", "organizations": {}}',
        b'{"version": 1, "check": "", "organizations": {"x": {}}}',
    ],
)
def test_a_file_that_is_no_ring_is_refused_and_left_alone(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)
    with pytest.raises(KeyRingError, match="damaged or no key ring"):
        KeyRing.open_or_create(path, MASTER_KEY)
    assert path.read_bytes() == content


def test_a_directory_in_its_place_is_refused(path: Path) -> None:
    path.mkdir(mode=0o700)
    with pytest.raises(KeyRingError, match="cannot be read"):
        KeyRing.open(path, MASTER_KEY)


def test_two_changes_at_one_moment_of_the_clock_still_look_different(ring: KeyRing) -> None:
    ahead = ring.path.stat().st_mtime_ns + 3600 * 10**9
    os.utime(ring.path, ns=(ahead, ahead))
    ring.rotate(ORGANIZATION)
    assert ring.path.stat().st_mtime_ns > ahead


def test_a_change_that_fails_leaves_the_old_ring(ring: KeyRing, monkeypatch: pytest.MonkeyPatch) -> None:
    before = ring.path.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space left"):
        ring.rotate(ORGANIZATION)
    assert ring.path.read_bytes() == before
    assert sorted(entry.name for entry in ring.path.parent.iterdir()) == ["keys.json", "keys.json.lock"]


def test_two_processes_that_add_at_once_lose_nothing(path: Path) -> None:
    organizations = [uuid4() for _ in range(40)]
    context = multiprocessing.get_context("spawn")
    halves = [organizations[::2], organizations[1::2]]
    processes = [context.Process(target=_add_all, args=(path, half)) for half in halves]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    KeyRing.open(path, MASTER_KEY).refuse_if_foreign(organizations)


def _add_all(path: Path, organizations: list[UUID]) -> None:
    ring = KeyRing.open_or_create(path, MASTER_KEY)
    for organization in organizations:
        ring.add_organization(organization)
        ring.rotate(organization)
