"""The clock and the hands: what sends the letters."""
