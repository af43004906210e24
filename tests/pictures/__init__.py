"""The pictures of the documents, taken from a running demo."""
