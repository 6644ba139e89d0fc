"""What demos and tests are made of: terms, strokes, and a notary office that does not exist."""
