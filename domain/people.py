"""Who acts: a person, the roles they hold and the teams they manage.

A Person is a snapshot for one request; services read it afresh before every act.
"""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person may do; a person may hold several."""

    EMPLOYEE = "employee"
    MANAGER = "manager"
    SECURITY = "security"
    GUEST = "guest"
    """Somebody without an account who came by code: to one exercise, until it is over."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account, as the database knew them when they were read."""

    id: int
    name: str
    email: str
    roles: frozenset[Role]
    team_id: int | None
    manages: frozenset[int]
    active: bool = True
    demo: bool = False

    def has(self, *roles: Role) -> bool:
        """Whether the person holds at least one of the roles and is active."""
        return self.active and not self.roles.isdisjoint(roles)
