"""Finding a service by what somebody types: the keys, their Vietnamese, everyday words, and what is like what."""
