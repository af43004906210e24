"""Journeys: what people do in a centre, written as lists of steps and played with a real hub, broker and pages."""
