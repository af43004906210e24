"""The language of the centre: names, messages, topics and refusals. Pure: nothing here does input or output."""
