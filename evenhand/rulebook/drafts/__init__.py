"""Drafts of a policy: written by several people at once, kept revision by revision, published in the end."""
