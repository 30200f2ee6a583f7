"""Decisions survive: a corrected transcript, a new one, turns that moved; and never come to stand on other words."""

import random

import pandas as pd
import pytest

from pipeline.decisions import Decision, Span, reanchor

WORDS = [
    "trust",
    "policy",
    "delivery",
    "people",
    "council",
    "budget",
    "services",
    "local",
    "national",
    "need",
    "build",
    "time",
    "cycles",
    "risk",
    "leaders",
    "community",
    "partners",
    "health",
    "care",
    "honest",
    "change",
    "money",
    "staff",
    "really",
    "think",
    "about",
    "because",
    "when",
    "year",
    "plan",
    "data",
    "school",
    "work",
    "support",
    "winter",
    "estate",
    "chapel",
    "nurse",
    "minister",
    "pension",
    "bridge",
    "kitchen",
    "letter",
    "promise",
    "harbour",
    "market",
    "library",
    "garden",
]


def turns(*texts: str, code: str = "rt1", first: int = 0) -> pd.DataFrame:
    return pd.DataFrame(
        [(f"{code}:t{n:04d}", code, n, text) for n, text in enumerate(texts, start=first)],
        columns=["turn_id", "transcript_id", "index", "text"],
    )


def on(table: pd.DataFrame, row: int, words: str, *, kind: str = "quote", action: str = "accept") -> Decision:
    text = table["text"].iloc[row]
    start = text.index(words)
    span = Span.cut(table["turn_id"].iloc[row], text, start, start + len(words))
    return Decision(
        decision_id=f"{row} {words}", at="2026-01-01T00:00:00Z", by="megan", kind=kind, action=action, subject=(span,)
    )


LONG = "It is not good policy if nobody on the ward can deliver it."


def test_words_that_still_stand_are_left_as_they_are() -> None:
    table = turns(f"Well. {LONG} Thank you.")
    made = on(table, 0, LONG)
    assert reanchor([made], table) == ((made,), ())


def test_words_that_moved_within_their_turn_are_found() -> None:
    made = on(turns(f"Well. {LONG}"), 0, LONG)
    now = turns(f"Well, let me put it like this. {LONG}")
    [found] = reanchor([made], now).anchored
    assert found.subject[0].place == ("rt1:t0000", 31, 31 + len(LONG))


def test_words_whose_turn_has_another_number_now_are_found() -> None:
    made = on(turns("Good morning everybody.", f"Well. {LONG} Thank you."), 1, LONG)
    now = turns("Good morning everybody.", "Sorry I am late.", f"Well. {LONG} Thank you.")
    [found] = reanchor([made], now).anchored
    assert found.subject[0].turn_id == "rt1:t0002"


def test_a_short_answer_is_not_taken_for_somebody_elses() -> None:
    made = on(turns("Do you agree?", "Yes, I do. We tried it."), 1, "Yes, I do.")
    now = turns("Are you well?", "Yes, I do. Never better, but why?", "Do you agree?", "Absolutely.")
    reanchored = reanchor([made], now)
    assert reanchored.anchored == ()
    assert len(reanchored.needs_another_look) == 1


def test_the_same_words_in_two_turns_are_told_apart_by_what_stands_around_them() -> None:
    made = on(turns("a", f"I worked there in the spring and I say: {LONG} So there."), 1, LONG)
    now = turns(
        "a",
        "b",
        f"Somebody once told a minister on a train that {LONG} Ha.",
        f"I worked there in the spring and I say: {LONG} So there.",
    )
    [found] = reanchor([made], now).anchored
    assert found.subject[0].turn_id == "rt1:t0003"


def test_the_same_words_in_two_turns_that_nothing_tells_apart_need_another_look() -> None:
    made = on(turns("a", LONG), 1, LONG)
    [look] = reanchor([made], turns("a", "b", LONG, LONG)).needs_another_look
    assert (look.reason, look.present) == ("several_places", ())


def test_an_approved_quote_whose_words_were_corrected_is_not_approved_in_the_new_ones() -> None:
    made = on(turns(f"Well. {LONG} Thank you."), 0, LONG)
    now = turns(f"Well. {LONG.replace('ward', 'board')} Thank you.")
    [look] = reanchor([made], now).needs_another_look
    assert look.reason == "words_changed"
    assert look.present[0].text == LONG.replace("ward", "board")


