"""Every address of the desk."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from evenhand.serving.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("accounts/", include("evenhand.portal.signin_urls")),
    path("desk/", include("evenhand.desk.urls")),
    path("api/v1/", include("evenhand.api.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("evenhand.demo.urls")))
urlpatterns.append(path("", include("evenhand.portal.urls")))  # last: /<brand>/… takes what is left

handler400 = "evenhand.look.errors.bad_request"
handler403 = "evenhand.look.errors.forbidden"
handler404 = "evenhand.look.errors.not_found"
handler500 = "evenhand.look.errors.broken"
