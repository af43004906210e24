"""Breaking text into lines."""

from appliance.wrapping import shortened, wrapped


def test_lines_are_about_equally_long() -> None:
    """A lone word on a line looks forgotten."""
    assert wrapped("aaa bbb ccc ddd", 11, len) == ["aaa bbb", "ccc ddd"]


def test_a_word_too_long_is_cut_where_it_has_to_be() -> None:
    """Nothing goes over the edge."""
    assert wrapped("aaaaaaaa", 3, len) == ["aaa", "aaa", "aa"]


def test_what_is_shortened_says_so() -> None:
    """With an ellipsis that fits too."""
    assert shortened("abcdef", 4, len) == "abc…"
