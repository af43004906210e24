"""The call board as a page."""
