"""`make bench`: each promised figure, measured through `evenhand serve` at its production defaults."""
