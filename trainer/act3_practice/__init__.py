"""ACT3, back at work: reflections, the experiments that join them, and a facilitator's feedback."""
