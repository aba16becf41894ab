"""The same matter twice from one sender, to find an agent who answers otherwise.

Repeating a matter is an offence only where the earlier one was answered or the sender says what it is
for. Adding facts, a fault that came back, a mail that bounced, a ticket that an agent asked for and a
colleague's ticket are none.
"""

from __future__ import annotations

import re

from evenhand.reading.wordlists import word_set

_SHOPPING = re.compile(
    r"\b(?:(?:another|different|other|new|better|nicer|more helpful|second|next) (?:agent|person|"
    r"rep(?:resentative)?|tech(?:nician)?|one of you|support person|opinion|answer|operator|staff|colleague|"
    r"team member|set of eyes)|"
    r"(?:someone|somebody|anyone|anybody) (?:else|new|different|nicer|better|more \w+|who (?:will|can|"
    r"actually|knows|isn't|is willing|does))|one of (?:you|your|the) (?:\w+ )?(?:will|might|can)|"
    r"(?:last|first|previous|other|earlier) (?:agent|guy|girl|person|rep|one|tech|lady|woman|man|colleague|"
    r"answer|reply|chat|ticket|time|call)\b[^.!?\n]{0,60}\b(?:no|refus\w+|wouldn't|won't|unhelpful|useless|"
    r"didn't|declin\w+|couldn't|rude|wrong|closed|not|nothing|said|article\w*|told)|"
    r"(?:refused|turned (?:me|us|it) down|said no|told (?:me|us) no|declined|rejected|wouldn't (?:do|help|"
    r"fix)|didn't like (?:the|that|his|her|your)|don't accept|not accept\w*|unhelpful|brushed (?:me|us) off|"
    r"shot down|fobbed off)|"
    r"try(?:ing)? (?:again|my luck|once more|with|here|you|this (?:desk|address|channel|form))|hop(?:e|"
    r"ing) (?:for|to (?:get|find|reach)|that|this time|you|someone|somebody)|see if (?:someone|somebody|you|"
    r"anyone|i get|this)|"
    r"until (?:someone|somebody|i get|one of|you|it)|keep (?:opening|asking|sending|trying|writing|calling|"
    r"submitting)|as many (?:tickets|times)|"
    r"goes to (?:someone|somebody|another)|(?:open|opened|opening|start|started|starting|sent|"
    r"submitted) (?:a |this |this as a |another |a second |a third |a new )(?:new |fresh |second |"
    r"third )?(?:ticket|one|request)? ?(?:so|to get|to see|because|hoping|in the hope|since (?:the|your|"
    r"dana|he|she|they|you|my))|"
    r"(?:your|the) (?:colleague|coworker|co-worker)\b[^.!?\n]{0,40}\b(?:no|refus\w+|wouldn't|won't|can't|"
    r"couldn't|said|declin\w+|told)|third time (?:asking|i ask|lucky)|asking again|ask(?:ing)? (?:you|"
    r"someone|a) (?:instead|now))\b",
    re.IGNORECASE,
)
_AGAINST_THE_RECORD = re.compile(
    r"\b(?:(?:chat|call|ticket|email|phone)? ?(?:log|record|notes?|transcript|history) (?:says?|shows?|"
    r"states?|reads?) (?:the )?(?:contrary|opposite|otherwise|no|different\w*|that (?:it|he|she|they|"
    r"we) (?:was|were)? ?(?:declined|refused|told))|"
    r"(?:was|were|had been|been) (?:already )?(?:told|declined|refused|answered|"
    r"informed)\b[^.!?\n]{0,60}\b(?:no|not|already|twice|yesterday|earlier|today|by|that)|"
    r"(?:same|identical) (?:request|question|matter|issue|demand)\b|same (?:day|hour|morning|"
    r"afternoon)[^.!?\n]{0,60}\b(?:again|asks?|wants?|calls?|told me|said)|calls? (?:again|"
    r"back)[^.!?\n]{0,60}\b(?:ask\w*|want\w*|same|demand\w*|about)|"
    r"(?:wants?|ask(?:s|ed|ing)?|demand\w*|insist\w*)[^.!?\n]{0,40}\b(?:again|anyway|once more|"
    r"a different agent|another agent))\b",
    re.IGNORECASE,
)
_ANSWERED = re.compile(
    r"\[(?:reply|answer|response|closed|agent|resolution|our|support|declined|refused|solved)[^\]]{0,400}\]|"
    r"\b(?:declined|refused|was told (?:no|that)|answered|rejected|closed as|policy:|told (?:it's|that|"
    r"it is|no))\b|"
    r"\b(?:reply|answer|resolution|response)(?: sent| given)?:",
    re.IGNORECASE,
)
_ADDING = re.compile(
    r"\b(?:follow(?:ing|ed)?[- ]?up|updates? (?:on|to|for|:)|update:|additional(?:ly)?|in addition|"
    r"more (?:info\w*|details?|detail)|further (?:info\w*|details?)|extra (?:info\w*|details?)|screenshots?|"
    r"forgot(?:ten)? to|"
    r"correction|to add|adding|i(?:'ve| have)? (?:also )?(?:found|noticed|discovered|figured|tested|checked|"
    r"tried)|also (?:noticed|happens|affects|seen)|it (?:only|also) happens|narrowed|turns out|here(?:'s|"
    r" is| are) the|as (?:you )?(?:requested|asked|advised|instructed|discussed|suggested)|"
    r"as (?:your |the |an? )?(?:\w+ )?(?:asked|told|advised|requested|instructed|suggested)|"
    r"you (?:asked|told|said|wanted|requested|advised)|(?:agent|rep|colleague|support|chat|sales|dana|team|"
    r"they|he|she) (?:asked|told|advised|suggested|instructed|wanted|said) (?:me |us )?(?:to )?(?:open|send|"
    r"submit|create|write|file|email|log|raise|start|put|reply)|"
    r"per your|answering your|in reply to your|reply to your|to answer your|p\.?s\.?)\b",
    re.IGNORECASE,
)
_UNHEARD = re.compile(
    r"\b(?:bounced?|delivery failed|undeliver\w+|(?:didn't|did not|haven't|have not|never|not) (?:see|seen|"
    r"get|got|gotten|receive|received|hear|heard|had|arrive\w*|sure)|no (?:answer|reply|response|"
    r"confirmation|acknowledg\w+|email)|"
    r"without (?:an )?(?:answer|reply|response)|(?:in case|not sure (?:if|whether)|don't know (?:if|"
    r"whether)|wasn't sure)[^.!?\n]{0,40}\b(?:went|got|received|arriv\w+|came|through|sent|reached)|"
    r"went through|didn't go through|"
    r"still waiting|any (?:news|update)|by (?:mistake|accident)|accidental\w*|double[- ]?(?:click\w*|sent|"
    r"post\w*|submit\w*)|twice|sent (?:it )?(?:again|to the wrong)|resend\w*|resent|timed out|crashed|"
    r"sorry for the (?:duplicate|second|double|repeat|extra)|(?:please )?(?:merge|ignore|disregard|close|"
    r"delete) (?:the |this |my |one|it|that|with)|"
    r"wrong (?:address|email|form|inbox|department)|form (?:gave|said|froze|errored|failed))\b",
    re.IGNORECASE,
)
_ANOTHER_MATTER = re.compile(
    r"\b(?:stopped again|(?:back|broken|happening|happened|failing|down|wrong|gone|appeared|returned|"
    r"started) again|again (?:today|this|since|now|after)|came back|is back|recurr\w+|re-?appear\w*|"
    r"reoccur\w+|relaps\w+|like (?:last|in|back in)|same as (?:in|last|before|back)|same (?:issue|problem|"
    r"fault|error) (?:as|has|is back|returned|again)|"
    r"(?:different|another|other|second|new|separate|unrelated|sister) (?:store|shop|issue|question|problem|"
    r"product|order|site|domain|matter|topic|page|brand|theme|account|thing|one of our)|this time|now (?:it|"
    r"the)|since (?:yesterday|the update|today|then)|unrelated|separate(?:ly)?|not the same|"
    r"instead of|didn't (?:realis|realiz|know)e?|also (?:need|have|want|like)|next (?:question|step)|"
    r"thank(?:s| you)[^.!?\n]{0,30}(?:work(?:s|ed)|solved|fixed|that))\b",
    re.IGNORECASE,
)
_ACCEPTING = re.compile(
    r"\b(?:quotes?|happy to pay|(?:we|i)(?:'ll| will| can| would) pay|go ahead|(?:yes|ok|okay|fine|"
    r"sure)[,.!]? please|"
    r"(?:i|we)(?:'ve| have)? read (?:the|your|those)|that works|sounds good|we accept|i accept)\b",
    re.IGNORECASE,
)
_STOP_WORDS = word_set("empty.txt")
_WORD = re.compile(r"[^\W_]{2,}")
_NUMBER = re.compile(r"(?:#|ticket |case |request |no\.? ?)(\d{1,10})\b", re.IGNORECASE)
_NOTE = re.compile(r"\[[^\]]{0,1000}\]")


