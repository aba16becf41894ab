"""How much one form may send, files included: asked before anything of it is read."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class FormLimit(FileUploadHandler):
    """First in FILE_UPLOAD_HANDLERS: refuses a form larger than FORM_MOST_BYTES (413), else lets it pass."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - Django's name
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        if content_length > settings.FORM_MOST_BYTES:
            raise RequestDataTooBig(
                f"A form of {content_length} bytes; {settings.FORM_MOST_BYTES} are taken."
            )

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
