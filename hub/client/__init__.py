"""How a program of ours talks to a hub: `HubLink` asks, follows, publishes; everything else here serves it."""
