"""A whole centre under test: a real hub in its own process, its broker, devices and officers, and their history."""
