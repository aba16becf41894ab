"""Words that state a fact: general wording for each fact that policies commonly declare.

Each statement has the value it states and how sure that is.  Where `denied` is set, a "no", "not" or "never"
shortly before states that value instead.  None of this is one desk's wording.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A pattern that states `value`, how surely, and what it states where it is denied.

    Patterns are for text in lower case: sparing `re` the question of case makes them three times as fast.
    """

    value: str
    pattern: re.Pattern[str]
    confidence: float
    denied: str | None

    def value_in(self, text: str, match: re.Match[str]) -> str:
        """What `match` in `text` states, a denial shortly before it heard."""
        if self.denied is not None and _DENIAL.search(text[max(0, match.start() - 40) : match.start()]):
            return self.denied
        return self.value


def _says(value: str, confidence: float, *patterns: str, denied: str | None = None) -> Statement:
    joined = re.compile("|".join(f"(?:{one})" for one in patterns))
    return Statement(value=value, pattern=joined, confidence=confidence, denied=denied)


_NOT = (
    r"(?:not|ain't|(?:is|are|does|do|did|wo|ca|has|have)nae|"
    r"(?:do|does|did|is|are|was|were|has|have|had|wo|ca|could|would|should)n'?t)"
)
_DENIAL = re.compile(rf"\b(?:no|never|nobody|nothing|none|without|{_NOT})\b[^.;!?]{{0,25}}$")
_CODE = r"(?:themes?|templates?|css|html|style ?sheets?|markup|java ?script|widgets?|snippets?|code)"
_CHANGED = (
    r"(?:chang|edit|modif|customi[sz]|tweak|alter|rewrit|rewrote|rework|touch|hard-?cod|mess(?:ed)? with"
    r"|add(?:ed)?\b|past(?:ed)?\b|wrote\b|put\b)\w*"
)
_SOMEBODY = r"(?:developer|designer|freelancer|agency|programmer|nephew|web ?(?:guy|person|man)|contractor)"
_WE = r"(?:i|we|they|he|she|someone|somebody|staff)(?:'ve|'d| have| has| had)? (?:also |already )?"
_BEFORE = r"before (?:i|we) (?:\w+ )?"
_YOUR_LIST = (
    r"your (?!theme)(?:\w+ )?(?:guide|app list|application list|list|add-?ons? page|apps? page|marketplace)\b"
)

STATEMENTS: Mapping[str, tuple[Statement, ...]] = {
    "theme state": (
        _says("fresh", 0.95, r"\b(?:untouched|unmodified|unaltered|unedited|uncustomi[sz]ed)\b"),
        _says(
            "fresh",
            0.9,
            r"\b(?:fresh(?:ly)?|newly|just) (?:installed|activated|chosen|picked|added)\b",
            r"\bfresh (?:install(?:ation)?|theme|template)\b",
            r"\b(?:fresh |straight )?out (?:of )?the box\b",
            r"\bbrand[- ]new (?:theme|template)\b",
            r"\bas (?:it|they) (?:comes?|came|was|were)(?: installed| delivered)?\b",
            rf"\b(?:{_NOT}|never) (?:yet )?{_CHANGED} (?:any|the|a|its?|one|anything|in)\b",
            rf"\b(?:nothing|nobody|no ?one)(?: \w+){{0,3}} {_CHANGED}",
            rf"\bno (?:custom )?(?:changes|customi[sz]\w+|edits|modifications|{_CODE})\b",
        ),
        _says(
            "customised",
            0.9,
            rf"\b{_SOMEBODY}\b[^.;!?]{{0,40}}\b{_CHANGED}",
            rf"\b{_WE}{_CHANGED}[^.;!?]{{0,40}}\b{_CODE}\b",
            r"\b(?:heavily|partly|much) (?:customi[sz]ed|modified|changed)\b",
            rf"\b(?:our|my|the|some|an?) (?:own )?(?:custom(?:i[sz]ed)?|hand-?(?:made|coded)|own) {_CODE}\b",
            denied="fresh",
        ),
    ),
    "works as intended": (
        _says(
            "no",
            0.85,
            rf"\b(?:{_NOT}|no longer|never|stop(?:s|ped)?|fail(?:s|ed)?(?: to)?) (?:\w+ )?"
            r"(?:work|show|load|open|display|appear|updat|sav|respond|chang|click|scroll|align|fit|clos|mov|come|coming)\w*",
            r"\b(?:nothing happens|(?:returns|does) nothing|cut off|(?:hidden|half) behind|out of line)\b",
            r"\b(?:slips?|falls?|runs?) (?:out|off|over|to the next)\b",
            r"\b(?:error|wrong|nan|shows? (?:no|nothing)|(?:is|are|comes? up) empty)\b",
        ),
        _says(
            "no",
            0.85,
            r"\b(?:broken|missin[g']|miss(?:es)?\b(?= (?:from|on|in|at|[.,!?]))|"
            r"blank|misaligned|garbled|squashed|unreadable|invisible|frozen|stuck)\b",
            r"\b(?:half hidden\b|crash|disappear|vanish|overlap|glitch|flicker)\w*",
            denied="yes",
        ),
        _says(
            "yes",
            0.8,
            r"\b(?:i|we)(?:'d| would)(?: \w+)? (?:like|love|prefer) "
            r"(?:to have|to change|to add|it to|the|our|my|an?)\b",
            r"\bhow (?:do|can|would) (?:i|we) (?:make|change|add|move|style|get|put)\b",
            r"\b(?:can|could|would|please)(?: you)?(?: please)? "
            r"(?:make|change|add|move|recolou?r|restyle|enlarge)\b",
        ),
    ),
    "customer status": (
        _says(
            "prospect",
            0.95,
            rf"\b{_BEFORE}(?:buy|purchase|sign(?: up)?|subscribe|commit|join|pay|decide|move to you)\b",
            rf"\b{_NOT} (?:yet )?(?:a|your) (?:customer|client|member)\b(?!')",
            r"\bno (?:account|store) with you yet\b",
            r"\b(?:potential|prospective|possible|would-be) (?:customer|client)\b",
        ),
        _says(
            "prospect",
            0.85,
            r"\b(?:thinking (?:of|about)|considering|looking at|interested in) (?:\w+ ){0,2}"
            r"(?:switching|moving|joining|signing up|buying|your (?:platform|service|software))\b",
            r"\b(?:evaluating|comparing|shortlist\w*) (?:\w+ ){0,3}(?:platforms?|providers?|you|for a)\b",
            r"\bif (?:i|we) (?:were to )?(?:sign(?:ed)? up|join(?:ed)?|switch(?:ed)? to you|subscribed?)\b",
        ),
    ),
    "app integrated": (
        _says(
            "no",
            0.85,
            r"\b(?:you|we) (?:do not|don'?t) (?:list|integrate|support|have) (?:with )?(?:it|them)\b",
            rf"\b{_NOT} (?:listed|integrated|one of (?:yours|them)|(?:in|on) {_YOUR_LIST})",
            r"\b(?:no integration|unofficial (?:plug-?in|connector|add-?on))\b",
        ),
        _says(
            "yes",
            0.8,
            rf"\b(?:from|in|on) {_YOUR_LIST}",
            r"\byou list (?:it|them)\b",
            r"\byour (?:own )?(?:official )?(?:integration|connector) (?:with|for|to)\b",
            denied="no",
        ),
    ),
}
"""By the fact's name as policies declare it; surer statements first."""