@pytest.mark.parametrize(("kind", "action"), [("quote", "reject"), ("coding", "confirm"), ("theme", "rename")])
def test_other_decisions_follow_corrected_words(kind: str, action: str) -> None:
    made = on(turns(f"Well. {LONG} Thank you."), 0, LONG, kind=kind, action=action)
    [found] = reanchor([made], turns(f"Well. {LONG.replace('ward', 'board')} Thank you.")).anchored
    assert found.subject[0].text == LONG.replace("ward", "board")


def test_a_name_put_in_or_taken_out_by_anonymisation_needs_another_look() -> None:
    said = "We lost the trust of that estate when Harri Tudful closed the clinic without a word."
    made = on(turns(said), 0, said)
    [look] = reanchor([made], turns(said.replace("Harri Tudful", "[person A]"))).needs_another_look
    assert look.reason == "words_changed"
    assert "[person A]" in look.present[0].text


def test_words_that_are_gone_are_listed_and_never_put_on_others() -> None:
    made = on(turns(f"Well. {LONG} Thank you."), 0, LONG)
    now = turns("We never talked about any such thing, and the weather was lovely all week.", "Good night.")
    [look] = reanchor([made], now).needs_another_look
    assert (look.reason, look.present) == ("words_gone", ())


def test_a_themes_anchor_lets_go_of_a_statement_that_is_gone() -> None:
    table = turns(LONG, "A grant of eleven months buys you eight months of work.")
    both = (
        *on(table, 0, LONG).subject,
        *on(table, 1, "A grant of eleven months buys you eight months of work.").subject,
    )
    made = Decision(decision_id="t", at="", by="m", kind="theme", action="rename", subject=both, value={"name": "x"})
    [found] = reanchor([made], turns(LONG)).anchored
    assert [span.turn_id for span in found.subject] == ["rt1:t0000"]


def test_the_spans_in_a_decisions_value_go_with_it() -> None:
    before = turns(f"Well. {LONG}")
    made = on(before, 0, LONG[:20]).model_copy(
        update={"value": {"candidate": on(before, 0, LONG).subject[0].model_dump(), "attribution": "none"}}
    )
    [found] = reanchor([made], turns(f"Well, then. {LONG}")).anchored
    assert found.value["candidate"]["start"] == 12
    assert found.value["attribution"] == "none"


def sentence(chance: random.Random) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(chance.randint(6, 26))).capitalize() + "."


def corrected(text: str, chance: random.Random, share: float) -> tuple[str, list[tuple[int, int, int, int]]]:
    """A text with some of its words changed, dropped or doubled, and where each word was and is."""
    pieces, places, at, now = [], [], 0, 0
    for word in text.split(" "):
        new = word
        if chance.random() < share:
            new = chance.choice(
                [word + "s", word[:-1], chance.choice(WORDS), f"{chance.choice(WORDS)} {word}", word.upper()]
            )
        places.append((at, at + len(word), now, now + len(new)))
        pieces.append(new)
        at += len(word) + 1
        now += len(new) + 1
    return " ".join(pieces), places


@pytest.mark.parametrize("shift", [0, 1], ids=["same turns", "a turn came in before them"])
def test_after_500_corrections_95_in_100_decisions_are_found_and_none_on_other_words(shift: int) -> None:
    chance = random.Random(20260422)
    said = [[sentence(chance) for _ in range(chance.randint(1, 7))] for _ in range(250)]
    before = turns(*(" ".join(sentences) for sentences in said))
    made, places = [], []
    for number in range(500):
        row = chance.randrange(len(said))
        words = chance.choice(said[row])
        made.append(on(before, row, words).model_copy(update={"decision_id": str(number)}))
    changed = [corrected(text, chance, 0.05) for text in before["text"]]
    after = turns(*(["Sorry, I am late."] * shift), *(text for text, _ in changed))
    reanchored = reanchor(made, after)
    now = {found.decision_id: found.subject for found in reanchored.anchored}
    now |= {look.decision.decision_id: look.present for look in reanchored.needs_another_look}
    assert sorted(now, key=int) == [str(number) for number in range(500)], "none is dropped"
    for decision in made:
        [span] = decision.subject
        row = int(span.turn_id[-4:])
        inside = [place for place in changed[row][1] if place[0] < span.end and span.start < place[1]]
        places.append((f"rt1:t{row + shift:04d}", inside[0][2], inside[-1][3]))
    found = [
        spans[0].place == place
        for (_, spans), place in zip(sorted(now.items(), key=lambda item: int(item[0])), places, strict=True)
        if spans
    ]
    astray = [
        (spans[0].place, place)
        for (_, spans), place in zip(sorted(now.items(), key=lambda item: int(item[0])), places, strict=True)
        if spans and (spans[0].turn_id != place[0] or spans[0].end <= place[1] or place[2] <= spans[0].start)
    ]
    assert astray == []
    assert len(found) >= 0.95 * 500
    assert sum(found) >= 0.9 * 500, "and nearly all with the very same ends"


