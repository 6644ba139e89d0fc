"""Settings, wiring, command line."""
