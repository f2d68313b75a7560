"""What people write: drafts that are not lost, who may read a text, and who has read it."""
