"""The demonstration: one sale of a co-owned house in Huangshi, from terms to a sealed archive."""
