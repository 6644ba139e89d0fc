"""What is shown: models of answers, and the pure functions that fill them. What is not named here is not shown."""
