"""The buttons that can be pressed at a kiosk, by name."""

from enum import StrEnum


class Press(StrEnum):
    """Buttons that stand on more than one screen, or need no more than their name."""

    TAKE_NUMBER = "take-number"
    FIND = "find"
    BACK = "back"
    NEXT_PAGE = "next-page"
    YES = "yes"
    DONE = "done"
    ANOTHER = "another"
    MORE_TIME = "more-time"
    LANGUAGE = "language"
    TEXT_SIZE = "text-size"
    CONTRAST = "contrast"
    LOWER_HALF = "lower-half"
    CALL_STAFF = "call-staff"
    STAFF_DOOR = "staff-door"
    SUPPORT = "support"
    TEST_PRINT = "test-print"
    LOUDER = "louder"
    QUIETER = "quieter"
    RESTART = "restart"
    LEAVE = "leave"
