"""Passwords in text: by the word before them, by the login they stand with, by the address they stand in.

A word alone ("my password is incorrect") is no secret. A value counts when a separator leads to it and it
is not a word that tells of states and rules; without a separator it must look like a password itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from evenhand.reading.values import (
    is_plain_word,
    is_public,
    is_stand_in,
    leads,
    looks_like_password,
    value_after,
)

_NAMES = (
    r"pass[ -]?words?|pas{1,3}w(?:or|ro|ar|o)d?s?|passord|"
    r"passwd|passcode|pass[ -]?phrase|passwort|kennwort|pwd|psw|pword|pws|pw|p/w|"
    r"mot de passe|mdp|contraseñas?|"
    r"contrasenas?|clave|senha|palavra[- ]passe|wachtwoord|parola(?: d'ordine)?|has[łl]o|lösenord|salasana|"
    r"adgangskode|"
    r"passord|heslo|jelszó|parolă|şifre|sifre|пароль|密码|密碼|パスワード|비밀번호|secret|pass"
)
_GATE = (
    "pas", "pw", "p/w", "wort", "mdp", "contras", "clave", "senha", "wachtw", "parol", "hasł",
    "haslo", "lösen", "salas", "adgang", "heslo", "jelsz", "ifre", "парол", "密", "パスワ",
    "비밀", "secret", "psw",
)  # fmt: skip
_LOGIN_GATE = (
    "log", "user", "cred", "access", "account", "admin", "sign", "ftp", "smtp", "cpanel", "backend", "acce",
    "zugang", "accès", "usuario", "benutzer", "identif", "root",
)  # fmt: skip
_BORDER_BEFORE = re.compile(r"[A-Za-zÀ-ÿ▮]\Z|▮ \Z")
_NAME = re.compile(rf"(?:{_NAMES})(?![A-Za-zÀ-ÿ])")
_NAMED_AFTER = re.compile(
    r"[\"'`”]?[ \t]{1,3}(?:is|was|as|for|=|\(|-)[ \t]{0,3}(?:the|my|our|your|a|her|his|"
    r"their)?[ \t]{0,2}(?:\w{1,20}[ \t]){0,2}?\Z"
)
_ADDRESS = re.compile(r"://[^\s:/@?#]{0,200}:([^\s/@?]{1,200})@")
_LOGIN = re.compile(
    r"(?:log[ -]?ins?|logon|user(?:name|id)?s?|cred(?:ential)?s?|access|account|admin(?: panel| area)?|"
    r"sign[ -]?in|ftp|"
    r"sftp|smtp|cpanel|wp-admin|backend|acceso|zugang(?:sdaten)?|accès|usuario|benutzer|"
    r"identifiants?)(?![a-z])"
)
_USER_THEN = re.compile(
    r"(?<![\w.@+-])[\w.@+-]{2,60}(?P<joint>[ \t]{0,2}[/|][ \t]{0,2}|:[ \t]?|"
    r"[ \t]{1,3}(?:[-–—]|and|und|et|y)[ \t]{1,3})(?=[^\s/])"
)
_MAILBOX_THEN = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,60}@[\w.-]{1,60}(?P<joint>[ \t]{0,2}[ \t,/|\n][ \t]{0,2})(?=\S)"
)
_BY_NAME = re.compile(r"(?:admin|administrator|root|superuser)(?P<joint> ?: ?| [/|] )(?=[^\s/])")
_LOGIN_REACHES = 120  # characters after the login word in which its user and password stand
_IN_TAG = re.compile(
    rf"<(?:\w{{1,20}}[:_.-])?(?:{_NAMES})[^<>]{{0,100}}>\s{{0,5}}(?P<value>[^<>\s][^<>\n]{{0,100}}?)\s{{0,5}}</",
    re.IGNORECASE,
)
_RULE_WORD = re.compile(
    r"^(?:is|are|was|has|have|to|does|do|did|can|your|please|if|not|no)\b|\b(?:must|password|incorrect|"
    r"invalid|required|wrong|"
    r"expired|reset|cannot|can't|characters|login|match|again|forgot\w*)\b",
    re.IGNORECASE,
)
_OTHER_PASS = re.compile(
    r"\b(?:season|guest|bus|train|boarding|day|ski|lift|gift|vip|annual|gold|free|monthly|weekly|press|fast|"
    r"hall|backstage|event|festival|museum|"
    r"park|parking|travel|rail|game|battle|to|will|i|we|you|they|can|must|please|don't|second|first|band|"
    r"high|low) $",
    re.IGNORECASE,
)
_CLAUSE_ENDS = re.compile(
    r"\s*(?:$|[\n\r.,;:!?)\]|/<\"'”]|&lt;|[-–—] |(?:and|but|user|username|login|for|thanks|thank|if|so|"
    r"please|can|could|or|it|"
    r"then|y|und|et|e|on|in|at|usr|u:|url|server|host|port)\b)",
    re.IGNORECASE,
)


def password_spans(text: str, lowered: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, type) of each password. `lowered` is the text in lower case, of the same length."""
    if any(sign in lowered for sign in _GATE):
        yield from _named(text, lowered)
        for found in _IN_TAG.finditer(text):
            if not is_stand_in(found["value"]):
                yield found.start("value"), found.end("value"), "password"
    if "://" in text:
        for found in _ADDRESS.finditer(text):
            if not is_stand_in(found[1]) and not found[1].isdigit():
                yield found.start(1), found.end(1), "password"
    if any(sign in lowered for sign in _LOGIN_GATE):
        yield from _beside_a_login(text, lowered)


