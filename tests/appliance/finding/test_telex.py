"""Telex: what keys make, what a repeated key undoes, and what one press of backspace leaves."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.finding.telex import STYLE, TONES, ToneStyle, bare, compose, erase, is_plain_syllable

MARKED_KEYS = {"ă": "aw", "â": "aa", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw", "đ": "dd"}
TONE_KEYS = {tone: key for key, tone in TONES.items()}
SYLLABLES = (Path(__file__).parent / "syllables.txt").read_text("utf-8").split()
"""Every syllable in the catalogue of procedures."""

LETTERS_AND_MARKS = """
aa â | aw ă | ee ê | oo ô | ow ơ | uw ư | w ư | dd đ | AA Â | Aw Ă | EE Ê | Oo Ô | OW Ơ | Uw Ư | W Ư | DD Đ | Dd Đ
daay dây | dday đay | ddaay đây | ddi đi | ddeef đề | ddor đỏ | ddoor đổ | ddaats đất | tw tư | thuw thư | tuw tư
nhw như | caan cân | cawn căn | been bên | toon tôn | mowr mở | tuwf từ | cuwr cử | mowis mới | vieen viên
"""
TONES_AT_THE_END = """
as á | af à | ar ả | ax ã | aj ạ | khais khái | banf bàn | banr bản | maxx max | mex mẽ | hej hẹ | kys ký | lys lý
lyf lỳ | tyr tỷ | mys mý | ys ý | sinhs sính | sinh sinh | khai khai | tuwr tử | giaays giấy | keets kết | hoon hôn
tranh tranh | chaaps chấp | ddaats đất | thuees thuế | nhaf nhà | nhaan nhân | phucs phúc | quaanf quần
xaay xây | duwngj dựng | duwngf dừng | hooj hộ | khaaur khẩu | soor sổ | ddowif đời | cuar của | ruoojng ruộng
"""
TONES_ELSEWHERE = """
giasy giáy | giaasy giấy | keest kết | ddaast đất | khasi khái | nghieejp nghiệp | nghiejep nghiệp | vieejt việt
viejet việt | vietej việt | tieesng tiếng | tiesneg tiếng | ddawngs đắng | ddasngw đắng | hooif hồi | hofoi hồi
"""
MARKS_AT_THE_END = """
vieetj việt | vietje việt | dangd đang | duongdwf đường | cana cân | canaf cần | tieneg tiêng | hono hôn
kete kêt | ketes kết | tuongw tương | nguoiwf người | hoacwj hoặc | chungsw chứng | tuwj tự | thucwj thực | giaya giây
toio tôi | ddongo đông | dongdo đông | luongw lương | chuyene chuyên | chuyenej chuyện
"""
UO_WITH_HORNS = """
uow ươ | duowngf dường | dduowngf đường | dduocwj được | dduwowcj được | nguowif người | nguwowif người | nuowcs nước
nuwowcs nước | nuocsw nước | tuwongf tường | ruouwj rượu | ruowuj rượu | huow huơ | thuowr thuở | thuowng thương
huowngr hưởng | huowng hương | thuwowngf thường | thuongwf thường | uowcs ước | luowts lướt | buowms bướm | buowir bưởi
cuoocj cuộc | quoocs quốc | muoons muốn | muoonj muộn | nguoonf nguồn | buoonr buổn | ruoongj ruộng
"""
OTHER_HORNS = """
muaw mưa | chuwa chưa | chuaw chưa | cuwar cửa | cuawr cửa | suwar sửa | guiwr gửi | guwir gửi | hoawcj hoặc
xoawn xoăn | luwu lưu | luuw lưu | huuw hưu | uwu ưu | huwux hữu | giuwx giữ | giwx giữ | quawng quăng | oawts oắt
"""
ONSETS_WITH_VOWELS = """
gif gì | gis gí | giaf già | gias giá | giof giò | gios gió | gieengs giếng | giowf giờ | giuowngf giường
giuwxa giữa | giups giúp | ginf gìn | quys quý | quyr quỷ | quaf quà | quas quá | quar quả | quyeenf quyền
quyeets quyết | quaanj quận | quaays quấy | quanr quản | queen quên | quynhf quỳnh | nghieemj nghiệm | nghir nghỉ
nghij nghị | ngayf ngày | nhieeuf nhiều | trerm trẻm | tres tré | trer trẻ | phoor phổ | phoos phố | thij thị
khueechs khuếch | thuyeetj thuyệt | nguyeenx nguyễn | khuyar khuỷa | tuyeens tuyến
yeeu yêu | yeeus yếu | yeen yên | khuyur khuỷu | ngoef ngòe | ngoeor ngoẻo | ngoaif ngoài | xoays xoáy | ddaks đák
ddawks đắk
"""
PHRASES = """
khai sinh -> khai sinh
khais sinh -> khái sinh
ddang kys -> đang ký
ddawng kys keets hoon -> đăng ký kết hôn
DDAWNG KYS KEETS HOON -> ĐĂNG KÝ KẾT HÔN
Ddawng kys khai tuwr -> Đăng ký khai tử
giaays chuwngs nhaanj quyeenf suwr dungj ddaats -> giấy chứng nhận quyền sử dụng đất
soor ddor -> sổ đỏ
hooj khaaur -> hộ khẩu
cawn cuwowcs coong daan -> căn cước công dân
chuwngs thuwcj banr sao -> chứng thực bản sao
giaays pheps xaay duwngj -> giấy phép xây dựng
lys lichj tuw phaps -> lý lịch tư pháp
hooj nghefo -> hộ nghèo
truwowngf hopwj -> trường hợp
Trar keets quar -> Trả kết quả
uyr quyeenf -> ủy quyền
"""
PLAIN = """
class | class
window | window
hello | hello
wifi | wifi
web | web
work | work
www | ww
facebook | facebook
online | online
internet | internet
email | email
photocopy | photocopy
street | street
zalo | zalo
VNeID | VNeID
CT07 | CT07
A7-012 | A7-012
12 345,67 | 12 345,67
? ! (a) | ? ! (a)
karaoke | karaoke
khaisinh | khaisinh
datdai | datdai
dinhdanh | dinhdanh
dangkykethon | dangkykethon
한국어 | 한국어
"""
UNDONE = """
aaa aa | eee ee | ooo oo | aww aw | oww ow | uww uw | ww w | ddd dd | ass as | aff af | arr ar | axx ax | ajj aj
uoww uow | tww tw | asz a | banfz ban | hoonsz hôn | asss ass | tesst test | dangdd dangd | canaa cana | khasis khais
asf à | ajs á | aaw ă | awa â | oow ơ | owo ô | masss mass | xooong xoong | giupss giups
"""
SLIPS_OF_THE_FINGER = """
nguwowifk ngườik | khaisb kháib | giaaysk giấyk | hoonq hônq | vieejtt việtt | ddaatsg đấtg
"""


def pairs(table: str) -> list[tuple[str, str]]:
    """Keys and text from a table of them."""
    return [tuple(one.split()) for line in table.split("\n") for one in line.split("|") if one.strip()]  # type: ignore[misc]


def lines(table: str, between: str) -> list[tuple[str, str]]:
    """Keys and text from lines, where either may have spaces."""
    return [tuple(line.split(between)) for line in table.strip().split("\n")]  # type: ignore[misc]


def keys_of(text: str) -> str:
    """The keys of a text as most people type it: marks beside their letters, the tone at the end of the word."""
    return " ".join(_keys_of_word(word) for word in text.split(" "))


def _keys_of_word(word: str) -> str:
    keys, tone = "", ""
    for letter in word:
        marks = unicodedata.normalize("NFD", letter)
        tone += "".join(TONE_KEYS.get(mark, "") for mark in marks)
        toneless = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in TONE_KEYS))
        typed = MARKED_KEYS.get(toneless.lower(), toneless.lower())
        keys += typed.upper() if toneless.isupper() else typed
    return keys + tone


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        *pairs(LETTERS_AND_MARKS),
        *pairs(TONES_AT_THE_END),
        *pairs(TONES_ELSEWHERE),
        *pairs(MARKS_AT_THE_END),
        *pairs(UO_WITH_HORNS),
        *pairs(OTHER_HORNS),
        *pairs(ONSETS_WITH_VOWELS),
        *lines(PHRASES, " -> "),
    ],
)
def test_keys_make_vietnamese(keys: str, text: str) -> None:
    """Wherever in the word the marks are typed."""
    assert compose(keys) == text


@pytest.mark.parametrize(("keys", "text"), lines(PLAIN, " | "))
def test_what_is_not_vietnamese_stays_as_typed(keys: str, text: str) -> None:
    """Foreign words, codes, digits, other scripts; and plain syllables run together."""
    assert compose(keys) == text


@pytest.mark.parametrize(("keys", "text"), pairs(UNDONE))
def test_a_key_once_more_undoes(keys: str, text: str) -> None:
    """The mark goes, the key stays. Another mark replaces the first."""
    assert compose(keys) == text


@pytest.mark.parametrize(("keys", "text"), pairs(SLIPS_OF_THE_FINGER))
def test_a_slip_spoils_nothing(keys: str, text: str) -> None:
    """What is composed stays, and backspace takes only the wrong letter away."""
    assert compose(keys) == text
    assert compose(erase(keys)) == text[:-1]


@pytest.mark.parametrize(
    ("keys", "old", "new"),
    [
        ("hoaf", "hòa", "hoà"),
        ("xoas", "xóa", "xoá"),
        ("khoer", "khỏe", "khoẻ"),
        ("huyr", "hủy", "huỷ"),
        ("thuyr", "thủy", "thuỷ"),
        ("uyr", "ủy", "uỷ"),
        ("hoanf", "hoàn", "hoàn"),
        ("hoaij", "hoại", "hoại"),
        ("huynhf", "huỳnh", "huỳnh"),
        ("quys", "quý", "quý"),
        ("quaf", "quà", "quà"),
        ("giaf", "già", "già"),
        ("cuar", "của", "của"),
        ("thuees", "thuế", "thuế"),
    ],
)
def test_the_tone_has_its_place(keys: str, old: str, new: str) -> None:
    """Only open `oa`, `oe` and `uy` differ. Ours is the old place, as in the names of procedures."""
    assert compose(keys, style=ToneStyle.OLD) == old
    assert compose(keys, style=ToneStyle.NEW) == new
    assert STYLE is ToneStyle.OLD


@pytest.mark.parametrize(
    ("keys", "left"),
    [
        ("khais", ["khá", "kh", "k", ""]),
        ("vieetj", ["việ", "vi", "v", ""]),
        ("ddaats", ["đấ", "đ", ""]),
        ("toanf", ["tòa", "tò", "t", ""]),
        ("nguwowif", ["ngườ", "ngư", "ng", "n", ""]),
        ("tesst", ["tes", "te", "t", ""]),
        ("ass", ["a", ""]),
        ("khaisinh", ["khaisin", "khaisi", "khais", "khai", "kha", "kh", "k", ""]),
        ("hoon 5", ["hôn ", "hôn", "hô", "h", ""]),
        ("", [""]),
    ],
)
def test_backspace_takes_one_letter(keys: str, left: list[str]) -> None:
    """With its marks and the tone on it; a tone that remains finds its place anew."""
    for text in left:
        keys = erase(keys)
        assert compose(keys) == text


def test_typing_goes_on_after_backspace() -> None:
    """From what is left, as if it had been typed so: marks can still be changed."""
    assert compose(erase("vieetj") + "c") == "việc"
    assert compose(erase("vieetj") + "sn") == "viến"
    assert compose(erase("nguwowifk") + "r") == "ngưởi"
    assert compose(erase("daat") + "yd") == "đây"
    assert compose(erase("khaisb") + "s") == "khais"


def test_composed_letters_count_as_typed() -> None:
    """Text can be typed on, however it came there."""
    assert compose("việt") == "việt"
    assert compose("đât" + "s") == "đất"
    assert compose("đắng" + "z") == "đăng"
    assert compose("hoà") == "hòa"


@pytest.mark.parametrize("style", ToneStyle)
def test_every_syllable_of_the_procedures_can_be_typed(style: ToneStyle) -> None:
    """In small letters, in capitals, and again from the text itself; ours are written in our style."""
    for syllable in SYLLABLES:
        typed = compose(keys_of(syllable), style=style)
        assert bare(typed) == bare(syllable)
        assert sorted(unicodedata.normalize("NFD", typed)) == sorted(unicodedata.normalize("NFD", syllable))
        assert compose(keys_of(syllable).upper(), style=style) == typed.upper()
        assert compose(typed, style=style) == typed
        assert typed == syllable or style is not STYLE


def test_unmarked_syllables_stay() -> None:
    """Most people type without marks: no syllable of ours turns into another one then."""
    for syllable in map(bare, SYLLABLES):
        assert compose(syllable) == syllable
        assert is_plain_syllable(syllable)


BUSY_KEYS = st.text(st.sampled_from("aaeeoouuiiyywwddsfrxjzghnctpmkqlvbAĐ -1ộươá"), max_size=16)
ANY_TEXT = st.text(max_size=20)


@given(st.one_of(BUSY_KEYS, ANY_TEXT), st.sampled_from(ToneStyle))
@settings(deadline=None)
def test_backspace_always_takes_one_letter(keys: str, style: ToneStyle) -> None:
    """Whatever was typed, and as often as there are letters; then nothing is left."""
    text = compose(keys, style=style)
    while keys:
        keys = erase(keys, style=style)
        left = compose(keys, style=style)
        assert bare(left) == bare(text)[:-1]
        text = left
    assert text == ""


@given(st.text(st.characters(exclude_categories=["L", "M"])))
@settings(deadline=None)
def test_no_letters_no_change(keys: str) -> None:
    """Digits, signs and spaces pass."""
    assert compose(keys) == keys


@given(st.lists(st.sampled_from(SYLLABLES), max_size=6).map(" ".join))
@settings(deadline=None)
def test_words_do_not_disturb_each_other(text: str) -> None:
    """A phrase is typed as its words are."""
    assert compose(keys_of(text)) == text


@given(st.one_of(BUSY_KEYS, ANY_TEXT), st.text(st.sampled_from("asdw"), min_size=1, max_size=4))
@settings(deadline=None)
def test_a_finished_word_stays(keys: str, more: str) -> None:
    """What comes after a space changes nothing before it."""
    assert compose(f"{keys} {more}").startswith(compose(keys) + " ")
