"""What the service says to people: names of messages, the cities' words for them, and what is filled in."""
