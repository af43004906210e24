"""Refusals: the rules say no. A stable code for programs, a sentence in each language for people."""

from enum import StrEnum
from typing import Final

from hub.contract.names import Text


class RefusalCode(StrEnum):
    """Stable words of the wire. Added to, never re-meant."""

    ALREADY_EXISTS = "already-exists"
    CALLED_ENOUGH = "called-enough"
    COUNTER_CLOSED = "counter-closed"
    COUNTER_PAUSED = "counter-paused"
    COUNTER_TAKEN = "counter-taken"
    DATE_UNCONFIRMED = "date-unconfirmed"
    HUB_FULL = "hub-full"
    ILLEGAL_MOVE = "illegal-move"
    MALFORMED = "malformed"
    NO_SLIP = "no-slip"
    NOBODY_WAITING = "nobody-waiting"
    NOT_ALLOWED = "not-allowed"
    NOT_FOUND = "not-found"
    NOTHING_TO_UNDO = "nothing-to-undo"
    OUTCOME_MISSING = "outcome-missing"
    PASSWORD_WEAK = "password-weak"  # noqa: S105 - a code, not a password
    REQUEST_MISMATCH = "request-mismatch"
    RETURN_OVER = "return-over"
    SERVICE_CLOSED = "service-closed"
    SIGN_IN_WRONG = "sign-in-wrong"
    STARTING = "starting"
    STILL_CALLED = "still-called"
    STILL_SERVING = "still-serving"
    TOO_LATE = "too-late"
    TOO_MANY = "too-many"
    UNKNOWN_CHOICE = "unknown-choice"
    UNKNOWN_CLASS = "unknown-class"
    UNKNOWN_COUNTER = "unknown-counter"
    UNKNOWN_SERVICE = "unknown-service"


UNREMEMBERED: Final = frozenset(
    {
        RefusalCode.MALFORMED,
        RefusalCode.NOT_ALLOWED,
        RefusalCode.TOO_MANY,
        RefusalCode.TOO_LATE,
        RefusalCode.HUB_FULL,
        RefusalCode.STARTING,
        RefusalCode.REQUEST_MISMATCH,
        RefusalCode.SIGN_IN_WRONG,
    }
)
"""Refusals that a repeat of the same request may outlive; all others are remembered like answers."""

