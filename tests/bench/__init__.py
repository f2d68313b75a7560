"""Measurements, called by `./run bench NAME`; they judge nothing and leave nothing behind."""
