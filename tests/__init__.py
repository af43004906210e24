"""The same tree again, plus contract, journeys, faults, architecture and bench."""
