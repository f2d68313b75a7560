"""Minori: the follow-up of a management training, from the first lesson to the last reflection."""
