"""A sale of a city through the HTTP API, as real clients would do it: each person in a browser of their own."""
