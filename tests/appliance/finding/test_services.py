"""Services are found as people ask for them, and nothing is found where there is nothing."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.finding.likeness import words_of
from appliance.finding.services import Found, Why, find
from appliance.finding.telex import bare
from appliance.finding.wordings import Place
from hub.contract.messages import Services
from tests.appliance.centre import demo, ward

WARD, DEMO = ward(), demo()
IDS = [service.id for group in WARD.groups for service in group.services]

AS_THEY_ARE_CALLED = """
khai sinh -> birth
Đăng ký khai sinh -> birth
đăng ký lại khai sinh -> birth-again
khai sinh lưu động -> birth-mobile
khai sinh có yếu tố nước ngoài -> birth-foreign
kết hôn -> marriage
đăng ký kết hôn -> marriage
kết hôn nước ngoài -> marriage-foreign
tình trạng hôn nhân -> single
khai tử -> death
giám hộ -> guardian
chấm dứt giám hộ -> guardian-end
nhận cha mẹ con -> parent
cải chính hộ tịch -> correction
trích lục -> extract
nuôi con nuôi -> adoption
chứng thực -> copy signature testament translator
chứng thực bản sao -> copy
chứng thực chữ ký -> signature
di chúc -> testament
phân chia di sản -> division
thường trú -> permanent
tạm trú -> temporary
gia hạn tạm trú -> temporary-longer
xóa thường trú -> permanent-end
tách hộ -> split
lưu trú -> stay
tạm vắng -> absence
thẻ căn cước -> identity identity-exchange identity-again
cấp lại căn cước -> identity-again
căn cước dưới 14 tuổi -> identity-child
hộ chiếu -> passport
biển số xe -> vehicle
đất đai -> land-first land-dispute
tách thửa -> land-split
quyền sử dụng đất -> land-first land-exchange
giấy phép xây dựng -> build build-longer build-again
vỉa hè -> pavement
nhà ở xã hội -> social-housing
hộ kinh doanh -> business business-end
doanh nghiệp tư nhân -> company
hộ nghèo -> poor
thoát nghèo -> poor-end
khuyết tật -> disability
trợ cấp xã hội -> allowance
mai táng -> funeral
ăn trưa mẫu giáo -> lunch
hòa giải viên -> mediator
trả kết quả -> results
"""
AS_PEOPLE_SAY_IT = """
làm giấy khai sinh -> birth
tôi muốn làm giấy khai sinh cho cháu nội mới đẻ -> birth
xin giấy khai sinh cho con -> birth
gks -> birth
đkks -> birth
khai sanh -> birth
bản sao khai sinh -> extract
sửa tên trong khai sinh -> correction
đổi tên -> correction
đkkh -> marriage
hôn thú -> marriage
làm giấy kết hôn -> marriage
lấy chồng hàn quốc -> marriage-foreign
giấy độc thân -> single
báo tử -> death
giấy chứng tử -> death
xin con nuôi -> adoption
công chứng -> copy
sao y bản chính -> copy
photo công chứng -> copy
giấy ủy quyền -> signature
thừa kế -> division
mua bán nhà -> contract
hộ khẩu -> permanent
nhập hộ khẩu -> permanent
tách khẩu -> split
cắt khẩu -> permanent-end
kt3 -> temporary
ct07 -> residence-proof
xác nhận nơi ở -> residence-proof
cccd -> identity
làm cccd -> identity
chứng minh nhân dân -> identity
cmnd -> identity
mất cccd -> identity-again
cccd hết hạn -> identity-exchange
vneid -> vneid
định danh mức 2 -> vneid
mất passport -> passport-lost
đi nước ngoài -> passport
lltp -> record
án tích -> record
cà vẹt -> vehicle
đăng ký xe máy -> vehicle
sổ đỏ -> land-first land-exchange
sổ hồng -> land-first land-exchange
bìa đỏ -> land-first land-exchange
làm sổ đỏ lần đầu -> land-first
mất sổ đỏ -> land-lost
làm lại sổ đỏ bị mất -> land-lost
sang tên sổ đỏ -> land-change
tách sổ -> land-split
thế chấp -> mortgage
vay ngân hàng -> mortgage
lên thổ cư -> land-lease
hàng xóm lấn đất -> land-dispute
gpxd -> build
xây nhà -> build
sửa nhà -> renovate
chặt cây -> tree
đào đường -> roadworks
đkkd -> business
giấy phép kinh doanh -> business
mở quán cà phê -> business
mở cửa hàng -> business
đóng cửa hàng -> business-end
tạm nghỉ bán -> business-pause
mở công ty -> company
tiền già -> allowance
người tàn tật -> disability
tiền đám ma -> funeral
liệt sĩ -> merit
bhyt -> birth-linked
giấy hẹn -> results
lấy kết quả -> results
"""
WITH_ERRORS = """
khaisinh -> birth
kh sinh -> birth
k sinh -> birth
khai sin -> birth
khai si -> birth
kahi sinh -> birth
khai sihn -> birth
khia snih -> birth
jhai sinh -> birth
kgai sinh -> birth
khi sinh -> birth
kha isinh -> birth
khai xinh -> birth
khái sính -> birth
kháib sinh -> birth
kháiinh -> birth
dangkykhaisinh -> birth
kethon -> marriage
ket hom -> marriage
kêt hôn -> marriage
dagn ky kte hon -> marriage
dangkyketho -> marriage
trung thuc chu ky -> signature
chứg thực chữ ký -> signature
sodo -> land-first land-exchange
xổ đỏ -> land-first land-exchange
so do -> land-first land-exchange
hokhau -> permanent
hộ khảu -> permanent
can cuoc -> identity identity-exchange identity-again
cang cuoc -> identity-exchange identity-again
căn cướt -> identity-exchange identity-again
tam chu -> temporary
tamtru -> temporary
ho chieuu -> passport
hochieu -> passport
giay phep xay dugn -> build-longer build-again build
ho ngeo -> poor
tro cáp -> allowance
khuyet taat -> disability
tach thuwa -> land-split
ly lich tu phapp -> record
saoy -> copy
"""
IN_ENGLISH = """
birth -> birth
birth certificate -> birth extract
birthcertificate -> birth extract
brith -> birth
marriage -> marriage
merriage -> marriage
get married -> marriage
marital status -> single
death -> death
certified copy -> copy
notary -> copy
permanent residence -> permanent
temporary residence -> temporary
id card -> identity identity-exchange identity-again
pasport -> passport
criminal record -> record
red book -> land-first land-exchange
mortgage -> mortgage
building permit -> build build-longer
open a shop -> business
social housing -> social-housing
funeral -> funeral
disabled -> disability
collect my results -> results
"""
IN_A_SMALL_CENTRE = """
khai sinh -> civil-status
giấy khai sinh -> civil-status
ket hon -> civil-status
giám hộ -> civil-status
độc thân -> civil-status
công chứng -> certification
sao y -> certification
ủy quyền -> certification
sổ đỏ -> land
so do -> land
tách sổ đỏ -> land
xây nhà -> land
thế chấp -> land
đkkd -> business
mở quán -> business
hộ nghèo -> social
liệt sĩ -> social
trợ cấp -> social
lấy kết quả -> results
giấy hẹn -> results
birth -> civil-status
land title -> land
"""
NONSENSE = """
xyz | asdfgh | qwerty | zzzz | bbbbb | abc | 12345 | ??? | lorem ipsum | 😀
pizza | hello | banana | weather | toilet | wifi | karaoke | tivi
xin chào | bún bò huế | thời tiết hôm nay | bóng đá | vé máy bay | khám răng | ăn phở | con mèo | nước mắm | trời mưa
điện thoại | cắt tóc | gà rán | ly hôn | phim hay | tôi muốn | xin | a | em ơi cho anh hỏi
"""


def cases(table: str) -> list[tuple[str, set[str]]]:
    """Queries, and the services one of which must be among the first three."""
    return [(query, set(ids.split())) for query, ids in (line.split(" -> ") for line in table.strip().split("\n"))]


def first(query: str, services: Services = WARD, language: str = "vi", most: int = 3) -> list[str]:
    """The ids of what is found first."""
    return [found.service_id for found in find(query, services, language)[:most]]


@pytest.mark.parametrize(("query", "wanted"), [*cases(AS_THEY_ARE_CALLED), *cases(AS_PEOPLE_SAY_IT)])
def test_services_are_found(query: str, wanted: set[str]) -> None:
    """As they are called, and as people say it."""
    assert wanted & set(first(query))


@pytest.mark.parametrize(("query", "wanted"), [*cases(AS_THEY_ARE_CALLED), *cases(AS_PEOPLE_SAY_IT)])
def test_marks_are_not_needed(query: str, wanted: set[str]) -> None:
    """Most people type none."""
    assert wanted & set(first(bare(query)))


@pytest.mark.parametrize(("query", "wanted"), cases(WITH_ERRORS))
def test_errors_are_forgiven(query: str, wanted: set[str]) -> None:
    """Letters wrong, swapped, missing or too many; words run together or only begun; spelled by ear."""
    assert wanted & set(first(query))


@pytest.mark.parametrize(("query", "wanted"), cases(IN_ENGLISH))
def test_services_are_found_in_english(query: str, wanted: set[str]) -> None:
    """By their English words; also from a Vietnamese screen, and the other way round."""
    assert wanted & set(first(query, language="en"))
    assert wanted & set(first(query, language="vi"))
    assert "birth" in first("khai sinh", language="en")


@pytest.mark.parametrize(("query", "wanted"), cases(IN_A_SMALL_CENTRE))
def test_a_small_centre_answers_with_what_it_has(query: str, wanted: set[str]) -> None:
    """One service for a whole field: the words of its description and of the everyday table lead there."""
    assert first(query, DEMO, most=1) == list(wanted)


@pytest.mark.parametrize("services", [WARD, DEMO], ids=["ward", "demo"])
@pytest.mark.parametrize("query", [query.strip() for line in NONSENSE.split("\n") for query in line.split("|")])
def test_nonsense_finds_nothing(query: str, services: Services) -> None:
    """Rather nothing than something else."""
    assert find(query, services, "vi") == []


@pytest.mark.parametrize("query", ["cccd", "hộ khẩu", "hộ chiếu", "vneid", "nuôi con nuôi nước ngoài", "đóng thuế"])
def test_what_a_centre_does_not_offer_is_not_found(query: str) -> None:
    """The demo's ward has no police and no taxes."""
    assert not {"land", "business", "certification", "results"} & set(first(query, DEMO))


