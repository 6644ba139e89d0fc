"""People and houses of the sandbox as YAML."""
