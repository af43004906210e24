"""What the kiosk does, purely: a state and an event give a new state and effects. No Kivy, clock or socket here."""
