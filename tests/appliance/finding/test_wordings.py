"""What services answer to, and the table of everyday words."""

import unicodedata

import pytest

from appliance.finding.likeness import words_of
from appliance.finding.telex import compose
from appliance.finding.wordings import Everyday, Place, Saying, Wording, everyday, wordings
from hub.contract.messages import Services
from tests.appliance.centre import demo, service, ward

NO_TABLE = Everyday((), frozenset())


def said(of: int, all_wordings: list[Wording]) -> dict[str, float]:
    """The everyday words of a service, with how surely it is meant."""
    return {one.text: one.weight for one in all_wordings if one.service == of and one.place is Place.EVERYDAY}


def centre(*names: str, group: str = "Nhóm") -> Services:
    """Services with these names."""
    message = demo().groups[0]
    services = [service({"id": f"s{at}", "name": {"vi": name}}) for at, name in enumerate(names)]
    return Services(version=1, groups=[message.model_copy(update={"name": {"vi": group}, "services": services})])


def test_a_service_answers_to_all_its_words() -> None:
    """Name, description and group, in every language; of a description each piece by itself."""
    own = [(one.place, one.text, one.language) for one in wordings(demo(), NO_TABLE) if one.service == 1]
    assert own == [
        (Place.NAME, "Chứng thực", "vi"),
        (Place.NAME, "Certification", "en"),
        (Place.DESCRIPTION, "Bản sao", "vi"),
        (Place.DESCRIPTION, "chữ ký", "vi"),
        (Place.DESCRIPTION, "hợp đồng", "vi"),
        (Place.DESCRIPTION, "Copies", "en"),
        (Place.DESCRIPTION, "signatures", "en"),
        (Place.DESCRIPTION, "contracts", "en"),
        (Place.GROUP, "Chứng thực", "vi"),
        (Place.GROUP, "Certification", "en"),
    ]


def test_a_saying_goes_to_those_it_means() -> None:
    """By words that stand together, marks and all; the first meaning counts most."""
    table = Everyday((Saying(("sổ đỏ",), ("quyền sử dụng đất", "đất")),), frozenset())
    found = wordings(centre("Đất", "Cấp quyền sử dụng đất", "Sử dụng quyền đạt", "Đạt"), table)
    assert set(said(1, found)) == set(said(0, found)) == {"sổ đỏ"}
    assert said(1, found)["sổ đỏ"] > said(0, found)["sổ đỏ"]
    assert said(2, found) == said(3, found) == {}


def test_a_group_is_meant_only_when_none_of_its_services_says_so() -> None:
    """`căn cước` over the counter of the police does not make an identity card of every service there."""
    table = Everyday((Saying(("cccd",), ("căn cước",)),), frozenset())
    found = wordings(centre("Cấp căn cước", "Tách hộ", group="Cư trú, căn cước"), table)
    assert (set(said(0, found)), set(said(1, found))) == ({"cccd"}, set())
    found = wordings(centre("Cấp thẻ", "Tách hộ", group="Cư trú, căn cước"), table)
    assert set(said(0, found)) == set(said(1, found)) == {"cccd"}


def test_otherwise_is_for_centres_that_offer_less() -> None:
    """One service for all of civil status answers to what has no service of its own."""
    table = Everyday((Saying(("gks",), ("khai sinh",), ("hộ tịch",)),), frozenset())
    found = wordings(centre("Khai sinh", "Hộ tịch"), table)
    assert (set(said(0, found)), set(said(1, found))) == ({"gks"}, set())
    assert set(said(0, wordings(centre("Hộ tịch"), table))) == {"gks"}


# ---------------------------------------------------------------- the table as it is shipped


def test_the_table_is_in_order() -> None:
    """Nothing is empty, nothing is said twice for one meaning, and all is composed."""
    for saying in everyday().sayings:
        assert saying.said
        assert saying.means
        assert len(set(saying.said)) == len(saying.said)
        for text in (*saying.said, *saying.means, *saying.otherwise):
            assert words_of(text)
            assert text == unicodedata.normalize("NFC", text).strip().lower()


def test_the_table_is_written_as_the_keyboard_writes() -> None:
    """One place for the tone everywhere."""
    for saying in everyday().sayings:
        for text in (*saying.said, *saying.means, *saying.otherwise):
            marked = [word for word in text.split() if not word.isascii()]
            assert [compose(word) for word in marked] == marked


def test_the_table_speaks_of_services_by_their_words() -> None:
    """Ids are a centre's own affair. Here at least nearly all sayings find somebody."""
    ids = {one.id for centre in (ward(), demo()) for group in centre.groups for one in group.services if "-" in one.id}
    texts = {text for saying in everyday().sayings for text in (*saying.means, *saying.otherwise)}
    assert not ids & texts
    heard = {one.text for one in wordings(ward(), everyday()) if one.place is Place.EVERYDAY}
    silent = [saying.said[0] for saying in everyday().sayings if saying.said[0] not in heard]
    assert len(silent) <= 5, silent


@pytest.mark.parametrize("word", ["căn", "can", "sổ", "so", "đỏ", "do", "giấy", "con", "khai", "sao", "tạm"])
def test_no_word_of_a_service_is_a_filler(word: str) -> None:
    """Neither as it is written, nor without marks."""
    assert not set(words_of(word)) & everyday().fillers
