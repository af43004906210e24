"""What all our programs stand on, hub and devices alike: files that are whole, settings that explain themselves."""
