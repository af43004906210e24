"""The MQTT side of the hub: the broker, who may say what there, and what comes in and goes out."""
