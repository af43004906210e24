"""The kiosk's picture on the glass. Nothing outside this room knows Kivy, and nothing in it knows what a ticket is."""