def test_every_decision_comes_out_once_whatever_the_turns() -> None:
    chance = random.Random(7)
    before = turns(*(sentence(chance) for _ in range(40)))
    made = [on(before, row, before["text"].iloc[row]).model_copy(update={"decision_id": str(row)}) for row in range(40)]
    for _ in range(10):
        rows = chance.sample(range(40), chance.randint(0, 30))
        after = turns(
            *(corrected(before["text"].iloc[row], chance, 0.3)[0] for row in rows), first=chance.randint(0, 5)
        )
        reanchored = reanchor(made, after)
        ids = [found.decision_id for found in reanchored.anchored]
        ids += [look.decision.decision_id for look in reanchored.needs_another_look]
        assert sorted(ids, key=int) == [str(row) for row in range(40)]
        texts = dict(zip(after["turn_id"], after["text"], strict=True))
        for found in reanchored.anchored:
            for span in found.subject:
                assert texts[span.turn_id][span.start : span.end] == span.text


def test_corrected_words_that_could_stand_in_two_places_need_another_look() -> None:
    before = turns("We built the chapel kitchen with the money that the council promised us in winter, and it stands.")
    decision = on(before, 0, "We built the chapel kitchen with the money that the council promised us in winter")
    one = "We built a chapel kitchen with the money that the council promised us in winter, and it stands."
    other = "We built our chapel kitchen with the money that the council promised us in winter, and it stands."

    made = reanchor([decision], turns(one, other, first=4))

    assert [look.reason for look in made.needs_another_look] == ["several_places"]


def test_a_redaction_does_not_follow_words_that_were_corrected() -> None:
    """Or a name would be replaced, or kept, in words that nobody decided on."""
    before = turns("I asked the minister about the harbour, and about the bridge, and nobody knew.")
    decision = on(before, 0, "the harbour, and about the bridge", kind="redaction", action="keep")
    after = turns("I asked the minister about the harbour, and then about the bridge, and nobody knew.")

    made = reanchor([decision], after)

    assert made.anchored == ()
    assert [look.reason for look in made.needs_another_look] == ["words_changed"]


SAID_TWICE = "Trust is won one kept promise at a time."


def test_what_one_said_is_not_taken_for_the_same_words_of_another_when_it_was_corrected() -> None:
    before = turns(
        f"Well, if I may add one thing here. {SAID_TWICE} And that took us nine years.",
        f"I sat with the board last week and said so. {SAID_TWICE} We saw that again in the winter.",
    )
    after = turns(before["text"][0].replace("promise", "promises"), before["text"][1])
    found = reanchor([on(before, 0, SAID_TWICE)], after)
    assert found.anchored == ()
    [look] = found.needs_another_look
    assert (look.reason, [span.turn_id for span in look.present]) == ("words_changed", ["rt1:t0000"])


def test_the_same_words_of_another_talk_need_another_look_when_their_own_is_withdrawn() -> None:
    before = turns(f"To be honest with you all this morning. {SAID_TWICE} Somebody should write that down.")
    other = turns(f"I have been in this work for years. {SAID_TWICE} I am not sure that they all agree.", code="rt2")
    found = reanchor([on(before, 0, SAID_TWICE)], other)
    assert found.anchored == ()
    assert [look.reason for look in found.needs_another_look] == ["elsewhere"]


def test_a_quote_that_says_who_spoke_passes_to_no_turn_of_somebody_else() -> None:
    said = f"{SAID_TWICE} And that is what I would tell a minister."
    made = on(turns("a", said), 1, SAID_TWICE)
    made = made.model_copy(update={"value": {"speaker": "P01"}})
    now = turns("a", "b", "c", said).assign(speaker=["P09", "P09", "P09", "P02"])
    [look] = reanchor([made], now).needs_another_look
    assert (look.reason, [span.turn_id for span in look.present]) == ("elsewhere", ["rt1:t0003"])
    [moved] = reanchor([made], now.assign(speaker=["P09", "P09", "P09", "P01"])).anchored
    assert moved.subject[0].turn_id == "rt1:t0003"
    # In its own turn another speaker is a label that was put right.
    assert reanchor([made], turns("a", said).assign(speaker=["P09", "P02"])).anchored == (made,)
