"""The page of the call board: plain files, served by a board's own server and by the hub."""
