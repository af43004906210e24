"""`/api/v1`: JSON for the pages and for other systems, one file a subject."""
