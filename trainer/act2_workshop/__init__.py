"""ACT2, the workshop: the action plan it ends in, the sharing map, and a facilitator's answer to the plan."""
