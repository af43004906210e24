"""The product's version: one place for the package, the wire and the pages."""

__version__ = "0.1.0"
