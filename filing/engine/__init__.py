"""What moves a case: who acts, what must hold, what follows. Pure; see ``fire``."""
