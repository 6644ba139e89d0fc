"""The case: what happens to a contract, in which order, and what each act leaves behind."""
