"""What is kept: tables, the one writer, the journal, the memory of requests, back-ups. SQLite or PostgreSQL."""
