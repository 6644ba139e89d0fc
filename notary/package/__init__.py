"""The container that goes out: ASiC-E with CAdES (ETSI EN 319 162-1), and what is in it."""
