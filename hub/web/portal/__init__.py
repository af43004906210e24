"""Pages for citizens' phones."""
