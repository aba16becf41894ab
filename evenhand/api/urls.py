from __future__ import annotations

from django.urls import path

from evenhand.api.refusals import nowhere
from evenhand.api.views import api

app_name = "api"
urlpatterns = [*api.urls[0], path("<path:rest>", nowhere, name="nowhere")]
