"""Faults on purpose: kills, full disks, races, rubbish, broken settings; and sabotages that each proof must catch."""
