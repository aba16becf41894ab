"""What each role may do. docs/roles.md prints this table; a test holds the two together."""

from __future__ import annotations

from enum import StrEnum

from evenhand.people.models import Role


class Permission(StrEnum):
    SEE_OWN_TICKETS = "see own tickets"
    SEE_ALL_TICKETS = "see all tickets"  # of the brand
    SEE_TEAM_TICKETS = "see the tickets of one's teams"
    ANSWER = "reply, note, assign, change status"
    RULE = "choose a topic, accept a proposal"
    OVERRIDE = "override a ruling, with a reason"
    TAKE_CALLS = "write call notes"
    PUBLISH = "publish and withdraw policies"
    WRITE_DRAFTS = "write drafts of the policy"
    SEE_RULEBOOK = "see drafts and versions of the policy"
    MANAGE_STORES = "import stores and apps"
    MANAGE_PEOPLE = "add and remove staff"
    SEE_AUDIT = "read the audit record"


P = Permission
_DEPARTMENT = frozenset({P.SEE_TEAM_TICKETS, P.ANSWER, P.SEE_RULEBOOK})
_AGENT = frozenset({P.SEE_ALL_TICKETS, P.ANSWER, P.RULE, P.OVERRIDE, P.TAKE_CALLS, P.SEE_RULEBOOK})
_LEAD = _AGENT | {P.PUBLISH, P.WRITE_DRAFTS, P.SEE_AUDIT}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.CUSTOMER: frozenset({P.SEE_OWN_TICKETS}),
    Role.AGENT: _AGENT,
    Role.LEAD: _LEAD,
    Role.ACCOUNTANT: _DEPARTMENT,
    Role.SALES: _DEPARTMENT,
    Role.DESIGNER: _DEPARTMENT,
    Role.DEVELOPER: _DEPARTMENT,
    Role.ADMINISTRATOR: _LEAD | {P.MANAGE_STORES, P.MANAGE_PEOPLE},
}
