"""A whole centre under test: a real hub in a process of its own, its broker, devices and officers, and their history."""