@pytest.mark.parametrize("query", ["Giấy khai sinh", "sổ đỏ", "Hòa giải", "đăng ký"])
def test_writing_makes_no_difference(query: str) -> None:
    """Capitals, composed letters or not, the place of the tone, spaces."""
    found = find(query, WARD, "vi")
    assert found
    for same in (
        query.upper(),
        unicodedata.normalize("NFD", query),
        query.replace("òa", "oà"),
        f"  {query.replace(' ', '  ')}! ",
    ):
        assert find(same, WARD, "vi") == found


def test_the_plain_service_comes_before_the_special_ones() -> None:
    """A name that is asked for whole, before names that say more."""
    assert first("khai sinh")[0] == "birth"
    assert first("kết hôn")[0] == "marriage"
    assert first("khai tử")[0] == "death"
    assert first("tạm trú")[0] == "temporary"
    assert first("giám hộ")[0] == "guardian"


def test_services_that_fit_alike_keep_their_order() -> None:
    """As the kiosk shows them otherwise."""
    group = DEMO.groups[0]
    alike = [group.services[0].model_copy(update={"id": one}) for one in ("c", "a", "b")]
    services = Services(version=1, groups=[group.model_copy(update={"services": alike})])
    assert first("khai sinh", services) == first("gks", services) == ["c", "a", "b"]
    assert first("chứng thực")[:2] == ["signature", "testament"]


