"""The slip: a ticket as a picture for thermal paper."""
