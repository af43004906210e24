"""The hands: what the flow wants is done here, with hub, printer and loudspeaker, and what they say is heard."""
