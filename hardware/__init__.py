"""Everything with a plug, each with its virtual twin. Nothing of ours is imported here."""
