"""Discriminatory remarks without a slur: a group and a generalisation, "go back where", age and competence, accents.

A group's name is never enough. Each pattern joins a group (any of `words/groups.tsv`, all treated alike) or the person
spoken to with a judgement, a refusal or a sending away. The kind reported is the group's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from evenhand.reading.folding import fold
from evenhand.reading.lexicon import rows

_WORSE = (
    r"(?:lazy|stupid|dumb|clueless|useless|incompetent|dirty|filthy|greedy|crooked|dishonest|hysterical|emotional|inferior|backwards?|savage|primitive|"
    r"corrupt|untrustworthy|worthless|ignorant|brainless|idiotic|moronic|pathetic|disgusting|smelly|uneducated|illiterate|entitled|spoiled|spoilt|"
    r"senile|crazy|insane|evil|violent|lying|cheating|thieving|sneaky|shifty|cheap|stingy|weak|weak-minded|brainwashed|godless|unreliable|"
    r"slow|confused|irrational|bossy|bitter|fragile|delusional|deranged|insufferable|vermin|subhuman|third[- ]rate|half-?witted|braindead|brain-dead|mindless|whiny|whining|"
    r"unskilled|cluelessly|good for nothing|idiots?|morons?|liars?|thieves|crooks?|scammers?|cheats?|terrorists?|criminals?|animals|savages|"
    r"parasites?|pigs|trash|garbage|scum|losers?|clowns?|fools?|imbeciles?|frauds?|rats|a disgrace|a joke|a plague|a cancer|the problem|not welcome)"
)
_ATTITUDE = (
    r"(?:lazy|stupid|dumb|clueless|useless|incompetent|dirty|filthy|greedy|crooked|hysterical|ignorant|brainless|idiotic|moronic|pathetic|smelly|"
    r"uneducated|illiterate|senile|crazy|brainwashed|godless|whiny|whining|entitled|spoilt|spoiled|typical|goddamn|damn|damned|bloody|stinking|"
    r"worthless|arrogant|decrepit|doddering|snot-?nosed|delusional|corrupt|lying|cheating|thieving|rotten|radical|effing|freaking|fucking|silly little|little)"
)
_CANNOT = (
    r"(?:(?:just |simply |always |really |ever |all )?(?:can't|cannot|can not|couldn't|could not|don't|do not|doesn't|will never|won't|shouldn't|should not|"
    r"aren't|are not|isn't|never|are unable to|have no|has no|know nothing|are incapable|are too|is too|should stick|should stay|should go|should all|should be banned|"
    r"belongs?|ought to|need to go|must go|should leave|ruin|ruined|are ruining|are destroying|destroy|steal|lie|cheat|scam|only know|only care|only want|"
    r"deserve|make (?:bad|terrible|poor|lousy)|are bad at|are terrible at|are hopeless))"
)
_ABILITY = (
    r"(?:understand|know|do|think|code|program|fix|help|work|handle|use|read|write|drive|count|be trusted|trust|computers?|tech(?:nology|nical)?|work|run|"
    r"manage|be allowed|be (?:on|in|near|around|working|answering|doing|given|running)|answer|get (?:it|anything)|a clue|clue|brains?|idea|logic|belong|"
    r"speak|learn|listen|tell the truth|smart|capable|qualified|reliable|honest|competent|emotional|in (?:tech|it|business|the kitchen|a kitchen|a home)|at home|"
    r"anything|this|math|maths|business|sense|morals?|manners|respect|jobs?|everything|the country|this country|our country|country|lazy|stupid|old|slow|dumb|decisions?|care)"
)
_STAFF = r"(?:you|he|she|they|your (?:agents?|reps?|staff|team|guy|girl|support|people|colleague|employees?|operators?|techs?|workers?)|(?:the|that|this|another|some) (?:agent|rep|guy|girl|woman|man|person|lady|kid|operator|tech|one)|whoever \w+|nobody (?:there|at)|(?:the )?people (?:there|you|on|in|who|at))"
_PERSON = r"(?:someone|somebody|a person|an agent|a rep|a representative|people|anyone|an employee|a tech|a technician|a real person|an operator|staff)"
_LAND = r"(?:india|china|africa|mexico|pakistan|russia|asia|the philippines|manila|bangladesh|nigeria|iran|iraq|turkey|poland|romania|vietnam|israel|saudi arabia|cuba|haiti|syria|somalia|the jungle|the desert|the middle east|bangalore|mumbai|delhi|europe|ukraine|ghana|kenya|egypt|brazil|colombia|korea|japan|arabia)"
_NATION = r"(?:american|british|english|canadian|australian|german|french|white|native|christian|proper english|western|european|us|uk|u\.s\.)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """A discriminatory remark at [start, end) of the text and which of the six kinds it is."""

    start: int
    end: int
    kind: str


# The sign {many} stands for any group in the plural, {one} in the singular, {any} for both. Kind None: the group's.
_PATTERNS: tuple[tuple[str | None, str], ...] = (
    # a group and a judgement of all of it
    (None, r"(?<!if )(?<!when )(?:all |you |these |those |most |because |typical |your |such )?{many}(?: like (?:you|him|her|them))?(?: are| r|'re)(?: all| just| simply| always| so| such| too| nothing but| a bunch of| usually| mostly| really| naturally| born| known to be| only| the most){{0,3}} (?:[a-z-]+ ){{0,1}}?" + _WORSE + r"\b(?! (?:to|for|on|with|about|our|my|the|than)\b)"),
    (None, r"(?<!our )(?<!my )(?<!if )(?<!when )(?<!some )(?<!many )\b(?:all |you |these |those |most |typical )?{many} " + _CANNOT + r"(?: [a-z']+){{0,2}}? " + _ABILITY + r"\b(?! (?:our|my|the (?:checkout|cart|shop|store|site|form|button|menu|page))\b)"),
    (None, r"(?:you|these|those|another|more|bunch of|typical|some|stupid|is a|just a|are|by|by a|with|from a|to a|a|an|the) (?:[a-z-]+ )??" + _ATTITUDE + r",? (?:[a-z-]+,? )??{any}\b(?! (?:customers?|owned|shop|store|clothing|food|market|new year|holiday|orders?|theme|shoes|sizes?|section|category|page))"),
    (None, r"^" + _ATTITUDE + r" {any}\b"),
    (None, r"\btypical(?:ly)? (?:of )?(?:a |an )?{any}\b(?! (?:customer|order|size|shoe|food|dish|address|name|shopper|holiday|breakfast|design))"),
    (None, r"\b{any} (?:idiots?|morons?|scum|trash|garbage|clowns?|filth|nonsense|agenda|snowflakes?|vermin|bastards?|losers?|scammers?|thieves|cunts?|brainwashing|propaganda|crap|bullshit|logic|brain|nutjobs?|wackos?|cult|lunatics?|crooks?|liars?|fraudsters?|terrorists?|call cent(?:er|re)s? (?:scam|garbage|trash|monkeys?))\b"),
    (None, r"\b(?:just |exactly )?(?:like|what you get|what you'd expect|what happens|expected) (?:a |an |from a |from an |from |when you hire |of |with |by hiring |for hiring |hiring ){{1,2}}(?:a |an )?{any}\b(?=[.!?,]|$| (?:on|in|to do|doing|answering|work))"),
    (None, r"\b(?:no|never|not) (?:wonder|surprise)[^.!?]{{0,40}}\b{any}\b"),
    (None, r"\b(?:never|don't|do not|can't|cannot|wouldn't|won't|shouldn't|stop) (?:trust(?:ing)?|hir(?:e|ing)|employ(?:ing)?) (?:a |an |any |the |some )?{any}\b"),
    (None, r"\bcan't (?:expect|rely on) (?:a |an |any )?{any}\b"),
    (None, r"\b(?:hate|despise|detest|can't stand|sick of|fed up with|tired of|loathe|had enough of)(?: all| you| these| those| dealing with| talking to| your| the| of){{0,3}} (?:[a-z-]+ )?{many}\b"),
    (None, r"\b(?:because|since|as|cause) (?:she|he|you|they|the agent|your agent|your rep)(?:'s| is|'re| are| must be| was)(?: just| only| obviously| clearly)? (?:a |an |some )?(?:[a-z]+ )?{any}\b(?! (?:company|shop|store|business|customer|citizen|address))"),
    # refusing a group, or asking for another
    (None, r"\b(?:don't|do not|won't|will not|refuse to|not going to|never|wouldn't|rather not|not gonna|no way i'm|i'm not) (?:want(?: to)? |wanna |be |speak |talk |talking |dealing |taking |take |deal |work |speaking |working |have |having |let |get |getting |accept |listen |listening |like ){{1,2}}(?:to |with |by |from |orders from |advice from |help from |support from |helped by |served by ){{0,2}}(?:a |an |any |some |another |your |these |those |you )?(?:[a-z-]+ )?{any}\b(?! (?:customers?|orders?|language|version|text|characters?|keyboard|site|store|shop|address))"),
    (None, r"\b(?:rather|prefer to|want to|need to|like to|let me|can i|could i|get to) (?:speak|talk|deal|work|chat)(?:ing)? (?:to|with) (?:a |an )(?:real |proper |actual |normal |young |old |grown )?(?:man|male|woman|girl|guy|white (?:man|guy|person|agent)|american|christian|brit|conservative|republican|democrat|native|englishman|straight person|adult|grown-?up)\b(?! (?:size|who speaks))"),
    (None, r"\b(?:put|get|give|send|find|transfer|connect|pass|hand)(?: me| us| it| this)?(?: back| over| on| to| on to| over to| through| through to| with){{0,2}} (?:a |an )(?:real |proper |actual |normal )?(?:man|male|white (?:man|guy|person|agent)|american|christian|grown-?up|adult|native speaker|englishman|white)\b(?! (?:size|version|flag|address|number|font|translation))"),
    (None, r"\b" + _PERSON + r" (?:who|that)(?:'s| is| isn't| is not|'s not| wasn't|'s actually)(?: actually| really| a real)? (?:not )?(?:a |an )?{any}\b(?! (?:speak|customer|-speak))"),
    (None, r"\b(?:is|are) (?:he|she|they|you|that (?:guy|man|woman)|your (?:agent|rep|guy)|the (?:agent|rep))(?: even| actually| really)? (?:a |an |some )?{any}(?: or something)?\?"),
    (None, r"\b(?:don't|do not|won't|shouldn't|should not) (?:let|allow) (?:a |an |any |the |your )?{any} (?:touch|handle|near|answer|work|do|run|fix|into|anywhere)\b"),
    # sending away
    ("jingoist", r"\b(?:you|they|he|she|them|reps?|agents?|staff|people|lot|him|her|all|just|should|can|please|why don't you)(?: can| should| all| just| could| need to| must| better){{0,3}} (?:f\S+ off |piss off |sod off )?(?:go|get|crawl|move|send \w+|shipped|sent) back (?:to )?(?:where(?:ver)? (?:you|they|he|she|u|y'all)(?:'ve|'re| all| were| was)? ?(?:came|come|comes|belong|belongs|born|crawled)\b|(?:your|their|his|her) (?:own |damn |shithole |backward |f\S+ )?(?:country|countries|homeland|village|caves?|hut|mud hut)|" + _LAND + r")"),
    ("jingoist", r"(?:^|[.!?,;:\n]\s*)(?:just |why don't you |so )?(?:go|get|crawl|move) back (?:home )?(?:to )?(?:where(?:ver)? (?:you|they|u)(?:'ve|'re| all| were)? ?(?:came|come|belong|crawled)|your (?:own |damn )?(?:country|homeland|village|cave|hut)|" + _LAND + r")"),
    ("jingoist", r"\b(?:deport (?:him|her|them|you|all|the)|(?:should|ought to|must) (?:all )?be deported|send (?:them|him|her|you|'em|these people|those people) (?:all )?(?:back|home)\b(?! (?:to me|to us|for|the|their|a refund|an email))|build (?:the|that) wall)"),
    ("jingoist", r"\b(?:this is|we're in|we are in|you're in|it's|welcome to|live in|here in) (?:america|the us|the usa|the u\.s\.a?|the united states|england|britain|great britain|the uk|australia|canada|germany|france)\b[^?\n]{{0,30}}[.,!;:-]\s*(?:so |if |and )?[^?\n]{{0,25}}(?:speak|learn|english|go |leave|get out|flag|love it|not \w+|american)"),
    ("jingoist", r"\b(?:stealing|taking|took|steal|take) (?:our|american|british|all the|all our|white|good american) jobs\b"),
    ("jingoist", r"\b(?:real|true|proper|decent|hard-?working|red-blooded) (?:americans?|englishm[ae]n|brits?|british|canadians?|australians?|patriots?)\b[^.!?\n]{{0,60}}|\bun-?american\b(?! apparel)|\b(?:only|just) (?:hire|trust|deal with|talk to|speak to|speak with|buy from) (?:real |true |fellow )?(?:americans|brits|canadians|australians|germans|our own)\b"),
    ("jingoist", r"\b(?:hire|employ|use|get|want|bring back|give (?:me|us|jobs to)|put on|demand|expect|need|deserve) (?:some |a |an |only |real |actual ){{0,2}}(?:americans|real americans|american (?:agents?|workers?|support|reps?|staff|person|people|who)|british (?:agents?|workers?|staff|reps?|person)|(?:white|native) (?:agents?|workers?|staff|reps?|person|people))\b(?! (?:flag|theme|address|date|size))"),
    ("jingoist", r"\bthird[- ]world (?:\w+ )?(?:support|service|agents?|call cent(?:er|re)s?|country|countries|hole|hellhole|people|monkeys?|scammers?|workers?|help|garbage|idiots?|operators?|staff)\b|\b(?:shithole|backwards?|savage|garbage|dirty|filthy|hellhole|banana|god-?forsaken) (?:country|countries|nation|republic|place)\b"),
    ("jingoist", r"\b(?:best|greatest) (?:country|nation) (?:in the world|on earth)\b[^.!?\n]{{0,60}}\b(?:you|your|they|their|unlike)\b|\b(?:my|our) (?:country|nation|people) (?:is|are) (?:better|superior|greater) than\b|\byour (?:country|people|culture|nation|kind) (?:is|are|has|have|can't|don't|should|never|always|all|ruin\w*|doesn't|only|isn't|never)\b|\b(?:outsourc\w+|sold out|shipped|sending|sent|farmed out)[^.!?\n]{{0,30}}\bto (?:some |a bunch of |these |a )?(?:foreigners|third world|monkeys|cheap (?:indians|foreigners|labou?r in)|" + _LAND + r")\b"),
    ("jingoist", r"\bforeign (?:scum|trash|idiots?|morons?|call cent(?:er|re)s? (?:monkeys?|idiots?|trash)|monkeys?|garbage|scammers?|invaders?)\b|\bspeak (?:proper |real |actual )?(?:english|american)(?: or (?:get|go|leave|die|quit)|[!.]*$|!|, (?:or|you|this|it's|dammit|damn))|\blearn (?:to speak |proper |some |how to speak |the )?(?:english|american)(?: first| or |!|\.|$| before| if you)|\b(?:love it or leave it|america first, |make america)\b(?=[^.!?\n]{{0,60}}\b(?:you|your|agents?|hire|support)\b)"),
    # accents and language
    ("racial", _STAFF + r"(?: \w+){{0,3}}? (?:can't|can hardly|cannot|can barely|don't|doesn't|couldn't|do not|does not|barely|hardly|didn't)(?: \w+)? (?:even |really |properly )?speak (?:a word of |any |proper |real |actual |decent |basic )?english\b"),
    ("racial", r"\b" + _PERSON + r" (?:who|that) (?:can |actually |really |at least ){{0,2}}speaks? (?:proper |real |actual |decent |good |fluent |native |clear )?(?:english|american)\b|\b" + _PERSON + r" without (?:an?|the|that|such) (?:[a-z]+ )?accents?\b|\benglish[- ]speaking (?:person|agent|human|rep|staff)\b(?=[^.]{{0,40}}(?:please|for once|!|instead))|\bspeaks? english as a first language\b"),
    ("racial", r"\b(?:can't|cannot|can't even|couldn't|can barely|can hardly|could not|impossible to|nobody can|no one can|who can|hard to|tired of trying to) (?:even )?(?:understand|stand|make out|decipher|bear)[^.!?\n]{{0,40}}\b(?:your|that|his|her|their|those|these|the (?:thick|heavy|awful|stupid|agent's|rep's|indian|foreign)) ?(?:[a-z-]+ )?(?:[a-z]+ )?accents?\b"),
    ("racial", r"\baccents?\b[^.!?\n]{{0,50}}\b(?:shouldn't|should not|don't belong|has no business|have no business|no place|get off|ridiculous|disgusting|awful|horrible|annoying|joke|learn|hire|unprofessional|stupid|pathetic|insult|off the phones?|go back|send|replace|makes? (?:him|her|them|you) sound|not (?:be )?(?:on|answering))\b|\b(?:get rid of|lose|drop|fix|with) (?:that|your|his|her|the|a) (?:[a-z]+ ){{0,2}}accents?\b(?=[^.!?\n]{{0,60}}(?:!|shouldn't|phones?|how|who|why|nobody|stupid|$))"),
    ("racial", r"\b(?:these|those|you|such|that kind of|that sort of|that type of|your sort of) people\b[^.!?\n]{{0,60}}\b(?:lazy|dirty|where (?:he|she|they|you) comes? from|in (?:your|their) country|over there|can't be trusted|are all|all the same|never work|don't work|don't belong|steal|smell|don't know how|breed|aren't like us|not like us|inferior)\b"),
    ("racial", r"\bwhere (?:he|she|they|you|u|these people) (?:comes?|came|'re|are|is) from\b[^.!?\n]{{0,50}}\b(?:lazy|dirty|stupid|scam\w*|cheat\w*|steal|lie|lying|mud|camels?|electricity|toilets?|computers?|savages?|don't have|no wonder|slow|third world|goats?)\b|\b(?:lazy|stupid|scam\w*|cheat\w*|dirty|dumb|slow|like that|that way|liars|thieves|crooked|corrupt|useless|backward)\b,?(?: \w+)? (?:over )?(?:where|there where) (?:he|she|they|you) (?:comes?|came|are|is) from\b"),
    ("racial", r"\b(?:your|his|her|their) (?:kind|sort|type|race|ilk|breed|lot)\b(?! of)[^.!?\n]{{0,40}}\b(?:can't|don't|never|always|should|shouldn't|not|are|is|isn't|aren't|all|ruin|belong|only|serve|work|stick|know)\b|\b(?:people|folks?) (?:of your|of that|of his|of her|like that) (?:kind|sort|color|colour|race|background|origin)\b|\b(?:one of those|another one of (?:those|them))\b[^.!?\n]{{0,20}}\b(?:names|people|accents)\b|\b(?:that|his|her|your|such a|with a) (?:[a-z]+ )?(?:foreign|indian|muslim|arab|chinese|ghetto|weird foreign|jewish|mexican|african|russian|unpronounceable)[- ]?(?:sounding)? name\b[^.!?\n]{{0,60}}"),
    ("racial", r"\b(?:monkeys?|apes?|cotton|plantation|slaves?)\b[^.!?\n]{{0,30}}\b(?:answering|typing|on the phones?|call cent(?:er|re)|support|desk|picking)\b(?=[^.!?\n]*(?:you|your|agent|$))|\bjew(?:ed)? (?:me|us|him|them)(?: down)?\b|\b(?:don't|stop|trying to) (?:jew|gyp|welsh)\b"),
    # age and competence
    ("ageist", r"(?:^|[.!?,;\n]\s*|\b(?:you|you're|you are|he|he's|she|she's|they|they're|agent|agents|rep|guy|lady|woman|man|staff|someone|sounds?|is|are|sounded|seems?|obviously|clearly|probably|way|whoever|that|team) )(?:is |are |was |sounds? |sounded |seems? |probably |clearly |obviously |just |way |simply |all |far |much |a bit |evidently ){{0,3}}too (?:old|young) (?:for (?:this|the) (?:job|work|role|computers?|internet|tech\w*|position)|to (?:understand|do|help|know|work|answer|use|be|handle|get|learn|run|have|grasp|fix|give|tell|support|deal))\b"),
    ("ageist", r"\b(?:how old (?:are (?:you|they|your)|is (?:he|she|this|that|your|the))(?: \w+){{0,2}}(?:\?|,)(?=.{{0,60}}(?:\d|twelve|ten|fifteen|kid|child|ninety|hundred|old enough|seriously|school|$))|(?:are you|is he|is she|was he|was she|are they)(?: even| really)? (?:old enough|out of (?:school|diapers|high school|college)|like \d+|(?:about )?(?:twelve|ten|fifteen|five|six|12|10|15|14|9|90|100|ninety)\b(?: years old)?)|(?:you|he|she|they|agent|rep|guy|girl)(?:'re| are| is|'s)? (?:sounds?|sounded|look|looks|act|acts|acting|must be|probably|write|writes|type|types)(?: like)?(?: you're| he's| she's| about| like| barely| all| maybe| a| an| some){{0,4}} (?:twelve|ten|fifteen|five|12|10|15|14|13|9|90|100|ninety|a hundred|teenagers?|kids?|child(?:ren)?|(?:my )?grand(?:ma|pa|mother|father)|senior|pensioner|retired|geriatric|dead already))\b"),
    ("ageist", r"\b(?:senile|geriatric(?:s)?|fossils?|dinosaurs?|grandpas?|grandmas?|gramps|granny|grannies|old (?:man|woman|lady|guy|fool|people|folks?)|geezers?|relics?|pensioners?)\b[^.!?\n]{{0,50}}\b(?:retire\w*|can't|cannot|doesn't|don't|shouldn't|should|nursing home|care home|nap|hearing aid|dementia|alzheimer\w*|keep up|past (?:it|his|her|their)|on your (?:team|staff|desk)|answering|typing|abacus|typewriter)\b(?=[^.!?\n]{{0,40}}(?:[.!?\n]|$))"),
    ("ageist", r"\b(?:should|ought to|needs? to|time to|must|please|go|go and|just|why don't you|better|when will (?:he|she|you)|isn't it time (?:he|she|you)|hasn't) (?:have )?(?:been )?(?:already )?retired?\b(?! (?:the|this|that|our|my|a|an|these|products?|items?|old|it|soon|sku\w*|version|plan|theme|and))|\b(?:back to|in|to|belongs? in|off to) (?:the |a |your |his |her )?(?:nursing home|retirement home|old folks'? home|care home|old people's home|kindergarten|nursery|daycare|day care|crib|playpen|high school|middle school)\b|\b(?:still in|out of|in) (?:diapers|nappies|kindergarten)\b|\b(?:some|a|an|another|your) (?:\d\d[- ]year[- ]old|teenager|teenage|child|kid|toddler|school ?(?:boy|girl|kid)|schoolchild|pimply|spotty)\b[^.!?\n]{{0,30}}\b(?:support|answer\w*|who|can't|doesn't|script|intern|running|typing|knows? nothing|clueless|on the (?:phone|desk|line)|handle|handling)\b"),
    ("ageist", r"\b(?:put|get|give|send|find|transfer|connect|hand|pass)\b(?: me| us| this| it)?(?: on| over| to| with| back){{0,2}} (?:a |an |someone |somebody |some )(?:[a-z]+ )?(?:grown[- ]?ups?|adults?|older|younger|over (?:thirty|forty|fifty|\d\d)|under (?:thirty|forty|fifty|\d\d)|my (?:own )?age|mature|with (?:gr[ae]y hair|some years)|from (?:my|this) (?:generation|century)|born (?:before|after|this|in this))\b|\b" + _PERSON + r" (?:who|that)(?:'s| is| was| wasn't| isn't)? (?:actually )?(?:not )?(?:born (?:before|after|in this|this|last)|(?:older|younger) than|over (?:thirty|forty|fifty|\d\d)|under (?:thirty|forty|fifty|\d\d)|(?:a )?(?:grown[- ]?up|adult)|old enough|young enough|a child|a kid|ninety|half dead|my age)\b"),
    ("ageist", r"\b(?:you |these |those |the |clueless |stupid |spoiled |lazy |all |damn )(?:kids?|children|youngsters|young people|millennials?|boomers?|zoomers?|teenagers?|gen[- ]?z(?:ers)?|oldies|old people|old folks?|old timers?)(?: these days| nowadays| today| there| over there| on support)?[, ]+(?:just |all |really |still |always |never |only |simply ){{0,2}}(?:can't|cannot|don't|know|do|have no|are|never|should|shouldn't|think|want|need|couldn't|expect|get off|ruin\w*|learn|haven't)\b(?! (?:love|like|enjoy|ages?|sizes?|available|shown|missing|broken|on sale))|\bkids? (?:these days|nowadays|today)\b|\b(?:when you(?:'re| are) (?:older|grown|my age)|when you grow up|grow up(?:,| and let)|before you were born|i was (?:coding|programming|running|doing)[^.!?]{{0,40}}before you were|wet behind the ears|at (?:your|his|her) age\b(?=[^.!?\n]{{0,50}}(?:can't|should|still|shouldn't|learn|understand|know)))|\b(?:child(?:ren)?|kids|teens|teenagers|interns|babies) (?:shouldn't|should not|have no business|don't belong|answering|running|manning|doing|working|pretending|playing)\b(?=[^.!?\n]{{0,50}}\b(?:phones?|calls?|support|desk|business|office|company|jobs?|tickets?|queue|grown))"),
    ("ageist", r"\bok(?:ay)?,? boomers?\b|\b(?:another|typical|clueless|stupid|lazy|entitled|useless|some|you|old) (?:[a-z-]+ )?(?:boomers?|millennials?|zoomers?|gen[- ]?z(?:er)?s?)\b(?! (?:customers?|shoppers?|audience|market|buyers?|pink|segment|collection))"),
    # sexism
    ("sexist", r"\b(?:listen|look|now|ok|okay|calm down|easy|relax|sorry|thanks but|no|hey|hello|honestly|hi|well|be a good|good|run along|there there|go ahead|thank you|fine|come on|oh|chill)[, ]+(?:here,? |up,? |now,? |then,? |but )?(?:sweetheart|sweetie|honey|hun|darling|little (?:lady|girl)|missy|girlie|girly|toots|dollface|doll|young lady|babe|sugar|sweet cheeks|princess|love|luv|dear girl|good girl|lady)\b(?! (?:sku|gift|set|products?|stand))|^(?:sweetheart|sweetie|honey|hun|darling|little lady|missy|girlie|toots|doll|babe|young lady|princess|sugar)[, ]+(?:get|give|put|just|let|listen|can|could|why|i|you|go|be|where|when|do|don't|please|leave|this)\b|\b(?:be|there's) a (?:good girl|dear|love|doll)\b|,? (?:sweetheart|sweetie|toots|sweet cheeks|little lady|girlie|missy|dollface|babe|princess)[.!?,]"),
    ("sexist", r"\b(?:back (?:in|to|into) the kitchen|make me a (?:sandwich|coffee)|in the kitchen where|woman'?s place|women'?s place|know (?:your|her) place|(?:a )?man'?s (?:job|work|world)|men'?s (?:work|job)|leave (?:it|this|that|tech\w*|computers?|coding|business) to (?:the )?(?:men|man|boys|guys)|time of (?:the|her|your|that) month|on (?:her|your|the) period|(?:her|your) period\b(?=[^.!?]{{0,20}}(?:\?|!|\.|$))|pms(?:ing|'ing)?\b|pretty little head|(?:your|her) pretty (?:face|head)|female (?:logic|brain|drivers?|hysteria)|woman(?:ly)? logic|women'?s logic|throw(?:s)? like a girl|cry like a girl|like a little girl|man up|grow (?:a pair|some balls)|real man would|as a man|diversity hires?|(?:smile|smiled) more|slept (?:her|your) way|hired for (?:her|your) looks|nice (?:legs|tits|rack|ass)|wear(?:s|ing)? the (?:pants|trousers)|barefoot and pregnant|mansplain\w*|(?:go|back|stick|stay) (?:home )?(?:to|with|at home and|at) (?:the |your )?(?:dishes|ironing|laundry|knitting|nails|makeup|make-up|washing|stove|cooking|babies))\b"),
    ("sexist", r"\b(?:put|get|give|let|is there|isn't there|do you have|don't you have|where's|find|transfer|connect|pass|hand)\b[^.!?\n]{{0,25}}\b(?:a|some|the|any) (?:real |actual |proper |competent )?(?:man|men|male|guy|bloke|fella|dude)\b(?: (?:there|around|available|on (?:the )?(?:phone|line|team)|who|that|i can|to (?:talk|speak|help|fix)|instead|in charge|please|for this|from)|[.!?]|$)"),
    ("sexist", r"\b(?:because|since|as|why|that's what|what you get|this is what) (?:you|they|she|when you|happens when|you get (?:when|for)|we get|a )?[^.!?\n]{{0,25}}\b(?:a woman|women|a girl|girls|a female|females|a chick|chicks|the ladies)\b[^.!?\n]{{0,30}}\b(?:in charge|tech|support|code|coding|do|run|running|drive|work|answer\w*|a man's|phones?|hire|computers?|it)\b|\b(?:hysterical|emotional|hormonal|dumb|silly|stupid|ditzy|bossy|moody) (?:little )?(?:woman|women|girls?|females?|lady|ladies|blonde?s?|chicks?|cow|broad)\b|\b(?:women|girls|females|ladies) (?:and|with) (?:computers|technology|tech|coding|numbers|maths?)\b"),
    # religion and politics
    ("religious", r"\b(?:your|their|his|her) (?:fake|false|stupid|imaginary|silly|sick|evil|violent|backward|so-called|barbaric)[- ](?:god|gods|prophet|religion|faith|cult|holidays?|church|beliefs?)\b|\b(?:your|their|his|her) (?:religion|god|prophet|faith|church|allah|quran|koran|bible|jesus) (?:is|are|can't|won't|isn't|was|teaches|makes|won't)\b(?=[^.!?\n]{{0,50}}(?:fake|false|stupid|lie|wrong|save|help|evil|joke|violence|nonsense|cult|disease|garbage|terror|sick))|\b(?:sky fairy|sharia law|religious (?:nut\w*|freaks?|wackos?|fanatics?|lunatics?)|god-?hating|worship(?:ping|s)? (?:the )?(?:devil|satan|a false)|pray(?:ing|s)? (?:to|instead|five times)[^.!?\n]{{0,40}}(?:instead of|wrong|false|fake|allah|work\w*)|(?:go|going|burn|rot) (?:to|in) hell[^.!?\n]{{0,25}}(?:unbeliever|sinner|non-?believer|like all|for your)|(?:find|accept|repent|turn to) (?:jesus|christ|god|allah)[^.!?\n]{{0,40}}(?:or|before|burn|hell|you people|sinners?)|unbelievers?|non-?believers?(?=[^.!?]{{0,30}}(?:can't|never|like you)))\b|\b(?:bomb|terror\w*|explosives?|blow(?:ing)? (?:us|something|things|it) up)\b[^.!?\n]{{0,40}}\b(?:muslim|mohamm?ed|muhammad|ahmed|arab|islam\w*|allah|hijab|turban|mosque)\b|\b(?:muslim|mohamm?ed|muhammad|ahmed|islam\w*|hijab|turban|headscarf)\b[^.!?\n]{{0,40}}\b(?:bombs?|bomber|terror\w*|blow(?:ing)? (?:us|something|things|it) up|oppress\w*|isis|taliban|al-?qaeda)\b"),
    ("political", r"\b(?:you|your|they|he|she|agent|rep|staff|team|people|lot|everyone|everybody|all|company|guys|whoever)\b[^.!?\n]{{0,30}}\b(?:must have|probably|clearly|obviously|must|surely|no doubt|all|bet you|i bet|likely|sound like (?:you|a))\b[^.!?\n]{{0,10}} ?(?:vote[ds]?|voting|voter|support(?:s|ed)?|love|watch(?:es)?|listen to|follow|worship) (?:for )?(?:the )?(?:trump|biden|obama|clinton|hillary|harris|kamala|desantis|sanders|bernie|fox(?: news)?|cnn|msnbc|democrats?|republicans?|labour|tories|tory|brexit|remain|the left|the right|socialists?|communists?|greens?|afd|le pen|boris|starmer|corbyn|putin|reform)\b|\b(?:libs?|woke|wokeness|maga|commie|marxist|communist|socialist|fascist|nazi|leftist|left-?wing|right-?wing|far-?left|far-?right|neocon|antifa) (?:idiots?|morons?|mob|nonsense|garbage|clowns?|trash|company|bunch|crowd|crap|brigade|nutjobs?|nuts|lunatics?|scum|propaganda|brainwash\w*|bs|bullshit|losers?|agents?|staff|support team|hippies|hippie|weirdos?|freaks?|cult|cultists?|tools?|puppets?|people|reps?)\b|\bgo woke,? go broke\b|\b(?:you|these|those|bunch of|such|a load of|typical|total|little|poor|precious|sensitive|liberal|leftie|entitled) (?:[a-z]+ )?snowflakes?\b(?! (?:ornaments?|pattern|necklace|design|decoration|earrings?|theme|cut-?outs?|stickers?|prints?))|\b(?:this is|that's|it's) what (?:happens|you get|we get) (?:when|with|for|from) (?:you |people |idiots )?(?:vot\w+|elect\w*|democrats?|republicans?|liberals?|the (?:left|right)|socialism|communism|woke|leftists?|conservatives?|tories|labour)\b|\b(?:brainwashed|indoctrinated) by (?:the )?(?:fox|cnn|msnbc|left|right|media|liberals?|democrats?|republicans?|trump|woke|bbc)\b|\b(?:thanks|thank you) to (?:the )?(?:trump|biden|obama|liberals?|democrats?|republicans?|tories|labour)\b[^.!?\n]{{0,30}}\b(?:you|your|people like)\b|\byou(?:'re| are)? (?:a )?(?:bunch of |all |just |nothing but )?(?:a )?(?:liberals?|leftists?|lefties|communists?|commies|nazis?|fascists?|marxists?|socialists?|trumpers?|trumpists?|trump cultists?|hippies)\b"),
)  # fmt: skip


# What people say of themselves or of those they serve is no remark about anyone.
_OF_MYSELF = re.compile(
    r"\b(?:(?:i'm|i am|im|we're|we are|i feel|as|my (?:mother|father|mom|mum|dad|wife|husband|partner|boss|son|daughter|customers?)(?: is|'s|,)?)"
    r"(?: just| only| not| getting| probably| a| an| [\d]+[- ]years?[- ]old){0,3} ?|(?:our|my) (?:customers?|clients?|shoppers?|buyers?|users?|visitors?|audience) (?:are |who are |is )?)$"
)


@dataclass(frozen=True, slots=True)
class _Pattern:
    kind: str | None
    expression: re.Pattern[str]


@cache
def _groups() -> dict[str, str]:
    """Every name of a group, one and many, with the kind of remark that speaks ill of it."""
    kinds: dict[str, str] = {}
    for row in rows("groups.tsv"):
        kinds.setdefault(row["one"], row["kind"])
        kinds.setdefault(row["many"], row["kind"])
    return kinds


@cache
def _patterns() -> tuple[_Pattern, ...]:
    listed = list(rows("groups.tsv"))
    one = _either({row["one"] for row in listed})
    many = _either({row["many"] for row in listed})
    both = _either({row[number] for row in listed for number in ("one", "many")})
    return tuple(
        _Pattern(kind, re.compile(text.format(one=one, many=many, any=both), re.MULTILINE)) for kind, text in _PATTERNS
    )


def _either(names: set[str]) -> str:
    return "(?:" + "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name))) + ")"


@cache
def _group_name() -> re.Pattern[str]:
    return re.compile(rf"\b{_either(set(_groups()))}\b")


def find_remarks(text: str) -> Iterator[Remark]:
    """Every remark that a pattern knows; spans may overlap.

    >>> [remark.kind for remark in find_remarks("Women can't understand computers.")]
    ['sexist']
    """
    folded = fold(text[:100_000])
    for pattern in _patterns():
        for found in pattern.expression.finditer(folded.text):
            if _OF_MYSELF.search(folded.text[max(0, found.start() - 40) : found.start()]):
                continue
            start, end = folded.place(*found.span())
            kind = pattern.kind or _kind_of(found[0])
            yield Remark(start=start, end=end, kind=kind)


def _kind_of(passage: str) -> str:
    named = _group_name().search(passage)
    return _groups().get(named[0], "racial") if named else "racial"
