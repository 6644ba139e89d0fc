"""One file per step, never edited once released: ``r<number>_<what>.py``."""
