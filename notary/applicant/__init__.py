"""The applicant's part: scan, verify, read, hand in."""
