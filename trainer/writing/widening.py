"""What a change of readers is: narrower at once, wider by an own act; pure."""

from trainer.permissions import OFFERED, READERS, Audience, Reader


def offered_audiences(*, has_group: bool) -> list[Audience]:
    """The audiences that a writer may choose from."""
    return [audience for audience in OFFERED if has_group or audience is not Audience.GROUP]


def new_readers(before: Audience, after: Audience) -> list[Reader]:
    """Who could read a text of `after` and cannot while it is of `before`; none where it only becomes narrower."""
    added = _everybody(after) - _everybody(before)
    return [reader for reader in Reader if reader in added and reader in READERS[after]]


def _everybody(audience: Audience) -> frozenset[Reader]:
    """The readers of an audience; who shares a group shares a cohort."""
    readers = READERS[audience]
    return readers | {Reader.GROUP} if Reader.COHORT in readers else readers
