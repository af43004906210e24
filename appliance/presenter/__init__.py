"""The presenter: the state of a kiosk becomes what its screen says."""
