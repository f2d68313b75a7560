"""Tests of the course as data."""
