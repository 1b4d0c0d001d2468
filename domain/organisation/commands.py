"""What an administrator may ask of the organisation. All go to one stream: a database holds one organisation."""

from typing import Final
from uuid import UUID, uuid5

from domain.commands import Command
from domain.organisation.words import PlaceCode, PlaceKind, Rank
from domain.values import GivenMoment, HouseholdId, Line, Role, UserId, VillageCode

_NAMESPACE = UUID("2f9f6f7d-3d1c-4b62-8a5c-7c1f0e9b4d33")
ORGANISATION_ID: Final = uuid5(_NAMESPACE, "organisation")
"""Where the organisation's events go."""


class OrganisationCommand(Command):
    """A command to the organisation."""

    @property
    def stream_id(self) -> UUID:
        return ORGANISATION_ID


class RegisterPlace(OrganisationCommand):
    """登记单位: a county, township, station, village or department."""

    place: PlaceCode
    kind: PlaceKind
    name: Line
    parent: PlaceCode | None = None


class RenamePlace(OrganisationCommand):
    """单位更名."""

    place: PlaceCode
    name: Line


class MovePlace(OrganisationCommand):
    """调整隶属: a village to another station or township, a township into a county."""

    place: PlaceCode
    parent: PlaceCode


class ClosePlace(OrganisationCommand):
    """撤销单位: its issues are carried on; nothing new is logged there."""

    place: PlaceCode


class AppointOfficer(OrganisationCommand):
    """任职, from now or `since` on."""

    officer: UserId
    role: Role
    place: PlaceCode
    in_charge: bool = False
    rank: Rank | None = None
    since: GivenMoment | None = None
    until: GivenMoment | None = None


class EndAppointment(OrganisationCommand):
    """免职, now or at `until`."""

    officer: UserId
    role: Role
    place: PlaceCode
    until: GivenMoment | None = None


class LinkOfficer(OrganisationCommand):
    """联村、联户: the officer answers for keeping in touch with a village, or with one household of it."""

    officer: UserId
    village: VillageCode
    household: HouseholdId | None = None


class UnlinkOfficer(OrganisationCommand):
    """解除联系."""

    officer: UserId
    village: VillageCode
    household: HouseholdId | None = None


class NameDeputy(OrganisationCommand):
    """代理: somebody acts in an officer's post, for a period, in that officer's stead."""

    officer: UserId
    role: Role
    place: PlaceCode
    deputy: UserId
    since: GivenMoment | None = None
    until: GivenMoment


class WithdrawDeputy(OrganisationCommand):
    """结束代理."""

    officer: UserId
    role: Role
    place: PlaceCode
    deputy: UserId
