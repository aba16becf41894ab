"""What does this message say?

Bytes or text in, findings with spans out: mail to message, quoted text marked, secrets redacted,
conduct screened, language and topic found. Plain Python, no Django; see README.md in this folder.
"""
