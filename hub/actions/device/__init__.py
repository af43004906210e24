"""What devices say of themselves and ask of staff, and what they are told."""
