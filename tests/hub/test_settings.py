"""Settings: the default file is the defaults, and every mistake is explained rather than met with a traceback."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from hub.errors import Fault, SettingsFault
from hub.settings import VARIABLE, Broker, Settings, Web, default_text, load

SECRET = "k1m-l13n-hu3-sen"


def written(directory: Path, text: str | bytes) -> Path:
    file = directory / "hub.toml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def problems(directory: Path, text: str | bytes) -> tuple[str, ...]:
    with pytest.raises(SettingsFault) as caught:
        load(written(directory, text), {})
    return caught.value.problems


def test_the_default_file_holds_exactly_the_defaults(tmp_path: Path) -> None:
    """Loaded unmodified it equals no file at all, and every key there is stands in it."""
    assert load(written(tmp_path, default_text()), {}) == load(written(tmp_path, ""), {})
    keys = {section: set(values) for section, values in tomllib.loads(default_text()).items()}
    assert keys == {name: set(section.__class__.model_fields) for name, section in Settings()}


def test_every_key_of_the_default_file_has_its_comment() -> None:
    """No section and no key group stands there without a word above it."""
    for paragraph in re.split(r"\n\n+", default_text()):
        assert paragraph.startswith(("#", "[")), paragraph


def test_without_any_file_the_defaults_apply(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing file at the default place is no mistake."""
    monkeypatch.chdir(tmp_path)
    assert load(None, {}).data.directory == tmp_path / "var/hub"


def test_the_default_place_is_read_when_nothing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`hub.toml` in the directory of the start counts."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path, '[centre]\nid = "hoa-sen"')
    assert load(None, {}).centre.id == "hoa-sen"


def test_the_variable_names_the_file_and_a_path_given_wins(tmp_path: Path) -> None:
    """Only the file's place is read from the environment; an empty variable counts as none."""
    (tmp_path / "other").mkdir()
    named = written(tmp_path, '[centre]\nid = "hoa-sen"')
    given_path = written(tmp_path / "other", '[centre]\nid = "tay-ho"')
    environ = {VARIABLE: str(named), "MOTCUA_CENTRE__ID": "ignored"}
    assert load(None, environ).centre.id == "hoa-sen"
    assert load(given_path, environ).centre.id == "tay-ho"
    assert load(given_path, {VARIABLE: ""}).centre.id == "tay-ho"


