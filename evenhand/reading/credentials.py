"""Passwords and keys in text: by the word before them, by their own shape, by where they stand.

A word alone ("my password is incorrect", "CVV: required", "where is my API key?") is no secret. A value counts when a
separator leads to it and it is not a word of the language used for states, rules and placeholders; without a separator
it must look like a secret itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Found = tuple[int, int, str]  # start, end, type

_PASSWORD_WORD = (
    r"pass[ -]?words?|passwd|passcode|pass[ -]?phrase|passwort|kennwort|pwd|psw|pword|pws|pw|p/w|mot de passe|mdp|contraseñas?|"
    r"contrasenas?|clave|senha|palavra[- ]passe|wachtwoord|parola(?: d'ordine)?|has[łl]o|lösenord|salasana|adgangskode|"
    r"passord|heslo|jelszó|parolă|şifre|sifre|пароль|密码|密碼|パスワード|비밀번호|secret|pass"
)
_KEY_WORD = (
    r"(?:api|secret|private|access|transaction|consumer|client|auth(?:entication|orization)?|encryption|shared|signing|"
    r"signature|webhook|bearer|security|merchant|app(?:lication)?|integration|live|production|sandbox|refresh|oauth|gateway|"
    r"stripe|paypal|publishable|restricted|account|license|master|admin|storage|rest|soap|hmac)[ _-]?"
    r"(?:api[ _-]?)?(?:key|token|secret|signature)s?(?:[ _-]?(?:key|id|value))?|apikey|clé (?:d')?api|clave (?:de )?api|"
    r"api[- ]schlüssel|chave (?:de |da )?api|x-api-key|token|transkey|tran[ _]key"
)
_GATE = (
    "pas", "pw", "wort", "kennw", "mdp", "contras", "clave", "senha", "palavra", "wachtw", "parol", "hasł", "haslo",
    "lösen", "salas", "adgang", "heslo", "jelsz", "ifre", "парол", "密", "パスワ", "비밀", "secret", "key", "token", "clé",
    "schlüssel", "chave", "bearer", "basic ", "login", "log in", "logon", "user", "cred", "admin", "sign in", "signin", "begin ",
    "sk_", "sk-", "rk_", "pk_", "whsec", "akia", "asia", "aiza", "gh", "xox", "sg.", "shp", "glpat", "npm_", "pypi", "ya29",
    "eyj", "sq0", "hf_", "live_", "test_", "ck_", "cs_", "-us", "://", "p/w", "ftp", "account", "access", "signature",
)  # fmt: skip
_SHAPED_KEY = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]{0,20000}?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|\Z)"
    r"|(?<![A-Za-z0-9_])(?:(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9_]{8,250}|sk-(?:ant-|proj-)?[A-Za-z0-9_-]{16,200}"
    r"|whsec_[A-Za-z0-9+/=]{16,100}|(?:AKIA|ASIA)[0-9A-Z]{16}|AIza[0-9A-Za-z_-]{30,45}|gh[pousr]_[A-Za-z0-9]{20,255}"
    r"|github_pat_[A-Za-z0-9_]{20,255}|glpat-[A-Za-z0-9_-]{16,100}|xox[abprs]-[A-Za-z0-9-]{10,200}"
    r"|SG\.[A-Za-z0-9_-]{10,40}\.[A-Za-z0-9_-]{10,80}|shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{16,64}|npm_[A-Za-z0-9]{20,60}"
    r"|pypi-[A-Za-z0-9_-]{30,250}|ya29\.[A-Za-z0-9_-]{20,300}|sq0(?:atp|csp|idp)-[A-Za-z0-9_-]{16,60}|hf_[A-Za-z0-9]{20,60}"
    r"|(?:live|test|rzp_live|rzp_test|prod)_[A-Za-z0-9_]{16,120}|c[ks]_[0-9a-f]{20,64}|key-[0-9a-f]{24,40}"
    r"|[0-9a-f]{32}-us\d{1,2}|eyJ[A-Za-z0-9_-]{8,2000}\.[A-Za-z0-9_-]{8,4000}(?:\.[A-Za-z0-9_-]{4,2000})?)"
)
_AUTHORISATION = re.compile(r"\b(?:bearer|basic|token)[ \t:=]{1,3}[\"']?([A-Za-z0-9._~+/=-]{12,2000})", re.IGNORECASE)
_IN_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{1,30}://[^\s:/@?#]{0,200}:([^\s/@?#]{1,200})@", re.IGNORECASE)
_NOT_A_WORD_BEFORE = r"(?<![A-Za-zÀ-ÿ▮])(?<!▮ )"
_WORD_END = r"(?![A-Za-zÀ-ÿ])"
_FILLING = (
    r"(?:[ \t]{1,3}(?:for|to|of|on|from|at|in|i|we|you|the|my|our|your|his|her|their|this|that|new|old|current|temp(?:orary)?|"
    r"admin|ftp|smtp|email|account|store|shop|portal|user|made|set|got|created|use|used|using|and|de|para|für|pour|del|la|le|"
    r"[\w.@+-]{1,40})){0,6}?"
)
_SEPARATOR = (
    r"(?:[ \t\u00a0]{0,3}(?:[\"'*_`]{0,3}[ \t]{0,2}(?:[:=：]|=>|->|→|&gt;)[ \t\u00a0]{0,4}(?:\r?\n[ \t]{0,4})?"
    r"|[ \t](?:is|was|are|were|ist|lautet|war|est|es|era|é|jest|är|er|to|as)[ \t:]{1,3}(?:still |now |just |simply )?"
    r"|[ \t]{0,2}[-–—][ \t]{1,2}|[ \t]{0,2}(?:\||\t|,)[ \t]{0,2}|(?:[ \t]{0,3}</?[a-zA-Z][^<>]{0,200}>\s{0,5}){1,6}:?\s{0,3}))"
)
_QUOTE = r"(?P<quote>[\"'`“‘«]{0,2})(?=\S)"
# How a value is led to from the word, the plainest way first.
_LEADS = tuple(
    re.compile(rf"{_WORD_END}(?P<filling>{filling})(?P<joint>{joint}){_QUOTE}", re.IGNORECASE)
    for filling, joint in (("", _SEPARATOR), ("", r"[ \t]{1,3}"), (_FILLING, _SEPARATOR))
)
_PASSWORD = re.compile(rf"{_NOT_A_WORD_BEFORE}(?:{_PASSWORD_WORD}){_WORD_END}", re.IGNORECASE)
_KEY = re.compile(rf"{_NOT_A_WORD_BEFORE}(?:{_KEY_WORD}){_WORD_END}", re.IGNORECASE)
_BEFORE_PASSWORD = re.compile(
    rf"(?:^|(?<=\s)|(?<=[\"'`“(]))(?P<value>[^\s\"'`“”()<>]{{5,80}})[\"'`”]?[ \t]{{1,3}}(?:is|was|as|for|=|\(|-)[ \t]{{0,3}}"
    rf"(?:the|my|our|your|a|her|his|their)?[ \t]{{0,2}}(?:[\w]{{1,20}}[ \t]){{0,2}}?(?:{_PASSWORD_WORD}){_WORD_END}",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"(?:^|(?<![A-Za-z]))(?P<word>log[ -]?ins?|logon|user(?:name|id)?s?|cred(?:ential)?s?|access|account|admin(?: panel| area)?|sign[ -]?in|ftp|"
    r"sftp|smtp|cpanel|wp-admin|backend|acceso|zugang(?:sdaten)?|accès|usuario|benutzer|identifiants?)(?![A-Za-z])"
    r"[^\n]{0,60}?(?P<user>[\w.@+-]{2,60})(?P<joint>[ \t]{0,2}[/|][ \t]{0,2}|:[ \t]?|[ \t]{1,3}[-–—][ \t]{1,3})(?=\S)",
    re.IGNORECASE,
)
_AFTER_MAILBOX = re.compile(
    r"(?:log[ -]?in|user(?:name)?|cred(?:ential)?s?|account|sign[ -]?in)(?![A-Za-z])[^\n]{0,30}?[\w.+-]{1,60}@[\w.-]{1,60}"
    r"[ \t]{0,2}[ \t,/|\n][ \t]{0,2}(?=\S)",
    re.IGNORECASE,
)
_IN_TAG = re.compile(rf"<(?:\w{{1,20}}[:_.-])?(?:{_PASSWORD_WORD})[^<>]{{0,100}}>\s{{0,5}}(?P<value>[^<>\s][^<>\n]{{0,100}}?)\s{{0,5}}</", re.IGNORECASE)
_TOKEN = re.compile(r"[^\s<>]{1,4000}")
_CLOSING = {'"': '"', "'": "'", "`": "`", "“": "”", "‘": "’", "«": "»"}
_MASKED = re.compile(r"^(?:[*•●·xX#._…\-]{3,}.{0,4}|\.{2,}.*|…+.*|[*•●#]+.{0,4}|.{0,2}[*•●]{3,}.{0,4})$")
_PLACEHOLDER = re.compile(r"^[\[<{(%$&].*|^(?:your|my|the|insert|enter|add|some|example|changeme|xxx+|yyy+|foo|bar|none|null|n/a|tbd|todo)\b.*|.*▮.*", re.IGNORECASE)
_STATES = frozenset(
    """a about above access accepted account accounts across active actually added admin after again all almost already also
    always am an and another any anymore anyone anything appears are as asap asked at available away back bad because been before
    being below best better between blank both box broken but by can can't cannot case change changed changes changing character characters check
    clear compromised confirmed consists correct could create created days default deleted denied did different disabled do does doesn't
    doesnt don't done due each either else emailed empty enabled encrypted enough entered entry even every everyone exactly expired
    expires failed fails false fairly field fields fine first for forgotten forgot form from fully gets getting given gone good got
    had has hashed have having he help her here hers hidden hint his hold holder how i i'm id identical if ignored impossible in incorrect invalid
    is isn't isnt it it's its just keep keeps known last later leaked left length letters like link list lock locked login lost lower made
    mail manager many matching maybe mandatory me minimum missing more most much must my myself name need needed needs never new next no nobody none
    not nothing now null of off ok okay old on once one only optional or other our out outdated over page pages part per please
    policy possible printed probably problem prompt properly protected public random rather really received recovery refused rejected removed
    required requires request reset resets resetting reset. right rule rules safe said same saved screen secret secure sent
    set setting settings several shared she short should show showing shown shows since so some someone something soon sometimes stale still stored
    strength strong stuck such sure temporary than that that's the their them then there these they they'd this those three through
    to today together tomorrow too truncated try turned two unavailable unable under unique unknown unset until up updated upon upper us
    use used user username users using valid very via visible wait want wants was wasn't way we weak were what when where whether which while who
    why will with within without won't work working works would wrong yes yesterday yet you your yours error errors
    true off on between digits leather vinyl bounced bounces key keys token tokens generator button email address phone number numbers
    incorrecta incorrecto falsch ungültig vergessen abgelaufen oublié incorrect invalide errada inválida olvidada zurücksetzen nicht no pas não
    non nie est ist es é la le el die das der mein meine ma mon mi minha funktioniert funciona fonctionne marche geht kann""".split()
)
_STATE_ENDING = re.compile(r"(?:ed|ing|able|ible|n't|ly)$", re.IGNORECASE)
_CLAUSE_ENDS = re.compile(
    r"\s*(?:$|[\n\r.,;:!?)\]|/<\"'”]|&lt;|[-–—] |(?:and|but|user|username|login|for|thanks|thank|if|so|please|can|could|or|it|"
    r"then|y|und|et|e|on|in|at|usr|u:|url|server|host|port)\b)",
    re.IGNORECASE,
)
_TRAILING = ".,;:?)]}>\"'`”’»…"


def credential_spans(text: str) -> list[Found]:
    """(start, end, type) of each password and key, value only. Spans may touch or repeat; the caller sorts them out."""
    lowered = text.lower()
    if not any(sign in lowered for sign in _GATE):
        return []
    return [*_shaped(text), *_keys(text), *_passwords(text)]


def _shaped(text: str) -> Iterator[Found]:
    for found in _SHAPED_KEY.finditer(text):
        if "▮" not in found[0] and not re.search(r"x{6}|\.{3}", found[0], re.IGNORECASE):
            yield found.start(), found.end(), "api_key"
    for found in _AUTHORISATION.finditer(text):
        if looks_like_key(found[1]):
            yield found.start(1), found.end(1), "api_key"
    for found in _IN_ADDRESS.finditer(text):
        if not _is_stand_in(found[1]) and not found[1].isdigit():
            yield found.start(1), found.end(1), "password"


def _keys(text: str) -> Iterator[Found]:
    for word in _KEY.finditer(text):
        for lead in _leads(text, word):
            start, end = _value(text, word, lead)
            if _is_key(text[start:end], word[0].lower(), lead):
                yield start, end, "api_key"
                break


def _is_key(value: str, word: str, lead: re.Match[str]) -> bool:
    if _is_stand_in(value) or (word == "token" and len(value) < 16):
        return False
    return looks_like_key(value, short=bool(lead["joint"].strip()) and not lead["filling"])


def _leads(text: str, word: re.Match[str]) -> Iterator[re.Match[str]]:
    for pattern in _LEADS:
        if lead := pattern.match(text, word.end()):
            yield lead


def _passwords(text: str) -> Iterator[Found]:
    for word in _PASSWORD.finditer(text):
        for lead in _leads(text, word):
            start, end = _value(text, word, lead)
            if _is_password(text, word, lead, (start, end)):
                key_like = word[0].lower() == "secret" and re.fullmatch(r"[A-Za-z0-9_+/=]{20,}", text[start:end])
                yield start, end, "api_key" if key_like else "password"
                break
    for found in _IN_TAG.finditer(text):
        if not _is_stand_in(found["value"]):
            yield found.start("value"), found.end("value"), "password"
    for found in _BEFORE_PASSWORD.finditer(text):
        value = found["value"].rstrip(_TRAILING)
        if looks_like_password(value) and not _is_stand_in(value) and not _is_public(value):
            yield found.start("value"), found.start("value") + len(value), "password"
    for pattern in (_PAIR, _AFTER_MAILBOX):
        for found in pattern.finditer(text):
            start, end = _value(text, found, found)
            value = text[start:end]
            if looks_like_password(value) and not _is_stand_in(value) and not _is_public(value):
                yield start, end, "password"


def _value(text: str, word: re.Match[str], lead: re.Match[str]) -> tuple[int, int]:
    """Where the value behind the context ends: at its closing quote, tag, `;` or `&` of a settings line, or blank."""
    start = lead.end()
    quote = (lead.groupdict().get("quote") or "")[:1]
    if quote and (closing := text.find(_CLOSING[quote], start, start + 200)) > start and "\n" not in text[start:closing]:
        return start, closing
    token = _TOKEN.match(text, start)
    end = token.end() if token else start
    if "=" in (lead.groupdict().get("joint") or ""):
        before = text[max(0, word.start() - 200) : word.start()]
        in_address = re.search(r"[?&]\s{0,2}[\w.\[\]-]{0,40}$", before)
        ends_at = ";" if ";" in before or ";" in text[start:end] else "&" if in_address else ""
        cut = text.find(ends_at, start, end) if ends_at else -1
        end = cut if cut > start else end
    if (entity := text.find("&lt;", start, end)) > start:
        end = entity
    for mark in ("|", '"', "”", "`"):
        cut = text.find(mark, start, end)
        end = cut if cut > start else end
    while end > start and text[end - 1] in _TRAILING and not (text[end - 1] == ")" and "(" in text[start : end - 1]):
        end -= 1
    return start, end


def _is_password(text: str, word: re.Match[str], lead: re.Match[str], place: tuple[int, int]) -> bool:
    value, joint = text[place[0] : place[1]], lead["joint"]
    if len(value) < 3 or _is_stand_in(value) or _is_public(value):
        return False
    if lead["quote"] and joint.strip() and " " in value:
        return not any(part.lower() in _STATES for part in value.split()[:2]) and len(value) <= 60
    if looks_like_password(value):
        return True
    if " " in value or not joint.strip() or re.search(r"[,|<\t]|\b(?:to|as)\b", joint):
        return _is_named_login(text, word) and _is_exclaimed(value)
    if lead["filling"].strip() and not re.search(r"[:=]", joint):
        return False
    if word[0].lower() in ("pass", "secret", "clave", "parola") and not _is_named_login(text, word):
        return False
    return _is_plain_word(value) and bool(_CLAUSE_ENDS.match(text, place[1]))


def _is_plain_word(value: str) -> bool:
    """A word or number that is no state: the weakest password there is, but one."""
    lowered = value.lower().strip("!'")
    if value.isdigit():
        return 4 <= len(value) <= 12
    return len(lowered) >= 4 and lowered not in _STATES and not _STATE_ENDING.search(lowered)


def _is_named_login(text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - 40) : found.start()].lower()
    return bool(re.search(r"(?:user|login|log in|admin|u|id|account|ftp|smtp|email|@[\w.-]+)\b[^\n]{0,30}$", before))


def _is_exclaimed(value: str) -> bool:
    return bool(re.fullmatch(r"[A-Z][a-z]{3,20}!{1,3}", value))


def looks_like_password(value: str) -> bool:
    """Letters with digits or with signs inside; not a date, a size, a time or a word with a hyphen.

    >>> [looks_like_password(word) for word in ("Orchid2024!", "lemon-tree-42", "24/7", "two-factor", "page's")]
    [True, True, False, False, False]
    """
    core = value.rstrip("!")
    if len(value) < 5 or len(value) > 128 or not re.search(r"[^\W\d_]", core):
        return bool(re.fullmatch(r"(?=.*\d)(?=.*[!@#$%^&*?+=~])[\d!@#$%^&*?+=~._-]{6,}", value))
    if re.search(r"\d", core):
        return not re.fullmatch(r"\d+(?:st|nd|rd|th|px|am|pm|min|mins|gb|mb|kb|hrs?|days?|x|k|mm|cm|kg|years?)\W*", value, re.IGNORECASE) and not (
            re.fullmatch(r"[A-Za-z]{1,12}[-.]?[vV]?\d{1,2}", core) and len(core) < 6
        )
    return bool(re.search(r"[#$%^&*!+=~@](?=.)", core)) and not re.search(r"['’]", core)


def looks_like_key(value: str, *, short: bool = False) -> bool:
    """A long run of letters and digits that is no word, no address and no date; `short` takes 8 characters for enough."""
    if not re.fullmatch(r"[A-Za-z0-9_.~+/=:$-]{8,4000}", value) or _is_public(value):
        return False
    digits = len(re.findall(r"\d", value))
    letters = len(re.findall(r"[A-Za-z]", value))
    if digits and letters:
        return len(value) >= (8 if short else 16)
    if letters and not digits:
        mixed = re.search(r"[a-z][A-Z][A-Za-z]*[a-z][A-Z]", value) is not None
        return len(value) >= 20 and mixed and "-" not in value and "_" not in value
    return short and digits >= 12 and "-" not in value


def _is_public(value: str) -> bool:
    """Addresses, mailboxes, file names and paths."""
    return bool(
        re.match(r"(?:https?|ftp)://|www\.|/[\w-]+/", value)
        or re.fullmatch(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", value)
        or re.fullmatch(r"(?:[\w-]+\.)+(?:com|net|org|php|html?|aspx?|js|css|json|csv|xml|txt|example|shop|store|pdf|png|jpg)(?:/.*)?", value, re.IGNORECASE)
    )


def _is_stand_in(value: str) -> bool:
    return not value or bool(_MASKED.match(value) or _PLACEHOLDER.match(value)) or value.lower().strip("!'") in _STATES
