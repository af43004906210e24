"""`python -m tests.bench`: how fast, beside the limit that the machine itself sets, measured in the same run."""