def repeats_to_shop(text: str, text_b: str, *, same_sender: bool) -> tuple[int, int] | None:
    """[start, end) in `text_b` of what shows a second ticket on the matter of `text` to get another
    answer; or None.

    >>> earlier = "Fix my menu CSS.\\n[reply: design help is paid]"
    >>> repeats_to_shop(earlier, "Please fix my menu CSS, last agent refused", same_sender=True)
    (24, 42)
    """
    if not same_sender:
        return None
    earlier, later = text[:20_000], text_b[:20_000]
    alike = likeness(earlier, later)
    named = bool(set(_NUMBER.findall(earlier)) & set(_NUMBER.findall(later)))
    shopping = _SHOPPING.search(later)
    excused = any(pattern.search(later) for pattern in (_ADDING, _UNHEARD, _ANOTHER_MATTER, _ACCEPTING))
    record = _AGAINST_THE_RECORD.search(later)
    if record and (alike >= 0.2 or named):
        return record.span()
    if (
        shopping
        and (alike >= 0.2 or named)
        and not (_UNHEARD.search(later) or _unlike_shopping(later, shopping))
    ):
        return shopping.span()
    if excused:
        return None
    if _is_alike_enough(earlier, later, alike):
        return 0, len(later)
    return None


def _unlike_shopping(later: str, shopping: re.Match[str]) -> bool:
    """True where an agent sent the customer on: "you told me to ask someone else"."""
    return bool(_ADDING.search(later)) and not re.search(
        r"refus|unhelpful|declin|said no|useless|wouldn't|won't|rude|told (?:me|us) no|another agent|"
        r"someone else",
        shopping[0],
        re.IGNORECASE,
    )


def likeness(text: str, text_b: str) -> float:
    """How much of the shorter matter's own words stand in the other: 0 to 1, counted over word stems.

    >>> likeness("Please fix the slider on my home page", "my home page slider must be fixed")
    1.0
    """
    first, second = _stems(_NOTE.sub(" ", text)), _stems(_NOTE.sub(" ", text_b))
    if not first or not second:
        return 0.0
    fewest = min(len(first), len(second))
    return len(first & second) / fewest if fewest >= 2 else 0.0


def _is_alike_enough(earlier: str, later: str, alike: float) -> bool:
    """Of a few words each counts: "export of orders" and "export of customers" are two matters."""
    fewest = min(len(_stems(_NOTE.sub(" ", earlier))), len(_stems(_NOTE.sub(" ", later))))
    if fewest <= 3:
        return alike == 1.0
    return alike >= (0.5 if _ANSWERED.search(earlier) else 0.6)


def _stems(text: str) -> frozenset[str]:
    words = (found[0].lower() for found in _WORD.finditer(text))
    return frozenset(_stem(word) for word in words if word not in _STOP_WORDS)


def _stem(word: str) -> str:
    for ending in ("ations", "ation", "ings", "ing", "ies", "ed", "es", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
