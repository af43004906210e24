"""What a person of the staff does about his or her own session."""
