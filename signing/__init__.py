"""Keys, time-stamps, PAdES signatures, handwriting and seals as vectors, validation. The only pyHanko."""
