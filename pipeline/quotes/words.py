"""The words and turns of phrase that the ranker counts: each list is one idea, and hand-made.

They were written from general knowledge of English talk, and looked over against what readers chose in the training
meetings; none of them is a name. A lemma is looked up in LEMMAS, a lower-case word in FORMS; PATTERNS are searched
in the text with typographic apostrophes made plain.
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LEMMAS: dict[str, frozenset[str]] = {
    "connective": _words("and but so because or also then therefore as which plus now"),
    "people": _words(
        "person people child young parent family teacher student pupil learner staff patient citizen community "
        "mother father resident worker nurse user individual woman man carer headteacher public household "
        "youngster kid generation neighbour tenant daughter son friend colleague boy girl baby grandparent "
        "volunteer"
    ),
    "problem": _words(
        "problem issue challenge barrier difficulty failure fail gap crisis risk danger concern mistake burden "
        "pressure struggle wrong worse bad difficult hard tough lack shortage unfair harm damage lose loss weak "
        "poor patchy worry fear afraid frustrate frustration disappoint disappointed nervous suffer stretched "
        "overstretched mad travesty myth blame confuse confusion scared shock shocked upset drive conflict "
        "reckless scramble jeopardise devastating neglect stigma bureaucratic mess dilemma impossible miss waste "
        "cynical catastrophic vulnerable"
    ),
    "harsh": _words(
        "appalling dreadful terrible awful horrendous shocking outrageous ridiculous absurd nonsense crazy insane "
        "delusional reckless irresponsible unacceptable unfair unjust cruel brutal disgraceful scandal scandalous "
        "farce disaster disastrous catastrophe catastrophic crisis chaos chaotic broken toxic ruthless hopeless "
        "useless pointless meaningless worthless senseless arbitrary punitive draconian demeaning degrading "
        "humiliating patronising condescend insult betray betrayal neglect abuse abandon ignore sideline overlook "
        "forgotten invisible excluded isolated trapped stuck stranded swamped overwhelmed drowning exhausted burnt "
        "burnout knee-jerk scattergun patchy piecemeal tokenistic tokenism lip tick-box box-ticking bureaucracy "
        "bureaucratic red-tape clunky cumbersome lottery hit-and-miss half-hearted superficial cosmetic naive "
        "complacent complacency extraordinary remarkable massive huge enormous vast tremendous incredible "
        "unprecedented profound stark dire"
    ),
    "feeling": _words(
        "worry worried worrying concern concerned anxious anxiety afraid fear scared frighten frightened nervous "
        "upset angry anger frustrated frustrating frustration disappointed disappointing sad sadly heartbreaking "
        "devastate devastated devastating distress distressed ashamed shame embarrass embarrassed guilty guilt "
        "lonely proud pride delighted happy glad pleased relieved hope hopeful love enjoy hate resent envy jealous "
        "surprised shocked passionate passion enthusiasm enthusiastic excited exciting inspire inspiring comfort "
        "comfortable uncomfortable confident confidence trust mistrust distrust suspicion suspicious cynical "
        "cynicism sceptical doubt respect dignity stigma struggle suffer cope survive tired weary stress stressed "
        "stressful pressure"
    ),
    "daily": _words(
        "home house kitchen bedroom street road bus car train town village estate shop shopping food lunch "
        "breakfast meal dinner bread milk coat shoe uniform phone call letter form queue waiting appointment "
        "doctor surgery gp ward bed hospital desk office classroom playground corridor gate homework exam lesson "
        "book job wage rent bill debt cash pound penny benefit night morning weekend holiday christmas birthday "
        "winter weather rain sleep walk cry laugh shout knock ring smile hug play cook clean wash feed drive baby "
        "grandmother grandfather nan husband wife brother sister neighbour dog garden church pub club computer "
        "laptop internet broadband website screen"
    ),
    "worth": _words(
        "good great better best important vital crucial key success successful right fair strong excellent "
        "fantastic proud opportunity benefit improve improvement value confidence trust hope passionate positive "
        "valuable powerful essential lifeline resilient deserve"
    ),
    "contrast": _words("but however rather instead whereas although though yet unless despite nonetheless"),
    "hedge": _words("perhaps maybe possibly probably suppose guess seem somewhat quite fairly slightly might"),
    "emphasis": _words(
        "really absolutely actually very truly certainly definitely completely totally simply just genuinely "
        "massively hugely extremely clearly frankly honestly"
    ),
    "universal": _words(
        "every all always never nobody everybody everyone nothing everything anybody only any no none whole ever"
    ),
    "own": _words("own constituent constituency daughter son myself remember personally childhood experience career"),
    "saying": _words("say tell ask hear speak talk listen feel believe think understand know"),
    "procedure": _words(
        "chair committee evidence question paper letter inquiry report recommendation minister secretary session "
        "item member note scrutiny paragraph consultation submission meeting amendment agenda"
    ),
    "administration": _words(
        "government assembly department official ministerial cabinet bill act legislation regulation policy "
        "framework strategy programme grant allocation review statutory amendment portfolio budget fund funding"
    ),
    "image": _words(
        "door wall bridge ladder box bubble storm bucket plaster silo crack edge cliff pocket boat ship fire "
        "shadow blood bone tooth nail hole valley jump push pull hit break fall drop squeeze throw catch rob fight "
        "shoulder wheel engine fruit hook tinker swamp swim drown sink float climb fizzle swing hang grab shelf "
        "pit tsunami flood lens brush jigsaw puzzle seed root ceiling backbone blanket umbrella maze treadmill "
        "mountain crossroads anchor tide desert blossom glue thread rope knot patchwork stitch hammer lever spark "
        "fuel burn smoke explode shield battle prison cage fence hurdle marathon sprint referee gamble dice "
        "theatre mirror mouth lip tongue ear nose knee stomach breath choke bleed wound scar pill poison bitter "
        "swallow chew bite nightmare ghost monster magic wand bullet panacea jewel crown grasp grip drag haul slip "
        "stumble crawl leap chase hunt net bait trap snare elephant horse beast wing egg basket cake pie slice "
        "crumb carrot stick candle torch flame straitjacket mess rug carpet cradle cushion cog rut gulf chasm "
        "abyss tightrope juggle hoop loophole firefight bandage lifeline springboard"
    ),
    "cause": _words("because cause mean effect result impact lead make create consequence"),
    "time": _words(
        "year month week day time moment term now before after still already yet long early late again past future "
        "generation decade"
    ),
    "measure": _words("target measure data outcome indicator performance standard evaluate evaluation inspection"),
}

FORMS: dict[str, frozenset[str]] = {
    "i": _words("i me my myself mine"),
    "we": _words("we our us ours ourselves"),
    "you": _words("you your yours"),
    "they": _words("they them their theirs"),
    "pointing": _words("that this these those it they them he she him her their its such"),
}

PATTERNS: dict[str, re.Pattern[str]] = {
    "not_but": re.compile(
        r"\b(not|n't)\b.{1,90}?(\bbut\b|;|—|\bit's\b|\bit is\b)|\bnot just\b|\bnot only\b|"
        r"\brather than\b|\binstead of\b"
    ),
    "not_about": re.compile(r"(n't|not) (just |really |only )?(about|a case of|a matter of)\b"),
    "it_is_hard": re.compile(
        r"\b(it|that|there|this|which)('s| is| are| was| isn't| can be)( \w+)? (a|an|no|not|too|so)\b"
    ),
    "the_problem_is": re.compile(
        r"\b(problem|issue|challenge|difficulty|concern|thing|point|question|key|danger|risk|reason|reality|fact|"
        r"truth)s?"
        r" (is|was|are|that|for|we|with)\b"
    ),
    "ought": re.compile(
        r"\b(need to|needs to|have to|has to|must|should|got to|shouldn't|cannot|can't|ought|won't|never|doesn't|"
        r"don't)\b"
    ),
    "asks": re.compile(
        r"\b(can you|could you|what are you|do you|are you|have you|would you|how do|can i ask|i wanted to ask|"
        r"i want to ask|can i just|could i|will you|what is the|my question|give us)\b"
    ),
    "programme_talk": re.compile(
        r"\b(we will|we'll|i will|i'll|we are going to|we're going to|we have been|we've been|we are working|"
        r"we're working|we're looking|we are looking|in place|going forward|take forward|taking forward|we have made)\b"
    ),
    "candid": re.compile(
        r"\b(blunt|honest|frank|straight|lying|to be fair|myth|no getting away|the truth|the reality|let's be clear|"
        r"to be quite|make no bones|candid|confess|i'd be lying|with respect)\b"
    ),
    "told_us": re.compile(
        r"\b(told (me|us|this)|said to (me|us)|they said|people say|we('ve| have)? (also )?heard|i('ve| have) heard|"
        r"saying to|they say|some (people )?say|tell (me|us)|felt that|experience)\b"
    ),
    "if_then": re.compile(r"\b(if|unless|when|where|without|until)\b.{8,120}?(,| then | you | we )"),
    "aphorism": re.compile(
        r"\b(as good as|only as|the more\b.{3,60}\bthe (more|less|better)|nothing (is|was|will)|no such thing|"
        r"there('s| is| are| isn't|'s never) (no|never|always|nothing)|at the end of the day|in the end|what matters|"
        r"it('s| is) (all )?(about|not|easy|very easy|all very well)|it takes|that's what|that's why|cannot be|"
        r"can't just)\b"
    ),
    "stand": re.compile(
        r"\b(i (really |firmly |strongly |genuinely |truly |do |just |personally |absolutely )?(believe|think|feel|"
        r"worry|fear|"
        r"hope|wish|don't think|don't believe|would argue|would say|suspect|can't see|cannot see)|i'm (really |"
        r"very |quite |"
        r"absolutely |just )?(worried|concerned|nervous|convinced|clear|disappointed|proud|not convinced|"
        r"pretty cynical)|"
        r"it (seems|strikes|concerns|worries) (to )?me|in my (view|opinion|mind)|what (concerns|worries|strikes) me)\b"
    ),
    "nobody": re.compile(
        r"\b(nobody|no one|no-one|none of (us|them|you)|everybody|everyone|anybody|all of us|people who|those who)\b"
    ),
    "told_scene": re.compile(
        r"\b(when i|when we|i've seen|i have seen|i've had|i've met|i met|i visited|i went|i saw|i remember|"
        r"i come across|"
        r"came to|went to|last (week|year|month)|the other day|years ago|one of (my|the|our)|for example|"
        r"for instance)\b"
    ),
    "scale": re.compile(
        r"\b(only|just|over|under|almost|nearly|more than|less than|one in|out of|half of|twice|double)\b.{0,12}\d"
    ),
    "superlative": re.compile(
        r"\b(the (most|least|biggest|greatest|worst|best|only|last thing|first thing)|too \w+)\b"
    ),
    "tag_question": re.compile(
        r"\b(isn't|aren't|doesn't|don't|hasn't|haven't|can't|won't|wouldn't|shouldn't|is|does|are) (it|there|they|"
        r"we|you)"
        r"( \w+)?(\?|,)"
    ),
    "speech": re.compile(r"(^|[\s,—(:])['\"]\w[^'\"]{4,}"),
    "amount": re.compile(r"(per cent|%|£|\bmillion\b|\bthousands?\b|\bhundreds?\b|\bhalf\b|\bthird\b)"),
    "year": re.compile(r"\b(19|20)\d\d\b"),
    "acronym": re.compile(r"\b[A-Z]{2,}\b"),
    "cut_off": re.compile(r"—\s*\.|—\s*$|\.\.\."),
    "filler": re.compile(r"\b(you know|i mean|sort of|kind of|if you like|as i said|as i say|as you know|of course)\b"),
    "back_reference": re.compile(
        r"\b(as (i|you|we)('ve| have)? (said|say|mentioned|know)|i (just )?mentioned|you (just )?(said|mentioned)|"
        r"in answer to|(that|this) (point|question)|earlier)\b"
    ),
    "thanks": re.compile(r"\b(thank you|thanks|grateful|welcome|pleased to|congratulate|pay tribute|appreciate)\b"),
    "mark": re.compile(r"\[[^\]]*\]"),
    "dash": re.compile(r"—"),
    "comma": re.compile(r","),
    "strong_stop": re.compile(r"[;:]"),
}

OPENERS: dict[str, frozenset[str]] = {
    "opens_and": _words("and"),
    "opens_but": _words("but"),
    "opens_so": _words("so"),
    "opens_because": _words("because as which or plus also then"),
    "opens_well": _words("well yes no yeah okay ok right"),
    "opens_i": _words("i"),
    "opens_we": _words("we"),
    "opens_you": _words("you"),
    "opens_if": _words("if when where unless"),
    "opens_there": _words("there"),
    "opens_pointing": _words("that this these those it they he she"),
}
