"""Tests of who may do and see what."""
