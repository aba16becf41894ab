"""The Studio: where a lead writes a policy, with what the check says of it beside its lines."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from evenhand.desk.access import Desk, staff_page
from evenhand.desk.forms import told
from evenhand.desk.listing import Listed, outline
from evenhand.desk.rail import frame
from evenhand.desk.studio_forms import BeginForm, CheckForm, KeepForm
from evenhand.look.words import clock
from evenhand.people.roles import Permission
from evenhand.policy import is_amendment
from evenhand.rulebook.drafts import queries
from evenhand.rulebook.drafts.company import anchored, be_here, leave
from evenhand.rulebook.drafts.merging import edits
from evenhand.rulebook.drafts.queries import DOCUMENT, SAYINGS, Checked, checked
from evenhand.rulebook.drafts.refusals import NotKept, NotOpen
from evenhand.rulebook.drafts.revisions import Saved, begin, choose, clash, revision, save
from evenhand.rulebook.models import Draft, Version

NEW_DOCUMENT = """---
policy: {brand} support policy
version: {year}-01
effective: {year}-01-01 to open
---
# What we help with

## 1 Everyone
We help with everything that concerns your store.
```rule
always
we help to support; reply answer
```

# Schedules

```departments
support: our support team
```

```replies
answer: {{answer}}
```
"""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A draft that this person may see, and the revision that counts."""

    draft: Draft
    text: str
    sayings: str


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(needs=Permission.WRITE_DRAFTS)
def begin_draft(request: HttpRequest, desk: Desk) -> HttpResponse:
    """How a new draft begins: as a version, as a file, or almost empty."""
    form = BeginForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        context = {
            "versions": _versions(desk),
            "problem": told(form),
            "typed": defaultdict(str, request.POST.dict()),
        }
        return render(
            request, "desk/begin.html", studio_frame(desk) | context, status=422 if form.is_bound else 200
        )
    try:
        draft = _begun(desk, form.cleaned_data)
    except NotKept as refusal:
        context = {
            "versions": _versions(desk),
            "problem": str(refusal),
            "typed": defaultdict(str, request.POST.dict()),
        }
        return render(request, "desk/begin.html", studio_frame(desk) | context, status=422)
    return redirect("desk:draft", desk.brand.slug, draft.pk)


def _begun(desk: Desk, given: dict[str, Any]) -> Draft:
    based_on = Version.objects.filter(brand=desk.brand, pk=given["version"]).first()
    example = NEW_DOCUMENT.format(brand=desk.brand.name, year=timezone.now().year)
    text, sayings = queries.as_written(based_on) if based_on else (example, "")
    if given["file"] is not None:
        text = given["file"]
    if given["sayings_file"] is not None:
        sayings = given["sayings_file"]
    return begin(
        desk.brand, title=given["title"], text=text, sayings=sayings, by=desk.person, based_on=based_on
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(needs=Permission.SEE_RULEBOOK)
def draft_page(request: HttpRequest, desk: Desk, draft_id: int) -> HttpResponse:
    """The Studio itself. Posted to by a browser without scripts: kept, then shown with its findings."""
    opened = open_draft(desk, draft_id)
    if request.method != "POST":
        return studio_page(request, desk, opened)
    form = KeepForm(request.POST)
    problem, status = told(form), 422
    if form.is_valid():
        try:
            saved = _keep(desk, opened.draft, form)
            if saved.clash:
                return redirect("desk:clash", desk.brand.slug, draft_id, saved.number)
            messages.success(request, f"Kept as revision {saved.head}.")
            return redirect("desk:draft", desk.brand.slug, draft_id)
        except NotKept as refusal:
            problem, status = str(refusal), 409
    typed = Opened(
        draft=opened.draft,
        text=str(form.cleaned_data.get("text", "")),
        sayings=str(form.cleaned_data.get("sayings") or opened.sayings),
    )
    return studio_page(request, desk, typed, problem=problem, status=status)


@require_POST
@staff_page(needs=Permission.WRITE_DRAFTS)
def keep(request: HttpRequest, desk: Desk, draft_id: int) -> HttpResponse:
    """Keep what is being typed: JSON with the revision's number and what others changed meanwhile."""
    draft = find_draft(desk, draft_id)
    form = KeepForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"problem": told(form)}, status=422)
    try:
        saved = _keep(desk, draft, form)
    except NotKept as refusal:
        return JsonResponse({"problem": str(refusal), "closed": isinstance(refusal, NotOpen)}, status=409)
    given = form.cleaned_data
    answer = {
        "number": saved.number,
        "head": saved.head,
        "at": clock(timezone.now(), desk.zone),
        "joined": saved.joined,
        "edits": _edits(given["text"], saved.text) if not saved.clash else [],
        "sayings": _edits(_said(given, draft), saved.sayings) if not saved.clash else [],
        "clash": reverse("desk:clash", args=[desk.brand.slug, draft_id, saved.number]) if saved.clash else "",
    }
    return JsonResponse(answer)


def _keep(desk: Desk, draft: Draft, form: KeepForm) -> Saved:
    given = form.cleaned_data
    return save(
        draft, text=given["text"], sayings=given["sayings"], based_on=given["based_on"], by=desk.person
    )


def _said(given: dict[str, Any], draft: Draft) -> str:
    """The sayings as the page holds them: sent, or those of the revision it is based on."""
    sent: str | None = given["sayings"]
    return revision(draft, given["based_on"]).sayings if sent is None else sent


def _edits(old: str, new: str) -> list[list[Any]]:
    return [[edit.start, edit.stop, list(edit.lines)] for edit in edits(old, new)]


