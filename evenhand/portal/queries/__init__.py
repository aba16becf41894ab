"""What the portal's pages show, gathered and worded for customers."""

from evenhand.portal.queries.guidance import Guidance, Row, Sent, guidance, sent
from evenhand.portal.queries.policy import PUBLIC, PlacePage, PolicyPage, place_page, policy_page
from evenhand.portal.queries.questions import facts_of
from evenhand.portal.queries.tickets import answered, own_ticket, own_tickets

__all__ = [
    "PUBLIC",
    "Guidance",
    "PlacePage",
    "PolicyPage",
    "Row",
    "Sent",
    "answered",
    "facts_of",
    "guidance",
    "own_ticket",
    "own_tickets",
    "place_page",
    "policy_page",
    "sent",
]
