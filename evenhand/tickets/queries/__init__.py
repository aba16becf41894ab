"""What pages and machines read of tickets. Every read goes through `visible_to(person)`."""

from evenhand.tickets.queries.conversation import EventView, File, Letter, MessageView, PersonView
from evenhand.tickets.queries.customer import (
    CustomerTicket,
    CustomerTicketPage,
    PublicRuling,
    customer_ticket_page,
    customer_tickets,
)
from evenhand.tickets.queries.earlier import EarlierTicket, earlier_tickets
from evenhand.tickets.queries.evenness import GROUPINGS, Evenness, UnknownGrouping, evenness
from evenhand.tickets.queries.hands import Choice
from evenhand.tickets.queries.influence import InfluenceView, influence_of
from evenhand.tickets.queries.proof import Rederived, rederive
from evenhand.tickets.queries.queue import (
    QueuePage,
    TicketRow,
    UnknownView,
    View,
    counts,
    queue,
    search,
    views,
)
from evenhand.tickets.queries.rulings import Candidate, Change, Cited, Fact, Limit, RulingView
from evenhand.tickets.queries.ticket import (
    Neighbour,
    StoreView,
    TicketPage,
    attachment,
    ticket_page,
)

__all__ = [
    "GROUPINGS",
    "Candidate",
    "Change",
    "Choice",
    "Cited",
    "CustomerTicket",
    "CustomerTicketPage",
    "EarlierTicket",
    "Evenness",
    "EventView",
    "Fact",
    "File",
    "InfluenceView",
    "Letter",
    "Limit",
    "MessageView",
    "Neighbour",
    "PersonView",
    "PublicRuling",
    "QueuePage",
    "Rederived",
    "RulingView",
    "StoreView",
    "TicketPage",
    "TicketRow",
    "UnknownGrouping",
    "UnknownView",
    "View",
    "attachment",
    "counts",
    "customer_ticket_page",
    "customer_tickets",
    "earlier_tickets",
    "evenness",
    "influence_of",
    "queue",
    "rederive",
    "search",
    "ticket_page",
    "views",
]
