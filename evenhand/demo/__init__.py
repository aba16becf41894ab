"""The demo: two brands, their people, shops and apps, a day of mail; and the doors only a demo has."""
