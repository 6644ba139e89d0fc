"""The outside world on a laptop; imports nothing of the house."""
