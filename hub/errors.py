"""Faults: something broke. Their words say what, and what to do about it; a rule that says no is a `Refusal`."""

from collections.abc import Sequence


class Fault(Exception):
    """Something broke. `str()` says what broke and what to do, in words for the person who runs the hub."""


class SettingsFault(Fault):
    """The settings cannot be used. `problems` has every one of them, ready to be read by a person."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("The settings cannot be used:\n" + "\n".join(f"  {problem}" for problem in problems))
        self.problems = tuple(problems)


class AuthorityFault(Fault):
    """The certificate authority cannot be made, opened or used."""


class BrokerFault(Fault):
    """The MQTT broker cannot be configured, started, reached or ended."""
