"""`motcua-hub` that writes into its log what it could not read: started by `test_logs` to see the canary caught."""

from hub.__main__ import main
from hub.messaging import requests

answer = requests.Requests._malformed


def tell_all(self: requests.Requests, device: str, payload: bytes) -> None:
    """What the hub does, and what it must not."""
    requests.log.warning("request-malformed", device=device, payload=payload.decode(errors="replace"))
    answer(self, device, payload)


if __name__ == "__main__":
    requests.Requests._malformed = tell_all  # type: ignore[method-assign]
    main()
