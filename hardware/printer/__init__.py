"""Receipt printers: the port, what goes over the wire, and the virtual twin."""
