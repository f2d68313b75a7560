"""ACT1: video lessons, what was watched of them, and their check questions."""
