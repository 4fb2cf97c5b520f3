"""Answers who the user is: one plain individual account without adviser, vendor or brand."""

from bot.exchange.venue.floor import Client, Floor
from bot.exchange.wire.replies import (
    NO_REQUEST,
    FamilyCode,
    FamilyCodes,
    SoftDollarTiers,
    UserInfo,
    VerifyAndAuthCompleted,
    VerifyCompleted,
)
from bot.exchange.wire.requests import (
    ReplaceAdvisorConfiguration,
    RequestAdvisorConfiguration,
    RequestFamilyCodes,
    RequestSoftDollarTiers,
    RequestUserInfo,
    VerifyAndAuthMessage,
    VerifyAndAuthRequest,
    VerifyMessage,
    VerifyRequest,
)

_NO_ADVISER = "Error validating request: cause - FA data operations ignored for non FA customers."
# A client must announce a proof in its very first message, which none that gets here has done.
_NOT_ANNOUNCED = "Intent to authenticate needs to be expressed during initial connect request."


class UserDesk:
    """Serves the requests about the user and the program the user runs."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def family_codes(self, client: Client, _request: RequestFamilyCodes) -> None:
        """Send the account, which belongs to no family."""
        codes = (FamilyCode(account=self._floor.books.account),)
        self._floor.send(client, FamilyCodes(codes=codes))

    def soft_dollar_tiers(self, client: Client, request: RequestSoftDollarTiers) -> None:
        """Send an empty list, as an individual has none."""
        self._floor.send(client, SoftDollarTiers(request_id=request.request_id))

    def user_info(self, client: Client, request: RequestUserInfo) -> None:
        """Send the empty brand, which is the broker's own."""
        self._floor.send(client, UserInfo(request_id=request.request_id, white_branding_id=""))

    def advisor_configuration(self, client: Client, _request: RequestAdvisorConfiguration) -> None:
        """Refuse with 321: the request has no id and the account no adviser."""
        self._floor.fail(client, NO_REQUEST, 321, _NO_ADVISER)

    def replace_advisor_configuration(
        self, client: Client, request: ReplaceAdvisorConfiguration
    ) -> None:
        """Refuse with 321."""
        self._floor.fail(client, request.request_id, 321, _NO_ADVISER)

    def verify(self, client: Client, _request: VerifyRequest | VerifyMessage) -> None:
        """Say that the proof has failed."""
        reply = VerifyCompleted(successful=False, error_text=_NOT_ANNOUNCED)
        self._floor.send(client, reply)

    def verify_and_authorize(
        self, client: Client, _request: VerifyAndAuthRequest | VerifyAndAuthMessage
    ) -> None:
        """Say that the proof with a vendor's key has failed."""
        reply = VerifyAndAuthCompleted(successful=False, error_text=_NOT_ANNOUNCED)
        self._floor.send(client, reply)
