"""Organizations, the people of each, and how they sign in."""
