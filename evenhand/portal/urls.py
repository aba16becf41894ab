from __future__ import annotations

from django.urls import path

from evenhand.portal.views import ask, conduct, guide, home, policy, tickets

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("<slug:brand_slug>/", ask.front, name="front"),
    path("<slug:brand_slug>/policy", policy.policy_page, name="policy"),
    path("<slug:brand_slug>/policy/<int:version_id>", policy.earlier_version, name="version"),
    path("<slug:brand_slug>/help", ask.ask, name="ask"),
    path("<slug:brand_slug>/help/about", ask.about, name="about"),
    path("<slug:brand_slug>/help/guidance", ask.guidance, name="guidance"),
    path("<slug:brand_slug>/help/received/<str:receipt>", ask.received, name="received"),
    path("<slug:brand_slug>/tickets", tickets.own_tickets, name="tickets"),
    path("<slug:brand_slug>/tickets/<int:ticket_id>", tickets.own_ticket, name="ticket"),
    path("<slug:brand_slug>/tickets/<int:ticket_id>/answer", tickets.answer, name="answer"),
    path(
        "<slug:brand_slug>/tickets/<int:ticket_id>/files/<int:attachment_id>", tickets.file, name="attachment"
    ),
    path("<slug:brand_slug>/conduct", conduct.own_standing, name="conduct"),
    path("<slug:brand_slug>/conduct/<int:step_id>/appeal", conduct.appeal, name="appeal"),
    path("<slug:brand_slug>/places/<slug:place_slug>", policy.place, name="place"),
    path("<slug:brand_slug>/apps", guide.apps, name="apps"),
]
