from __future__ import annotations

from evenhand.api.views import api

urlpatterns = api.urls[0]
app_name = "api"
