"""Turns of phrase that say what a message does: thanks, commands, complaints, changes of subject."""

from __future__ import annotations

import re

from dialog.interpretation import Command

_ACK_WORDS = (
    r"thanks?|thank you|thx|ty|cheers|ok|okay|k|alright|all right|great|cool|nice|perfect|awesome|excellent"
    r"|wonderful|good|fine|sure"
    r"|got it|i see|understood|makes sense|sounds (?:good|great|fine|perfect)|no problem|you're welcome|bye"
    r"|goodbye|good bye|see you|later"
    r"|good night|that's (?:all|it|great|good|fine|perfect|everything|nice|helpful|interesting)"
    r"|that is (?:all|it|great|good|fine|perfect|everything)"
    r"|(?:that|this|it) (?:fixed|solved|did) (?:it|the problem|the trick|that)"
    r"|that(?: really)? (?:helps|works|helped|worked)"
    r"|that (?:will|'ll) (?:be all|do)|very helpful|helpful|amazing|brilliant|lovely|interesting|wow|oh|ah"
    r"|um|uh|hm|hmm|right|exactly|indeed|yes|yeah|yep|no|nope|nah|please|then"
    r"|so much|very much|a lot|again|for (?:the|your|all (?:the|your)) (?:help|info|information|answer"
    r"|assistance|time|suggestion|suggestions)|for that|for now"
    r"|i appreciate (?:it|that)|have a (?:nice|good|great) (?:day|one|evening|night)|nothing else"
    r"|not right now|no more|i'm good|i'm fine|car|much|appreciated|and|for everything|you"
)
ACKNOWLEDGEMENT = re.compile(rf"\W*(?:(?:{_ACK_WORDS})\b\W*)+", re.I)
ONLY_PARTICLES = re.compile(r"\W*(?:(?:yes|yeah|yep|no|nope|please|and|then|again|you|much|a lot|so much)\b\W*)+", re.I)

SMALL_TALK = re.compile(
    r"\W*(?:hi|hello|hey|good (?:morning|afternoon|evening|night)|howdy|greetings)(?:\s+(?:there|again|everyone))?\W*"
    r"|\W*(?:(?:hi|hello|hey)\W+)?how (?:are|'re|r) (?:you|u)(?: doing| today)*\W*|\W*how's it going\W*|\W*what's up\W*"
    r"|\W*you(?:'re| are) (?:so |very |really )?(?:funny|smart|great|awesome|cute|the best|nice|welcome)\W*"
    r"|\W*(?:nice|pleased|good) to meet you\W*|\W*who are you\W*|\W*are you (?:a bot|a robot|human|real"
    r"|there)\W*|\W*(?:lol|haha|hehe)\W*",
    re.I,
)

_POLITE = (
    r"(?:(?:ok|okay|please|um|uh|so|now|let's|let us|can we|could we|can you|could you|i want to|i'd like to"
    r"|just|actually)[\s,]+)*"
)
COMMANDS: tuple[tuple[re.Pattern[str], Command], ...] = (
    (re.compile(
        rf"{_POLITE}(?:start (?:over|again|afresh|from scratch)|restart|reset(?: everything)?|begin again"
        rf"|new (?:chat|conversation|session)|clear (?:everything|the (?:chat|conversation|history))"
        rf"|forget (?:everything|it all|all (?:of )?(?:that|this)|what i (?:said|told you)))(?:[\s,]+(?:please"
        rf"|now))*\W*", re.I), "start_over"),
    (re.compile(
        rf"{_POLITE}(?:undo(?: that| this| it| the last one)?|take that back|scratch that|revert(?: that)?"
        rf"|never\s?mind(?: that)?)(?:[\s,]+(?:please|now))*\W*", re.I), "undo"),
    (re.compile(
        rf"{_POLITE}(?:forget|drop) (?:this|that|the) (?:topic|subject|conversation|question)\W*", re.I,
    ), "forget_topic"),
    (re.compile(
        rf"{_POLITE}(?:forget|drop|remove|clear|ignore|reset|delete)(?: about)? (?:the|my|that"
        rf"|any) (?:\w+ ){{0,2}}?(?:budget|price(?: range| limit)?|area|location|city|date|time|day|cuisine"
        rf"|food(?: type)?|colou?r|size|name|number|limit|filter|filters|constraint|constraints|requirement"
        rf"|requirements|preference|preferences|party size|allergy|diet|cost)\W*", re.I), "forget_slots"),
)  # fmt: skip