def _named(text: str, lowered: str) -> Iterator[tuple[int, int, str]]:
    for word in _NAME.finditer(lowered):
        if _BORDER_BEFORE.search(text[max(0, word.start() - 2) : word.start()]):
            continue
        for lead in leads(text, word.end()):
            start, end = value_after(text, word.start(), lead)
            if _is_password(text, word, lead, (start, end)):
                key_like = word[0] == "secret" and re.fullmatch(r"[A-Za-z0-9_+/=]{20,}", text[start:end])
                yield start, end, "api_key" if key_like else "password"
                break
        else:
            yield from _before_its_name(text, word.start())


def _before_its_name(text: str, word_start: int) -> Iterator[tuple[int, int, str]]:
    """ "Orchid2024! is the password": the value, then the word."""
    begin = max(0, word_start - 140)
    joint = _NAMED_AFTER.search(text, begin, word_start)
    token = re.search(r"[^\s\"'`“”()<>]{5,80}\Z", text[begin : joint.start()]) if joint else None
    if not token:
        return
    value = token[0].rstrip(".,;:?)]}>")
    if looks_like_password(value) and not is_stand_in(value) and not is_public(value):
        yield begin + token.start(), begin + token.start() + len(value), "password"


def _beside_a_login(text: str, lowered: str) -> Iterator[tuple[int, int, str]]:
    reached = 0
    for login in _LOGIN.finditer(lowered):
        if login.start() and lowered[login.start() - 1].isalpha():
            continue
        start, reached = max(login.end(), reached), login.end() + _LOGIN_REACHES
        line_end = text.find("\n", start, reached)
        stop = reached if line_end < 0 else line_end
        for pattern in (_USER_THEN, _MAILBOX_THEN):
            for found in pattern.finditer(text, start, min(stop, len(text))):
                yield from _value_of_login(text, found)
    for found in _BY_NAME.finditer(lowered):
        if not re.search(r"[\w/.@]\Z", lowered[max(0, found.start() - 1) : found.start()]):
            yield from _value_of_login(text, found)


def _value_of_login(text: str, found: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    if text[max(0, found.start() - 3) : found.start()].endswith("//"):
        return  # an address, read by _ADDRESS
    start, end = value_after(text, found.start(), found)
    value = text[start:end]
    in_path = found["joint"] in ("/", ":") and not re.search(r"[!#$%^&*?+=~@]", value)
    if (
        looks_like_password(value)
        and not is_stand_in(value)
        and not is_public(value)
        and not (in_path and "/" in text[max(0, found.start() - 1) : found.end() - 1])
    ):
        yield start, end, "password"


def _is_password(text: str, word: re.Match[str], lead: re.Match[str], place: tuple[int, int]) -> bool:
    value, joint = text[place[0] : place[1]], lead["joint"]
    if len(value) < 3 or is_public(value):
        return False
    if word[0].lower() == "pass" and _OTHER_PASS.search(text[max(0, word.start() - 20) : word.start()]):
        return False
    if lead["quote"] and joint.strip() and " " in value:
        return len(value) <= 60 and not _RULE_WORD.search(value) and "▮" not in value
    if is_stand_in(value):
        return False
    if looks_like_password(value) or (word[0].lower() == "passcode" and re.fullmatch(r"\d{4,10}", value)):
        return True
    if " " in value or not joint.strip() or re.search(r"[,|<\t]|\b(?:to|as)\b", joint):
        return _is_named_login(text, word) and _is_exclaimed(value)
    if lead["filling"].strip() and not re.search(r"[:=]", joint):
        return False
    if word[0].lower() in ("pass", "secret", "clave", "parola") and not _is_named_login(text, word):
        return False
    return is_plain_word(value) and bool(_CLAUSE_ENDS.match(text, place[1]))


def _is_named_login(text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - 40) : found.start()].lower()
    return bool(
        re.search(r"(?:user|login|log in|admin|u|id|account|ftp|smtp|email|@[\w.-]+)\b[^\n]{0,30}$", before)
    )


def _is_exclaimed(value: str) -> bool:
    return bool(re.fullmatch(r"[A-Z][a-z]{3,20}!{1,3}", value))