MESSAGES: Final[dict[RefusalCode, Text]] = {
    RefusalCode.ALREADY_EXISTS: {
        "vi": "Tên này đã có. Vui lòng chọn tên khác.",
        "en": "This name exists already. Please choose another.",
    },
    RefusalCode.CALLED_ENOUGH: {
        "vi": "Đã gọi đủ số lần. Hãy ghi vắng mặt, hoặc bắt đầu nếu người đó đã đến.",
        "en": "Called often enough: mark as no-show, or start if the person has come.",
    },
    RefusalCode.COUNTER_CLOSED: {
        "vi": "Quầy chưa mở. Hãy mở quầy trước.",
        "en": "The counter is closed. Open it first.",
    },
    RefusalCode.COUNTER_PAUSED: {
        "vi": "Quầy đang tạm ngưng. Hãy tiếp tục phục vụ trước.",
        "en": "The counter is paused. Resume it first.",
    },
    RefusalCode.COUNTER_TAKEN: {
        "vi": "Cán bộ khác đang ngồi quầy này.",
        "en": "Another officer has this counter open.",
    },
    RefusalCode.DATE_UNCONFIRMED: {
        "vi": "Đồng hồ máy chủ đang chậm hơn lần ghi cuối. Quản trị viên cần xác nhận ngày.",
        "en": "The hub's clock is behind its last entry. An administrator must confirm the date.",
    },
    RefusalCode.HUB_FULL: {
        "vi": "Máy chủ hết chỗ lưu. Vui lòng lấy số tại quầy hướng dẫn.",
        "en": "The hub's disk is full. Please take a number at the desk.",
    },
    RefusalCode.ILLEGAL_MOVE: {
        "vi": "Không làm được việc này với số ở trạng thái hiện tại.",
        "en": "This cannot be done with the ticket in its present state.",
    },
    RefusalCode.MALFORMED: {
        "vi": "Yêu cầu không đúng mẫu.",
        "en": "The request is malformed.",
    },
    RefusalCode.NO_SLIP: {
        "vi": "Số này không in ở máy lấy số nào của trung tâm nên không in lại được.",
        "en": "This number was not printed by a kiosk of the centre, so it cannot be printed again.",
    },
    RefusalCode.NOBODY_WAITING: {
        "vi": "Không có ai đang chờ.",
        "en": "Nobody is waiting.",
    },
    RefusalCode.NOT_ALLOWED: {
        "vi": "Không có quyền làm việc này.",
        "en": "This is not allowed.",
    },
    RefusalCode.NOT_FOUND: {
        "vi": "Không tìm thấy.",
        "en": "Not found.",
    },
    RefusalCode.NOTHING_TO_UNDO: {
        "vi": "Không còn gì để hoàn tác (chỉ trong 10 giây).",
        "en": "There is nothing left to undo (10 seconds at most).",
    },
    RefusalCode.OUTCOME_MISSING: {
        "vi": "Hãy chọn kết quả của lượt này trước khi kết thúc.",
        "en": "Choose how this visit ended before you finish it.",
    },
    RefusalCode.PASSWORD_WEAK: {
        "vi": "Mật khẩu cần ít nhất 8 ký tự và không thuộc loại quá thông dụng.",
        "en": "A password needs at least 8 characters and must not be a common one.",
    },
    RefusalCode.REQUEST_MISMATCH: {
        "vi": "Mã yêu cầu này đã dùng cho một yêu cầu khác.",
        "en": "This request id was used for another request.",
    },
    RefusalCode.RETURN_OVER: {
        "vi": "Số này đã quá thời gian được quay lại. Xin cấp số mới.",
        "en": "The time in which this number may come back is over. Please give a new one.",
    },
    RefusalCode.SERVICE_CLOSED: {
        "vi": "Dịch vụ này đang đóng.",
        "en": "This service is closed.",
    },
    RefusalCode.SIGN_IN_WRONG: {
        "vi": "Tên hoặc mật khẩu không đúng.",
        "en": "The name or the password is wrong.",
    },
    RefusalCode.STARTING: {
        "vi": "Hệ thống đang khởi động, vui lòng chờ giây lát.",
        "en": "The hub is starting. Please wait a moment.",
    },
    RefusalCode.STILL_CALLED: {
        "vi": "Số vừa gọi chưa đến. Hãy bắt đầu, gọi lại hoặc ghi vắng mặt.",
        "en": "The called person has not come yet: start, recall or mark as no-show.",
    },
    RefusalCode.STILL_SERVING: {
        "vi": "Quầy đang phục vụ. Hãy kết thúc lượt này trước.",
        "en": "The counter is serving somebody. Finish that visit first.",
    },
    RefusalCode.TOO_LATE: {
        "vi": "Yêu cầu đến quá muộn và không được thực hiện.",
        "en": "The request came too late and had no effect.",
    },
    RefusalCode.TOO_MANY: {
        "vi": "Quá nhiều yêu cầu. Vui lòng chờ rồi thử lại.",
        "en": "Too many requests. Please wait and try again.",
    },
    RefusalCode.UNKNOWN_CHOICE: {
        "vi": "Trung tâm không có lựa chọn này.",
        "en": "The centre has no such choice.",
    },
    RefusalCode.UNKNOWN_CLASS: {
        "vi": "Không có đối tượng này.",
        "en": "There is no such class.",
    },
    RefusalCode.UNKNOWN_COUNTER: {
        "vi": "Không có quầy này.",
        "en": "There is no such counter.",
    },
    RefusalCode.UNKNOWN_SERVICE: {
        "vi": "Không có dịch vụ này.",
        "en": "There is no such service.",
    },
}


class Refusal(Exception):
    """The rules say no and nothing was changed. `code` says why; `retry_after_s` when asking again may help."""

    def __init__(self, code: RefusalCode, *, retry_after_s: int | None = None) -> None:
        super().__init__(code.value)
        self.code = code
        self.retry_after_s = retry_after_s

    @property
    def message(self) -> Text:
        """The sentence for people, by language."""
        return MESSAGES[self.code]
