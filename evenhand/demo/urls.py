"""Doors that exist in demo mode only (urls.py), and then only for this machine (views.py)."""

from __future__ import annotations

from django.urls import path

from evenhand.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.roles, name="roles"),
    path("enter", views.enter, name="enter"),
    path("outbox", views.outbox, name="outbox"),
]