def test_what_fits_much_worse_is_left_out() -> None:
    """Whoever is found exactly stands alone."""
    assert first("tách thửa", most=9) == ["land-split"]
    assert first("vneid", most=9) == ["vneid"]
    assert set(first("cccd", most=9)) == {"identity", "identity-child", "identity-exchange", "identity-again"}


@pytest.mark.parametrize(
    ("query", "language", "found"),
    [
        ("khai tu", "vi", Found("death", Why(Place.NAME, "Đăng ký khai tử"))),
        ("death", "vi", Found("death", Why(Place.NAME, "Death registration"))),
        ("so do", "vi", Found("land-exchange", Why(Place.EVERYDAY, "sổ đỏ"))),
        ("thân nhân liệt sĩ", "vi", Found("merit", Why(Place.DESCRIPTION, "thân nhân liệt sĩ"))),
        ("passport", "vi", Found("passport", Why(Place.EVERYDAY, "passport"))),
    ],
)
def test_it_says_why(query: str, language: str, found: Found) -> None:
    """The words that answered, as they are written: they explain a service whose name says something else."""
    assert find(query, WARD, language)[0] == found


def test_why_in_a_small_centre() -> None:
    """`Hộ tịch` explains itself by what is in it."""
    assert find("khai sinh", DEMO, "vi") == [Found("civil-status", Why(Place.DESCRIPTION, "Khai sinh"))]
    assert find("hộ tịch", DEMO, "vi")[0].why == Why(Place.NAME, "Hộ tịch")


