"""Where everything on the screen stands, purely: a view and a measured screen become panels, words and touches."""