@require_POST
@staff_page(needs=Permission.WRITE_DRAFTS)
def check_draft(request: HttpRequest, desk: Desk, draft_id: int) -> HttpResponse:
    """What the check says of a text that is being typed. Sayings that are not sent are those of the draft."""
    form = CheckForm(request.POST)
    draft = find_draft(desk, draft_id)
    if not form.is_valid():
        return HttpResponse(told(form), status=422)
    text, sayings = form.cleaned_data["text"], form.cleaned_data["sayings"]
    if sayings is None:
        sayings = revision(draft, draft.head).sayings
    context = {"brand": desk.brand, "draft": draft, "known_words": request.POST.get("words", "")}
    return render(request, "desk/_checks.html", context | check_context(text, sayings))


@require_POST
@staff_page(needs=Permission.SEE_RULEBOOK)
def here(request: HttpRequest, desk: Desk, draft_id: int) -> HttpResponse:
    """Somebody has the draft open, or leaves it; the answer says who else is there, and what they remark."""
    draft = find_draft(desk, draft_id)
    if request.POST.get("leaving"):
        leave(draft, by=desk.person)
        return HttpResponse(status=204)
    be_here(draft, by=desk.person)
    opened = open_draft(desk, draft_id)
    context = studio_frame(desk) | _company(desk, opened) | {"draft": draft}
    return render(request, "desk/_company.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(needs=Permission.SEE_RULEBOOK)
def clash_page(request: HttpRequest, desk: Desk, draft_id: int, number: int) -> HttpResponse:
    """Two wordings of some lines side by side, and the choice between them."""
    opened = open_draft(desk, draft_id)
    try:
        if request.method == "POST" and _chosen(request, desk, opened.draft, number):
            messages.success(request, "Both texts are joined as you chose.")
            return redirect("desk:draft", desk.brand.slug, draft_id)
        shown = clash(opened.draft, number)
        theirs = revision(opened.draft, opened.draft.head).by
        mine = revision(opened.draft, number)
    except NotKept as refusal:
        raise Http404(str(refusal)) from None
    context = {
        "draft": opened.draft,
        "clash": shown,
        "mine": mine,
        "theirs": theirs,
        "moved": request.method == "POST",
    }
    return render(
        request, "desk/clash.html", studio_frame(desk) | context, status=409 if context["moved"] else 200
    )


def _chosen(request: HttpRequest, desk: Desk, draft: Draft, number: int) -> bool:
    head = request.POST.get("head", "")
    seen = int(head) if head.isdecimal() and len(head) < 10 else 0
    return choose(draft, number, head=seen, choices=request.POST.dict(), by=desk.person)


def studio_page(
    request: HttpRequest, desk: Desk, opened: Opened, *, problem: str = "", status: int = 200, **more: Any
) -> HttpResponse:
    context: dict[str, Any] = {
        "text": opened.text,
        "sayings": opened.sayings,
        "problem": problem,
        "listed": Listed.of(opened.text, checked(opened.text, opened.sayings).findings, file=DOCUMENT),
        "tab": "write",
    }
    context |= (
        draft_context(desk, opened) | _company(desk, opened) | check_context(opened.text, opened.sayings)
    )
    context |= {"trial": None, "trial_problem": "", "known_words": ""} | more
    context["typed"] = defaultdict(str, more.get("typed", {}))
    return render(request, "desk/studio.html", context, status=status)


def draft_context(desk: Desk, opened: Opened) -> dict[str, Any]:
    """What every page of one draft shows above its own part."""
    draft = opened.draft
    newest = revision(draft, draft.head)
    return studio_frame(desk) | {
        "draft": draft,
        "newest": newest,
        "writes": desk.may(Permission.WRITE_DRAFTS) and draft.is_open,
    }


def check_context(text: str, sayings: str) -> dict[str, Any]:
    found = checked(text, sayings)
    return {
        "checked": found,
        "amends": is_amendment(text),
        "outline": outline(text),
        "found_in": _by_clause(found),
        "document": DOCUMENT,
        "companion": SAYINGS,
        "words_key": sha256(repr(found.words).encode("utf-8", "replace")).hexdigest()[:12],
    }


def _by_clause(found: Checked) -> dict[str, int]:
    """How much was found in each numbered clause, its exceptions included."""
    counts: dict[str, int] = {}
    for finding in found.findings:
        number = (finding.clause or "").partition(".")[0]
        counts[number] = counts.get(number, 0) + 1
    return counts


def _company(desk: Desk, opened: Opened) -> dict[str, Any]:
    return {
        "present": queries.present(opened.draft, desk.person),
        "remarks": anchored(opened.draft, opened.text),
    }


def studio_frame(desk: Desk) -> dict[str, Any]:
    return frame(desk) | {
        "section": "rulebook",
        "may_publish": desk.may(Permission.PUBLISH),
        "may_write": desk.may(Permission.WRITE_DRAFTS),
    }


def find_draft(desk: Desk, draft_id: int) -> Draft:
    found = Draft.objects.of(desk.brand).select_related("brand").filter(pk=draft_id).first()
    if found is None:
        raise Http404(f"{desk.brand} has no such draft.")
    return found


def open_draft(desk: Desk, draft_id: int) -> Opened:
    draft = find_draft(desk, draft_id)
    newest = revision(draft, draft.head)
    return Opened(draft=draft, text=newest.text, sayings=newest.sayings)


def _versions(desk: Desk) -> list[Version]:
    return list(Version.objects.filter(brand=desk.brand).defer("text", "sayings").order_by("-period"))