def test_relative_paths_start_at_the_settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when the hub is started elsewhere; absolute paths stay."""
    (tmp_path / "elsewhere").mkdir()
    file = written(tmp_path, '[data]\ndirectory = "store"\n[backup]\ndirectory = "/mnt/usb"')
    monkeypatch.chdir(tmp_path / "elsewhere")
    loaded = load(Path("../hub.toml"), {})
    assert loaded.data.directory.resolve() == file.parent / "store"
    assert loaded.backup.directory == Path("/mnt/usb")


def test_good_values_arrive_typed(tmp_path: Path) -> None:
    """A centre as it may stand in the world."""
    for name in ("web.pem", "web.key"):
        (tmp_path / name).touch()
    loaded = load(
        written(
            tmp_path,
            f"""
            [database]
            url = "postgresql://motcua:{SECRET}@db.example.vn:5433/motcua"
            [web]
            listen = "0.0.0.0"
            tls = "files"
            certificate = "web.pem"
            key = "web.key"
            public_url = "https://queue.example.vn/"
            metrics_token = "{SECRET}"
            trusted_proxies = ["10.0.0.5", "10.1.0.0/16"]
            [log]
            format = "json"
            """,
        ),
        {},
    )
    assert loaded.web.certificate == tmp_path / "web.pem"
    assert loaded.web.public_url == "https://queue.example.vn"
    assert loaded.web.trusted_proxies == ("10.0.0.5", "10.1.0.0/16")
    assert not loaded.web.loopback
    assert loaded.web.metrics_token.get_secret_value() == SECRET
    assert loaded.centre.zone.key == "Asia/Ho_Chi_Minh"
    assert SECRET not in repr(loaded) + str(loaded) + repr(loaded.database)


def test_settings_are_frozen() -> None:
    """Nobody changes a setting after it was read."""
    with pytest.raises(ValidationError):
        Settings().web.port = 1  # type: ignore[misc]


BAD_FILES: dict[str, tuple[str | bytes, list[str]]] = {
    "not TOML": ("[centre\n", ["not valid TOML", "line 1, column 8"]),
    "cut off": ('[centre]\nid = "hoa', ["not valid TOML", "line 2"]),
    "not UTF-8": (b'[centre]\nid = "\xff"', ["not UTF-8", "byte 15"]),
    "absurd nesting": ("a = " + "[" * 50_000, ["not valid TOML"]),
    "absurd number": ("a = " + "9" * 5_000, ["not valid TOML"]),
    "huge number": ("[web]\nport = 0x" + "f" * 5_000, ["line 2: web.port = (a huge number)"]),
    "unknown key": ("[web]\nprot = 80", ["line 2: unknown key web.prot", 'did you mean "port"?']),
    "unknown key far off": ("[log]\nzzz = 80", ["unknown key log.zzz", "known here: level, format"]),
    "key of another section": ("[web]\ntime_zone = 'x'", ["web.time_zone", "it belongs in [centre]"]),
    "key before any section": (
        "port = 80",
        ["line 1: unknown key port", "[broker] or [devices] or [web]"],
    ),
    "unknown section": ("[brokr]\nport = 1", ["line 1: unknown section [brokr]", 'did you mean "broker"?']),
    "unknown section far off": ("[zzz]\na = 1", ["unknown section [zzz]", "known: centre, data"]),
    "section as a value": ("web = 3", ["[web] must be a section"]),
    "section as a list": ("[[web]]\nport = 1", ["line 1: [web] must be a section"]),
    "text for a number": ('[web]\nport = "80"', ["line 2: web.port", '"80"', "must be a whole number"]),
    "truth for a number": ("[web]\nport = true", ["web.port = true must be a whole number"]),
    "number for a text": ("[centre]\nid = 7", ["centre.id = 7 must be a text in quotes"]),
    "number for a truth": ("[broker]\nmanaged = 1", ["broker.managed = 1 must be true or false"]),
    "number for a path": ("[data]\ndirectory = 7", ["data.directory = 7 must be a path in quotes"]),
    "text for a list": ('[web]\ntrusted_proxies = "10.0.0.5"', ["web.trusted_proxies", "must be a list"]),
    "bad list item": ('[web]\ntrusted_proxies = ["a"]', ['web.trusted_proxies = "a" must be an IP address']),
    "over the limit": ("[web]\nport = 99999", ["web.port = 99999 must be less than or equal to 65535"]),
    "under the limit": ("[limits]\nrequest_age_s = 0", ["limits.request_age_s = 0 must be greater than or equal to 2"]),
    "not one of": ('[log]\nlevel = "loud"', ["log.level", "'debug', 'info', 'warning' or 'error'"]),
    "bad id": ('[centre]\nid = "Hoa Sen"', ['centre.id = "Hoa Sen" must be 1 to 32 of a-z, 0-9 and "-"']),
    "bad zone": ('[centre]\ntime_zone = "Asia/Hochiminh"', ["centre.time_zone", 'mean "Asia/Ho_Chi_Minh"?']),
    "zone is a folder": ('[centre]\ntime_zone = "Asia"', ["centre.time_zone", "must be a time zone"]),
    "home path": ('[data]\ndirectory = "~/x"', ["data.directory", "without ~"]),
    "no path": ('[data]\ndirectory = ""', ["data.directory", "must be a path"]),
    "host name to listen on": ('[web]\nlisten = "hub.local"', ["web.listen", "must be an IP address"]),
    "plain http for all": ('[web]\nlisten = "0.0.0.0"', ["line 1: [web]", "clear", "own-authority"]),
    "https without files": ('[web]\ntls = "files"', ["[web]", 'tls = "files" needs certificate and key']),
    "certificate not there": (
        '[web]\ntls = "files"\ncertificate = "a.pem"\nkey = "a.key"',
        ["web.certificate", "a.pem is not a file", "web.key", "a.key is not a file"],
    ),
    "address with a path": ('[web]\npublic_url = "https://a.vn/x"', ["web.public_url", "nothing after it"]),
    "address of a kind unknown": ('[web]\npublic_url = "ftp://a.vn"', ["web.public_url", "http://"]),
    "address broken": ('[web]\npublic_url = "https://[a"', ["web.public_url", "http://"]),
    "someone else's broker": ("[broker]\nmanaged = false", ["[broker]", "needs host, ca, certificate and key"]),
    "database of a kind unknown": (f'[database]\nurl = "mysql://u:{SECRET}@h/d"', ["database.url", "postgresql://"]),
    "database without name": (f'[database]\nurl = "postgresql://u:{SECRET}@h"', ["database.url must be"]),
    "database port": (f'[database]\nurl = "postgresql://u:{SECRET}@h:x/d"', ["database.url must be"]),
    "factory password": ('[database]\nurl = "postgresql://u:change%2Dme@h/d"', ["database.url still holds"]),
    "factory password after": ('[database]\nurl = "postgresql:///d?password=Change-Me"', ["database.url still holds"]),
    "factory token": ('[web]\nmetrics_token = "change-me"', ["web.metrics_token still holds"]),
    "short token": ('[web]\nmetrics_token = "k1m-l13n"', ["web.metrics_token", "16 characters"]),
    "token in a wrong key": (f'[web]\nmetrics_tokn = "{SECRET}"', ['did you mean "metrics_token"?']),
    "control letters": ('[log]\nlevel = "\\u001b[31m"', ['"\\u001b[31m"']),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_mistake_is_explained(name: str, tmp_path: Path) -> None:
    """File, place, value and what is allowed; never a secret."""
    text, parts = BAD_FILES[name]
    said = "\n".join(problems(tmp_path, text))
    for part in [str(tmp_path / "hub.toml"), *parts]:
        assert part in said
    assert SECRET not in said
    assert "k1m-l13n" not in said


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    """Who mends one line is not sent back for the next."""
    found = problems(tmp_path, "[log]\nlevel = 1\nwhat = 2\n[centre]\nid = 3\n[web]\nport = 0\nlisten = 'x'\n")
    lines = [int(match[1]) for problem in found if (match := re.search(r"line (\d+)", problem))]
    assert lines == [2, 3, 5, 7, 8]


def test_a_missing_file_that_was_asked_for_is_a_mistake(tmp_path: Path) -> None:
    """By path or by variable: the operator believes it is read."""
    for path, environ in [(tmp_path / "no.toml", {}), (None, {VARIABLE: str(tmp_path / "no.toml")})]:
        with pytest.raises(SettingsFault, match=r"no\.toml: there is no such file; copy hub/default\.toml there"):
            load(path, environ)


def test_a_directory_in_place_of_the_file_is_a_mistake(tmp_path: Path) -> None:
    """Named as what it is."""
    with pytest.raises(SettingsFault, match="is a directory or a device"):
        load(tmp_path, {})


def test_an_unreadable_file_is_a_mistake(tmp_path: Path) -> None:
    """Whatever the system's reason, it is passed on; here a path that goes through a file, and one too long."""
    file = written(tmp_path, "")
    for path in (file / "hub.toml", tmp_path / ("a" * 300)):
        with pytest.raises(SettingsFault, match=r"cannot be read \(.+\)|no such file"):
            load(path, {})


