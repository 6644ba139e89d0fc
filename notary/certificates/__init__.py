"""What comes back: the certificate, verified; mandates and notarised contracts by the same measure."""
