"""Three people under the conduct part, made by the desk's own acts: proposed, warned, and appealing.

The proposal comes with the example mail (0500). The other two messages are sent here, and decided by the lead
of the demo, so that its administrator has an appeal to decide.
"""

from __future__ import annotations

from evenhand.conduct import actions as conduct
from evenhand.conduct.models import Proposal, Step
from evenhand.intake import actions as intake
from evenhand.intake.incoming import from_fields
from evenhand.people.models import Brand, Membership, Person, Role
from evenhand.tickets import actions as tickets
from evenhand.tickets.models import Channel

BRAND = "americommerce"
WARNED = "joanna@littleloom.example"
APPEALING = "rob@tennysontrophies.example"
SAID = {
    WARNED: (
        "The shipping rates on my store are wrong again and I am sick of it. Fix the damn thing, you useless "
        "bastards, before I lose another weekend of orders."
    ),
    APPEALING: (
        "Since this morning the order confirmation arrives without its logo. The new template is bullshit, "
        "and I cannot show it to anybody."
    ),
}
APPEAL = "I meant the template that my nephew made for us. I have no quarrel with anybody at your desk."


def ensure() -> None:
    """Make what is missing; what somebody decided since stays."""
    brand = Brand.objects.filter(slug=BRAND).first()
    lead = _lead(brand) if brand else None
    if brand is None or lead is None:
        return
    for address in SAID:
        _confirm(brand, address, lead)
    appealed = Step.objects.filter(brand=brand, person__email=APPEALING).first()
    if appealed and not appealed.appeals.exists() and appealed.ended_at is None:
        conduct.appeal(appealed, by=appealed.person, text=APPEAL)


def _confirm(brand: Brand, address: str, lead: Person) -> None:
    """Send the message, once, and confirm what the policy proposes about it, once."""
    sent = from_fields(
        brand=brand,
        channel=Channel.FORM,
        source_id=f"demo:conduct:{address}",
        sender_address=address,
        text=SAID[address],
    )
    arrival = intake.take_in(sent)
    proposal = Proposal.objects.waiting().filter(message_id=arrival.message_id or 0).first()
    if proposal:
        tickets.confirm_step(proposal, by=lead)


def _lead(brand: Brand) -> Person | None:
    held = Membership.objects.filter(brand=brand, role=Role.LEAD).select_related("person").order_by("pk")
    found = held.first()
    return found.person if found else None
