"""The coordinator's desk before the course: cohorts are made, people brought in, letters started; owns no table."""
