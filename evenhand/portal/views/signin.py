"""Where sign-in differs from what allauth does by itself."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.views import ActivateTOTPView
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse


class _AddApp(ActivateTOTPView):  # type: ignore[misc]  # allauth has no types
    """Add an authenticator app, then show the recovery codes.

    The six figures just written prove the app. Without this record allauth would ask for six more before it
    shows the codes, and an app has no new ones for half a minute.
    """

    def form_valid(self, form: Form) -> HttpResponse:
        added: HttpResponse = super().form_valid(form)
        record_authentication(self.request, self.request.user, "mfa", type="totp", reauthenticated=True)
        return added


add_app = login_required(_AddApp.as_view())
