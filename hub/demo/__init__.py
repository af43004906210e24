"""A whole centre on this machine, with real parts and invented people: for trying, showing and developing."""
