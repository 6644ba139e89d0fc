"""Operations by kind of user: each parses, calls one use case, and renders."""
