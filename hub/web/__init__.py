"""Pages and the HTTP side of the hub: FastAPI outside, the same actions as everywhere inside."""
