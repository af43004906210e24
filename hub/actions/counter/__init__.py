"""What officers do at their counters."""
