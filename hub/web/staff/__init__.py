"""Pages for staff: signing in, the first set-up, the officer's counter."""
