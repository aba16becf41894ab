"""What the portal's pages show, gathered and worded for customers."""

from evenhand.portal.queries.guidance import Guidance, Row, Sent, guidance, sent
from evenhand.portal.queries.policy import PlacePage, PolicyPage, place_page, policy_page
from evenhand.portal.queries.tickets import answered_fact, own_ticket, own_tickets

__all__ = [
    "Guidance",
    "PlacePage",
    "PolicyPage",
    "Row",
    "Sent",
    "answered_fact",
    "guidance",
    "own_ticket",
    "own_tickets",
    "place_page",
    "policy_page",
    "sent",
]