REJECTION = re.compile(
    r"\W*(?:(?:ok|no|but|um|uh|sorry|hmm|well|actually)[\s,]+)*(?:"
    r"(?:that|this|it)(?:'s| is| was|s)(?: really| just| still| also| clearly| totally)? ?(?:not|n't"
    r"|no)(?: really| very| at all| quite)? (?:helpful|help|useful|what i (?:asked|wanted|meant|need|needed"
    r"|want|'m looking for|was looking for|am looking for)(?: for)?|right|correct|true|good(?: enough)?"
    r"|an answer|the answer|relevant|it)"
    r"|(?:that|this|it)(?: still| just| really)?(?: did| does|'s| is| was)?n't"
    r" (?:help(?:ful)?(?: me)?|answer my question|work|right"
    r"|correct|true|useful|what i (?:asked|wanted|meant|needed)(?: for)?|good(?: enough)?)"
    r"|(?:that|this|it)(?:'s| is| was)(?: just| totally| completely| plain)? (?:useless|unhelpful|wrong"
    r"|incorrect|irrelevant|nonsense|rubbish|a bad answer|terrible|false)"
    r"|you (?:did not|didn't|did n't|have not|haven't|are not|aren't|still haven't) (?:really |actually "
    r"|even )?(?:answer(?:ed|ing)?|address(?:ed)?|understand|understood|help(?:ed|ing)?)(?: (?:my"
    r"|the) question| me| that)?"
    r"|you(?:'re| are) (?:wrong|mistaken|not helping|not listening|useless)"
    r"|(?:that|this) (?:did not|does not|doesn't|didn't) (?:help|answer)(?: (?:me|my question))?"
    r"|wrong(?: answer)?|not helpful|unhelpful|not (?:really )?what i (?:asked|meant|wanted)(?: for)?"
    r"|(?:still nothing,? )?(?:please )?try again(?: please)?|still nothing|that's a wrong answer"
    r"|i did(?:n't| not) ask (?:for )?that"
    r")(?: at all| again| either|,? (?:please )?try again)?\W*",
    re.I,
)
REJECTED_THING = re.compile(
    r"\W*(?:(?:but|no|sorry|um|uh|well|oh|actually)[\s,]+)*(?:"
    r"(?P<a>that (?:place|one|restaurant|hotel|bar|cafe|shop|store|museum|movie|film|book|song|option)|it"
    r"|they|that|this (?:place|one))(?:'s| is| are| was| has| have|)?(?: been| already| now| permanently"
    r"| been permanently)*"
    r" (?:closed?(?: down)?|shut(?: down)?|out of business|sold out|fully booked|full|booked"
    r"|too (?:expensive|far|pricey|loud|big|small|crowded|long|short|slow|old|scary)|not (?:available|open"
    r"|there any ?more)|gone|unavailable)(?: now| already| down| permanently| for good| last year| today"
    r"| any ?more)*"
    r"|i(?:'ve| have)? (?:already |just )?(?:been (?P<b>there)|seen (?P<c>it|that(?: one)?)|read (?P<d>it"
    r"|that(?: one)?)|tried (?P<e>it|that(?: one)?)|have (?P<f>it|that one))(?: already| before)?"
    r"|i(?:'ve| have)? (?:already |just )?(?:seen|read|tried|visited|been to|got|watched|had|know|played|own) "
    r"(?:all (?:of )?)?(?P<h>those|these|them|both)(?: ones)?(?: already| before)?"
    r"|none of (?P<i>these|those|them)(?: really)? (?:works?|fits?|helps?|suits?|helped|worked|appeals?|is|are|looks?)"
    r"(?: [\w']+){0,4}"
    r"|i (?:do not|don't|did not|didn't|really don't|hate|dislike|can't stand)(?: really)?(?: like| want"
    r"| care for| enjoy)? (?P<g>it|that(?: (?:one|place|restaurant|movie|film|book|song|hotel))?|them|those"
    r"|this one)"
    r")\W*",
    re.I,
)
SOMETHING_ELSE = re.compile(
    r"\W*(?:(?:ok|no|but|um|uh|and)[\s,]+)*(?:(?:show me|give me|find me|is there|do you have|how about"
    r"|what about|i want|recommend|suggest)\s+)?"
    r"(?:(?:something|anything|somewhere|anywhere|someplace) else|another (?:one|option|suggestion|place"
    r"|idea)|a different (?:one|option|suggestion)|what else|any others|any other (?:options?|suggestions?|ideas?"
    r"|ones?)|other (?:options|suggestions|ideas))"
    r"(?:\s+(?:is there|do you have|then|please|maybe|instead))*\W*",
    re.I,
)
DISLIKES = re.compile(
    r"\W*(?:(?:but|no|sorry|um|uh|well|oh|actually)[\s,]+)*i (?:really )?(?:(?:do not|don't|did not|didn't)(?: really)?"
    r" (?:like|want|eat|enjoy|care for)|hate|dislike|can't stand) (?P<what>[^,.;!?]+?)\s*[,.;!-]+\s*(?P<more>\S.*)",
    re.I,
)
"""A dislike before something else: "I don't like Thai, any others?"."""

OPENS_TOPIC = re.compile(
    r"\W*(?:(?:ok|okay|um|uh|oh|and|so|also|anyway|hey|hmm|well)[\s,]+)*(?:by the way|btw|on (?:another"
    r"|a different) (?:note|topic|subject)|different (?:question|topic|subject)"
    r"|(?:a |an |quick )?(?:unrelated|other|different|new|another|side|random) (?:question|topic|thing"
    r"|subject)|changing (?:the )?(?:subject|topic)|change of (?:subject|topic)|new topic|off topic"
    r"|speaking of something else|unrelated|let's talk about something else|switching (?:gears"
    r"|topics))\b[\s,:;.—–-]*",
    re.I,
)
RETURNS = re.compile(
    r"\W*(?:(?:ok|okay|um|uh|oh|so|now|anyway|anyways|alright|right|and|but|well|thanks|thank you|great"
    r"|let's|let us|can we|could we|i want to|i'd like to|to)[\s,]+)*"
    r"(?:(?:go|get|going|getting|come|coming|circle|circling|switch|jump|return|returning)\s+)?(?:back to"
    r"|return to|returning to|regarding|as for|about)\s+",
    re.I,
)
BACK = re.compile(r"\b(?:back to|return(?:ing)? to)\s+", re.I)
