"""The page of the mirror: plain files, served as they are."""
