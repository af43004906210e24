"""The devices of a centre: their certificates, how they join, how they are kept up to date."""
