"""The letters of a cohort: which go to whom on which day, and what became of each."""
