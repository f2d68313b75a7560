"""The course as data: the packs, their schema, and forms made from descriptions of fields."""
