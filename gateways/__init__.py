"""HTTP clients of the outside world, implementing ports declared in the rooms below. The only httpx."""
