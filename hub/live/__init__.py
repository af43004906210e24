"""Readings: the last word of each device, in memory. What they mean becomes a fact; they themselves do not."""