def test_no_services_no_finds() -> None:
    """Before the hub has told any, and for services without words."""
    assert find("khai sinh", Services(version=1, groups=[]), "vi") == []
    group = DEMO.groups[0]
    silent = group.model_copy(
        update={"name": {}, "services": [group.services[0].model_copy(update={"name": {"vi": "–"}, "description": {}})]}
    )
    assert find("khai sinh", Services(version=1, groups=[silent]), "vi") == []


def test_news_are_heard() -> None:
    """A new message of services is found by its own words, though its version may be the same."""
    group = DEMO.groups[0]
    renamed = group.model_copy(update={"services": [group.services[0].model_copy(update={"name": {"vi": "Câu cá"}})]})
    changed = Services(version=DEMO.version, groups=[renamed])
    assert find("cau ca", DEMO, "vi") == []
    assert first("cau ca", changed) == ["civil-status"]


@given(st.one_of(st.text(max_size=40), st.text(st.sampled_from("khaisnđdếtôơư 12"), max_size=40)))
@settings(max_examples=200, deadline=None)
def test_any_query(query: str) -> None:
    """Never a crash; each service once at most; the same again for the same."""
    found = find(query, WARD, "vi")
    ids = [one.service_id for one in found]
    assert len(ids) == len(set(ids))
    assert set(ids) <= set(IDS)
    assert find(query, WARD, "vi") == found
    assert words_of(query) or not found


@given(st.integers(0, len(IDS) - 1), st.data())
@settings(max_examples=150, deadline=None)
def test_any_name_with_one_slip(number: int, data: st.DataObject) -> None:
    """Two letters swapped in any longer word of any name: the service is still among those found."""
    service = [service for group in WARD.groups for service in group.services][number]
    words = bare(service.name["vi"]).lower().split()[:8]
    at = data.draw(st.integers(0, len(words) - 1))
    if len(words[at]) >= 4:
        place = data.draw(st.integers(0, len(words[at]) - 2))
        word = words[at]
        words[at] = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    assert service.id in first(" ".join(words), most=len(IDS))
