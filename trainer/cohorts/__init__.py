"""People who share dates: cohorts, their schedule, their roster and what each has finished."""
