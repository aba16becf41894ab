"""Every address of the staff pages."""

from __future__ import annotations

from django.urls import path

from evenhand.desk.views import acts, calls, entrance, live, queue, rulebook, rulings, tickets

app_name = "desk"
urlpatterns = [
    path("", entrance.first_brand, name="home"),
    path("pattern", entrance.pattern, name="pattern"),
    path("<slug:brand_slug>/", queue.queue_page, name="queue"),
    path("<slug:brand_slug>/live", live.stream, name="live"),
    path("<slug:brand_slug>/calls/new", calls.new_call, name="call"),
    path("<slug:brand_slug>/rulebook", rulebook.versions, name="rulebook"),
    path("<slug:brand_slug>/rulebook/new", rulebook.new_version, name="new version"),
    path("<slug:brand_slug>/rulebook/check", rulebook.check, name="check"),
    path("<slug:brand_slug>/rulebook/<int:version_id>", rulebook.version, name="version"),
    path("<slug:brand_slug>/rulebook/<int:version_id>/withdraw", rulebook.withdraw, name="withdraw"),
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
