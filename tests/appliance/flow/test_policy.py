"""What the hub's settings mean for a kiosk."""

from appliance.flow.kiosk import Policy, hashed_pin
from appliance.flow.policy import policy_of
from appliance.texts import LANGUAGES
from hub.contract.messages import DeviceSettings, StaffPin
from tests.appliance.flow.hall import CENTRE


def test_nothing_heard_is_as_it_was() -> None:
    """The usual."""
    assert policy_of(Policy(), None, None) == Policy()


def test_the_hub_decides() -> None:
    """Whether classes are asked for, where a visit begins, and who may open the staff's door."""
    pin = StaffPin(salt="s", hash=hashed_pin("s", "271828"))
    policy = policy_of(Policy(), DeviceSettings(version=3, ask_class=True, services_first=True, staff_pin=pin), None)
    assert (policy.ask_class, policy.services_first) == (True, True)
    assert policy.opens("271828")
    assert not policy.opens("314159")
    without = policy_of(policy, DeviceSettings(version=4), None)
    assert not without.opens("271828")


def test_languages_are_those_wanted_that_there_are_words_for() -> None:
    """The kiosk's own before the centre's; and never none at all."""
    assert policy_of(Policy(), DeviceSettings(version=1, languages=["en", "ko"]), CENTRE).languages == ("en",)
    assert policy_of(Policy(), DeviceSettings(version=1), CENTRE).languages == ("vi", "en")
    assert policy_of(Policy(), DeviceSettings(version=1, languages=["ko"]), CENTRE).languages == ("vi", "en")


def test_a_kiosk_speaks_the_languages_of_its_catalogues() -> None:
    """No more and no less."""
    assert Policy().spoken == LANGUAGES
