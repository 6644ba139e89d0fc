"""Objects in MinIO or a folder, dossiers and journals. The only MinIO client."""
