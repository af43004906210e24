"""The rules of the queue. Pure: time, ids and randomness are arguments; only the contract is imported."""
