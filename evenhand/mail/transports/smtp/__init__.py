"""Mail that leaves by SMTP, through the company's own relay."""
