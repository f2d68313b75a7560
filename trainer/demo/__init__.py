"""The demo: a made-up company that looks at three moments of the course, doors into it, and a clock that moves."""

from trainer.demo.clock import DemoClock, follow_demo_clock
from trainer.demo.doors import Door, demo_doors
from trainer.demo.ensure import ensure_demo

__all__ = ["DemoClock", "Door", "demo_doors", "ensure_demo", "follow_demo_clock"]
