"""From a bare card to an enrolled device."""
