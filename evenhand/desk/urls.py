"""Every address of the staff pages."""

from __future__ import annotations

from django.urls import path

from evenhand.desk.views import (
    acts,
    calls,
    changes,
    conduct,
    drafts,
    entrance,
    impact,
    influence,
    live,
    queue,
    release,
    repeats,
    rulebook,
    rulings,
    studio,
    tickets,
    trial,
)

app_name = "desk"
urlpatterns = [
    path("", entrance.first_brand, name="home"),
    path("pattern", entrance.pattern, name="pattern"),
    path("<slug:brand_slug>/", queue.queue_page, name="queue"),
    path("<slug:brand_slug>/live", live.stream, name="live"),
    path("<slug:brand_slug>/calls/new", calls.new_call, name="call"),
    path("<slug:brand_slug>/rulebook", rulebook.versions, name="rulebook"),
    path("<slug:brand_slug>/rulebook/influence", influence.influence, name="influence"),
    path("<slug:brand_slug>/rulebook/four-eyes", release.four_eyes, name="four eyes"),
    path("<slug:brand_slug>/rulebook/drafts/new", studio.begin_draft, name="begin draft"),
    path("<slug:brand_slug>/rulebook/drafts/<int:draft_id>", studio.draft_page, name="draft"),
    path("<slug:brand_slug>/rulebook/drafts/<int:draft_id>/keep", studio.keep, name="keep draft"),
    path("<slug:brand_slug>/rulebook/drafts/<int:draft_id>/check", studio.check_draft, name="check draft"),
    path("<slug:brand_slug>/rulebook/drafts/<int:draft_id>/here", studio.here, name="draft here"),
    path(
        "<slug:brand_slug>/rulebook/drafts/<int:draft_id>/aside/<int:number>", studio.clash_page, name="clash"
    ),
    path("<slug:brand_slug>/rulebook/drafts/<int:draft_id>/try", trial.try_draft, name="try draft"),
    path("<slug:brand_slug>/rulebook/drafts/<int:draft_id>/remarks", drafts.say, name="remark"),
    path(
        "<slug:brand_slug>/rulebook/drafts/<int:draft_id>/remarks/<int:remark_id>",
        drafts.settle_remark,
        name="settle remark",
    ),
    path(
        "<slug:brand_slug>/rulebook/drafts/<int:draft_id>/difference",
        changes.difference,
        name="draft difference",
    ),
    path("<slug:brand_slug>/rulebook/drafts/<int:draft_id>/impact", impact.impact, name="draft impact"),
    path("<slug:brand_slug>/rulebook/drafts/<int:draft_id>/history", drafts.history, name="draft history"),
    path("<slug:brand_slug>/rulebook/drafts/<int:draft_id>/restore", drafts.restore_revision, name="restore"),
    path("<slug:brand_slug>/rulebook/drafts/<int:draft_id>/tidy", drafts.tidy, name="tidy draft"),
    path(
        "<slug:brand_slug>/rulebook/drafts/<int:draft_id>/publish",
        release.publish_draft,
        name="publish draft",
    ),
    path("<slug:brand_slug>/rulebook/drafts/<int:draft_id>/approve", release.approve_draft, name="approve"),
    path("<slug:brand_slug>/rulebook/<int:version_id>", rulebook.version, name="version"),
    path("<slug:brand_slug>/rulebook/<int:version_id>/withdraw", rulebook.withdraw, name="withdraw"),
    path("<slug:brand_slug>/conduct", conduct.inbox, name="conduct"),
    path("<slug:brand_slug>/conduct/<int:proposal_id>", conduct.decide, name="decide step"),
    path("<slug:brand_slug>/conduct/appeals/<int:appeal_id>", conduct.decide_appeal, name="decide appeal"),
    path("<slug:brand_slug>/conduct/steps/<int:step_id>/lift", conduct.lift, name="lift step"),
    path("<slug:brand_slug>/conduct/people/<int:person_id>", conduct.person, name="standing"),
    path("<slug:brand_slug>/evenness", conduct.evenness, name="evenness"),
    path("<slug:brand_slug>/tickets/<int:ticket_id>/merge", repeats.merge, name="merge"),
    path("<slug:brand_slug>/tickets/<int:ticket_id>/apart", repeats.keep_apart, name="keep apart"),
    path("<slug:brand_slug>/tickets/<int:ticket_id>/unmerge", repeats.take_apart, name="take apart"),
    path("<slug:brand_slug>/tickets/<int:ticket_id>", tickets.ticket_page, name="ticket"),
    path("<slug:brand_slug>/tickets/<int:ticket_id>/reply", acts.reply, name="reply"),
    path("<slug:brand_slug>/tickets/<int:ticket_id>/note", acts.note, name="note"),
    path("<slug:brand_slug>/tickets/<int:ticket_id>/assign", acts.assign, name="assign"),
    path("<slug:brand_slug>/tickets/<int:ticket_id>/status", acts.change_status, name="status"),
    path("<slug:brand_slug>/tickets/<int:ticket_id>/topic", rulings.choose_topic, name="topic"),
    path("<slug:brand_slug>/tickets/<int:ticket_id>/fact", rulings.decide_again, name="fact"),
    path("<slug:brand_slug>/tickets/<int:ticket_id>/accept", rulings.accept, name="accept"),
    path("<slug:brand_slug>/tickets/<int:ticket_id>/override", rulings.override, name="override"),
    path("<slug:brand_slug>/tickets/<int:ticket_id>/files/<int:attachment_id>", tickets.file, name="file"),
]
