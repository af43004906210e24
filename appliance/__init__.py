"""What stands in the hall: the kiosk and the rating pad. One process per device."""
