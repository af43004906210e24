"""What citizens do, at a kiosk, a desk or on a phone."""
