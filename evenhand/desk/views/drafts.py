"""Around the writing of a draft: remarks, history, what changed, putting away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from evenhand.desk.access import Desk, staff_page
from evenhand.desk.forms import told
from evenhand.desk.studio_forms import NumberForm, RemarkForm
from evenhand.desk.views.studio import draft_context, find_draft, open_draft, studio_page
from evenhand.people.roles import Permission
from evenhand.rulebook import queries as rulebook
from evenhand.rulebook.drafts import queries
from evenhand.rulebook.drafts.company import remark, settle, take_up
from evenhand.rulebook.drafts.refusals import NotKept
from evenhand.rulebook.drafts.revisions import discard, rename, restore, take_up_again
from evenhand.rulebook.models import Remark

BACK = {"settle": settle, "take up": take_up}


@require_POST
@staff_page(needs=Permission.SEE_RULEBOOK)
def say(request: HttpRequest, desk: Desk, draft_id: int) -> HttpResponse:
    """A remark on a line."""
    draft, form = find_draft(desk, draft_id), RemarkForm(request.POST)
    problem, status = told(form), 422
    if form.is_valid():
        given = form.cleaned_data
        try:
            remark(draft, line=given["line"], number=given["number"], text=given["text"], by=desk.person)
            messages.success(request, "Your remark stands beside the line.")
            return redirect(f"{_address(desk, draft_id)}#remarks")
        except NotKept as refusal:
            problem, status = str(refusal), 409
    return studio_page(
        request, desk, open_draft(desk, draft_id), problem=problem, status=status, typed=request.POST.dict()
    )


@require_POST
@staff_page(needs=Permission.SEE_RULEBOOK)
def settle_remark(request: HttpRequest, desk: Desk, draft_id: int, remark_id: int) -> HttpResponse:
    """A remark is settled, or taken up again."""
    act = BACK.get(request.POST.get("do", ""), settle)
    try:
        act(find_draft(desk, draft_id), remark_id, by=desk.person)
    except Remark.DoesNotExist:
        raise Http404("There is no such remark.") from None
    return redirect(f"{_address(desk, draft_id)}#remarks")


@require_safe
@staff_page(needs=Permission.SEE_RULEBOOK)
def history(request: HttpRequest, desk: Desk, draft_id: int) -> HttpResponse:
    """Every revision and version, with who and when, and the difference between any two."""
    opened = open_draft(desk, draft_id)
    rows, versions = queries.history(opened.draft), rulebook.versions(desk.brand)
    head = f"d{draft_id}.{opened.draft.head}"
    first = f"v{opened.draft.based_on_id}" if opened.draft.based_on_id else f"d{draft_id}.1"
    old, new = request.GET.get("from", first), request.GET.get("to", head)
    context = {"tab": "history", "rows": rows, "versions": versions, "old": old, "new": new}
    context |= _difference(desk, old, new)
    return render(request, "desk/draft_history.html", draft_context(desk, opened) | context)


def _difference(desk: Desk, old: str, new: str) -> dict[str, Any]:
    """The text difference between what two addresses name. Raises Http404 where one names nothing."""
    left, right = queries.wording(desk.brand, old), queries.wording(desk.brand, new)
    if left is None or right is None:
        raise Http404("One of the two texts is not there. Choose both from the list.")
    return {
        "old_title": left[2],
        "new_title": right[2],
        "lines": queries.difference(left[0], right[0]),
        "sayings_lines": queries.difference(left[1], right[1]),
    }


@require_POST
@staff_page(needs=Permission.WRITE_DRAFTS)
def restore_revision(request: HttpRequest, desk: Desk, draft_id: int) -> HttpResponse:
    """Make an earlier revision the text again."""
    form = NumberForm(request.POST)
    if not form.is_valid():
        raise Http404("Choose a revision from the list.")
    number = form.cleaned_data["number"]
    said = f"Revision {number} is the text again, as a new revision."
    return _done(request, desk, draft_id, said, lambda draft: restore(draft, number, by=desk.person))


@require_POST
@staff_page(needs=Permission.WRITE_DRAFTS)
def tidy(request: HttpRequest, desk: Desk, draft_id: int) -> HttpResponse:
    """Rename a draft, put it away, take it up again."""
    title = request.POST.get("title", "")
    acts: dict[str, tuple[str, Callable[[Any], Any]]] = {
        "rename": ("The draft has a new name.", lambda draft: rename(draft, title=title, by=desk.person)),
        "discard": (
            "The draft is put away. Its history stays.",
            lambda draft: discard(draft, by=desk.person),
        ),
        "take up": ("The draft is open again.", lambda draft: take_up_again(draft, by=desk.person)),
    }
    if request.POST.get("do") not in acts:
        raise Http404("There is no such act.")
    said, act = acts[request.POST["do"]]
    return _done(request, desk, draft_id, said, act)


def _done(
    request: HttpRequest, desk: Desk, draft_id: int, said: str, act: Callable[[Any], Any]
) -> HttpResponse:
    """Carry out `act` and go to the draft; refused, the page says why (409)."""
    try:
        act(find_draft(desk, draft_id))
    except NotKept as refusal:
        return studio_page(request, desk, open_draft(desk, draft_id), problem=str(refusal), status=409)
    messages.success(request, said)
    return redirect(_address(desk, draft_id))


def _address(desk: Desk, draft_id: int) -> str:
    return reverse("desk:draft", args=[desk.brand.slug, draft_id])
