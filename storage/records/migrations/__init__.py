"""How the records database came to be, step by step (Alembic). ``storage.records.database`` runs it; nobody else."""
