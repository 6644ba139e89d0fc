"""The service behind HTTP, wired: records, acts, people, jobs, ways in, and the outside world."""
