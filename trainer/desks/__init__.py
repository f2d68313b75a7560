"""Each role's home: what to do now, and how the course goes; reads every slice and owns no table."""
