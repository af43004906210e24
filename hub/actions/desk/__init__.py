"""What the information desk does with other people's numbers."""
