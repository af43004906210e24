"""The TV in the hall: shows and speaks the numbers that are called."""
