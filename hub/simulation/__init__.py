"""Simulated visitors and officers, through the same doors as real ones: MQTT with a certificate, and HTTP."""
