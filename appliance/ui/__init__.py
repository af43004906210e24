"""Kivy draws what the presenter says, and nothing else imports Kivy."""