def test_a_settings_fault_is_a_fault() -> None:
    """One catch at the program's edge is enough."""
    assert issubclass(SettingsFault, Fault)


def test_settings_made_in_code_are_checked_as_well() -> None:
    """The demo and tests build settings without a file."""
    assert Settings(web=Web(port=1234)).web.port == 1234
    for make in (lambda: Web(listen="0.0.0.0"), lambda: Broker(managed=False)):
        with pytest.raises(ValidationError):
            make()


LINES = default_text().splitlines(keepends=True)
ASSIGNMENTS = [number for number, line in enumerate(LINES) if re.match(r"\w+ = ", line)]
ODD_VALUES = [
    "1",
    "-1",
    "1.5",
    "nan",
    "true",
    '""',
    '"x"',
    "'\\'",
    "[]",
    "[1]",
    "{}",
    "{a = 1}",
    "1979-05-27",
    "0x" + "f" * 99,
]


def only_a_settings_fault(directory: Path, text: str | bytes) -> None:
    """Loads or refuses; anything else fails the test."""
    try:
        load(written(directory, text), {})
    except SettingsFault as fault:
        assert fault.problems
        assert all(str(directory) in problem for problem in fault.problems)


def test_the_default_file_cut_at_any_line_is_read_or_explained(tmp_path: Path) -> None:
    """Half-copied files; also cut in the middle of the line."""
    for number, line in enumerate(LINES):
        only_a_settings_fault(tmp_path, "".join(LINES[:number]))
        only_a_settings_fault(tmp_path, "".join(LINES[:number]) + line[: len(line) // 2])


@pytest.mark.parametrize("value", ODD_VALUES)
def test_any_key_with_an_odd_value_is_read_or_explained(value: str, tmp_path: Path) -> None:
    """Wrong types everywhere, one at a time."""
    for number in ASSIGNMENTS:
        key = LINES[number].partition(" = ")[0]
        only_a_settings_fault(tmp_path, "".join([*LINES[:number], f"{key} = {value}\n", *LINES[number + 1 :]]))


def test_any_misspelt_key_is_explained(tmp_path: Path) -> None:
    """One letter too many in each key: refused, with the right one suggested."""
    for number in ASSIGNMENTS:
        key = LINES[number].partition(" = ")[0]
        text = "".join([*LINES[:number], LINES[number].replace(key, key + "x", 1), *LINES[number + 1 :]])
        assert f'did you mean "{key}"?' in "\n".join(problems(tmp_path, text))


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(at=st.integers(0, len(default_text())), junk=st.binary(max_size=12) | st.text(max_size=12).map(str.encode))
def test_any_damage_is_read_or_explained(at: int, junk: bytes, tmp_path: Path) -> None:
    """Bytes thrown into the file at any place."""
    text = default_text().encode()
    only_a_settings_fault(tmp_path, text[:at] + junk + text[at + len(junk) :])
