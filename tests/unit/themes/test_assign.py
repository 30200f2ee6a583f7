"""A codebook is applied to every statement: by its words, its neighbours, and what people said of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from counting_memory import CountingMemory
from invented_talk import Said, tables

from pipeline.backends.minilm_onnx import OnnxEncoder
from pipeline.backends.models import embedding_folder
from pipeline.backends.plain_encoder import PlainEncoder
from pipeline.backends.protocols import Encoder
from pipeline.config import Config
from pipeline.decisions import Decision, Span
from pipeline.tables import ASSIGNMENTS, CARRIED_FROM, VectorSet, carried
from pipeline.themes import assign
from pipeline.themes.assign import FLOOR, _weights, _with_surroundings, assign_codes, phrase_pattern, phrases_found
from pipeline.themes.codebook import Code, Codebook
from pipeline.themes.confirmed import learned, sigmoid

BUSES = Code("buses", "Buses", "Getting about.", examples=("The bus never comes.",), phrases=("bus*", "timetable"))
MONEY = Code("money", "Money", "What it costs.", examples=("The budget is gone.",), phrases=("budget*", "£*"))
BOOK = Codebook("Getting about", (BUSES, MONEY), ("Good morning, everybody.",))
TALK: list[Said] = [
    ("F01", "facilitator", "Good morning, everybody. What about the buses?"),
    ("P01", "participant", "The buses and the timetable are a joke. It is a long walk home."),
    ("P02", "participant", "Our budget for buses is £40 in all. My sister keeps hens."),
    ("P03", "participant", "She sells eggs on the common. They are very good eggs."),
]


def coded(
    talks: dict[str, list[Said]], decisions: Sequence[Decision] = (), book: Codebook = BOOK
) -> dict[str, dict[str, float]]:
    """Confidence by the statement's text and the code."""
    statements, turns, _ = tables(talks)
    made = assign_codes(
        statements, turns, vectors(statements), codebook=book, encoder=PlainEncoder(), decisions=decisions
    )
    texts = dict(zip(statements["statement_id"], statements["text"], strict=True))
    found: dict[str, dict[str, float]] = {}
    for row in ASSIGNMENTS.rows(made):
        found.setdefault(texts[row.statement_id], {})[row.theme_id] = row.confidence
    return found


def vectors(statements: pd.DataFrame) -> VectorSet:
    own = PlainEncoder().encode(statements["text"].tolist())
    return VectorSet(tuple(statements["statement_id"]), own, own, "plain", "1")


def said(action: str, code: str, turn: int, text: str) -> Decision:
    _, turns, _ = tables({"rt1": TALK})
    turn_id = f"rt1:t{turn:04d}"
    whole = str(turns.loc[turns["turn_id"] == turn_id, "text"].item())
    start = whole.index(text)
    span = Span.cut(turn_id, whole, start, start + len(text))
    return Decision(
        decision_id=f"{action}-{code}-{turn}", at="2026-01-01T10:00:00Z", by="ann", kind="coding", action=action,
        subject=(span,), value={"code": code},
    )  # fmt: skip


def test_a_statement_may_carry_two_codes_and_has_at_most_one_primary() -> None:
    found = coded({"rt1": TALK})
    both = found["Our budget for buses is £40 in all."]
    assert both["money"] > CARRIED_FROM and both["buses"] > CARRIED_FROM
    statements, turns, _ = tables({"rt1": TALK})
    made = assign_codes(statements, turns, vectors(statements), codebook=BOOK, encoder=PlainEncoder())
    primary = made[made["primary"]]
    assert primary["statement_id"].is_unique and (primary["confidence"] >= CARRIED_FROM).all()
    assert set(primary["theme_id"]) == {"buses", "money"}
    assert (made["origin"] == "codebook").all()


def welsh_of(text: str, code: Code) -> float:
    """The code's confidence in a text that is Welsh."""
    statements, turns, _ = tables({"rt1": [("P01", "participant", text)]})
    told = statements.assign(language="cy")
    book = Codebook("Getting about", (code, MONEY))
    made = assign_codes(told, turns, vectors(told), codebook=book, encoder=PlainEncoder())
    return float(made.set_index("theme_id")["confidence"].get(code.id, 0.0))


@pytest.mark.parametrize(
    "text",
    ["Does dim bws yma ar ôl pump.", "Does neb yn dod efo fws bach.", "Roedd hi'n deithiol iawn, y daith hir honno."],
    ids=["as it is", "mutated", "mutated, with an ending"],
)
def test_a_welsh_phrase_is_found_in_what_is_said_in_welsh(text: str) -> None:
    knows = replace(BUSES, phrases_cy=("bws", "teithi*"))
    assert welsh_of(text, BUSES) < CARRIED_FROM < welsh_of(text, knows)


def test_welsh_that_an_encoder_read_is_coded_by_its_meaning_as_english_is() -> None:
    said_so = "Mae pob bws wedi stopio, a does dim ffordd arall i'r dref."
    english = "Every bus has stopped, and there is no other way to the town."
    statements, turns, _ = tables({"rt1": [("P01", "participant", said_so)]})
    told = statements.assign(language="cy")
    book, encoder = Codebook("Getting about", (BUSES, MONEY)), PlainEncoder()

    def confidence(own: list[str], read_by: str) -> float:
        rows = encoder.encode(own)
        read = VectorSet(tuple(told["statement_id"]), rows, rows, "plain", "1", read_by)
        made = assign_codes(told, turns, read, codebook=book, encoder=encoder)
        return float(made.set_index("theme_id")["confidence"].get("buses", 0.0))

    assert confidence([english], "welsh 1") > confidence([english], "") + 0.05
    assert confidence(["Nothing of that kind."], "") == confidence([english], "")


def test_a_welsh_phrase_with_a_capital_is_found_in_all_its_forms() -> None:
    small, capital = (replace(BUSES, phrases_cy=(phrase,)) for phrase in ("cymraeg", "Cymraeg"))
    assert welsh_of("Mae pawb am y Gymraeg heddiw.", capital) == welsh_of("Mae pawb am y Gymraeg heddiw.", small)
    assert welsh_of("Mae pawb am y Gymraeg heddiw.", capital) > welsh_of("Mae pawb am y Gymraeg heddiw.", BUSES) + 1e-3


def test_a_welsh_phrase_is_no_phrase_of_english() -> None:
    """ "Her" is a challenge in Welsh."""
    knows = Codebook(BOOK.title, (replace(BUSES, phrases_cy=("her",)), MONEY), BOOK.uncoded)
    talk: dict[str, list[Said]] = {"rt1": [("P01", "participant", "Nobody has asked her for the keys.")]}
    assert coded(talk, book=knows) == coded(talk)


def test_a_welsh_phrase_counts_once_in_whatever_forms_it_stands() -> None:
    once, twice = (replace(BUSES, phrases_cy=forms) for forms in (("bws",), ("bws", "fws")))
    both = "Mae bws a fws yma heddiw."
    assert welsh_of(both, once) == pytest.approx(welsh_of("Mae bws a bws yma heddiw.", once), abs=1e-6)
    assert welsh_of(both, twice) > welsh_of(both, once) + 1e-3


def test_what_is_talked_of_around_a_statement_colours_it() -> None:
    alone = coded({"rt1": [("P01", "participant", "It is a long walk home.")]})
    among = coded({"rt1": TALK})
    assert among["It is a long walk home."]["buses"] > alone["It is a long walk home."].get("buses", 0.0)


def test_a_transcript_colours_no_other() -> None:
    eggs: list[Said] = [("P09", "participant", "She sells eggs from a bus. They are very good eggs.")]
    # Beside enough that carries codes in both cases: else the log-odds of all are raised alike.
    together = coded({"rt1": TALK[:3], "rt2": eggs, "rt3": TALK})
    without = coded({"rt2": eggs, "rt3": TALK})
    assert together["She sells eggs from a bus."] == pytest.approx(without["She sells eggs from a bus."])


def test_the_order_of_the_rows_changes_nothing() -> None:
    statements, turns, _ = tables({"rt1": TALK, "rt2": TALK[1:]})
    first = assign_codes(statements, turns, vectors(statements), codebook=BOOK, encoder=PlainEncoder())
    mixed = statements.sample(frac=1.0, random_state=3), turns.sample(frac=1.0, random_state=4)
    again = assign_codes(*mixed, vectors(statements), codebook=BOOK, encoder=PlainEncoder())
    pd.testing.assert_frame_equal(first, again)


def test_what_people_confirmed_is_sure_and_what_they_refused_is_gone() -> None:
    decisions = [
        said("confirm", "buses", 3, "She sells eggs on the common."),
        said("refuse", "money", 2, "Our budget for buses is £40 in all."),
    ]
    found = coded({"rt1": TALK}, decisions)
    assert found["She sells eggs on the common."]["buses"] == 1.0
    assert "money" not in found["Our budget for buses is £40 in all."]


def test_a_confirmed_statement_teaches_those_that_are_like_it() -> None:
    before = coded({"rt1": TALK})["They are very good eggs."].get("money", 0.0)
    after = coded({"rt1": TALK}, [said("confirm", "money", 3, "She sells eggs on the common.")])
    assert after["They are very good eggs."].get("money", 0.0) > before


def test_a_code_that_the_codebook_has_not_is_passed_over() -> None:
    assert coded({"rt1": TALK}, [said("confirm", "hens", 2, "My sister keeps hens.")]) == coded({"rt1": TALK})


def test_two_people_who_disagree_teach_nothing() -> None:
    yes, no = (said(action, "money", 3, "They are very good eggs.") for action in ("confirm", "refuse"))
    no = no.model_copy(update={"by": "bob"})
    found = coded({"rt1": TALK}, [yes, no])["They are very good eggs."]
    assert found.get("money", 0.0) == pytest.approx(coded({"rt1": TALK})["They are very good eggs."].get("money", 0.0))


def test_a_codebook_of_one_name_can_be_applied() -> None:
    assert coded({"rt1": TALK}, book=Codebook("One", (Code("buses", "Buses", "", phrases=("bus*",)),)))


def test_codes_that_say_the_same_are_told_apart_by_their_phrases() -> None:
    twins = (Code("buses", "Getting about", "", phrases=("bus*",)), Code("trains", "Getting about", ""))
    found = coded({"rt1": TALK}, book=Codebook("Twins", twins))["What about the buses?"]
    assert found["buses"] > found.get("trains", 0.0)


# Six codes as a project would write them down in an hour: a definition and two examples, and no phrases.
OWN = Codebook(
    "Our own",
    tuple(
        Code(code_id, name, definition, examples=examples)
        for code_id, name, definition, examples in (
            ("damp", "Damp homes", "Homes that make people ill.",
             ("The walls are black with mould.", "My child coughs all night in that flat.")),
            ("buses", "Getting about", "Buses, lifts and how far things are.",
             ("There is no bus after six.", "I have to ask my neighbour for a lift to town.")),
            ("forms", "Forms and letters", "Paper that people have to fill in.",
             ("I filled in the same form four times.", "Nobody could understand the letter.")),
            ("waiting", "Waiting", "How long people wait to be seen.",
             ("We waited nine months to be seen.", "They said the list is closed.")),
            ("carers", "Carers", "People who look after somebody at home.",
             ("I have looked after my mother for years.", "Nobody asks how the carer is.")),
            ("food", "Food", "Having enough to eat.",
             ("The food bank is the only thing open.", "Some weeks I skip dinner so that they can eat.")),
        )
    ),
)  # fmt: skip
MET: list[Said] = [
    ("F01", "facilitator", "Thanks for coming, everybody. Tell us what it is like where you live."),
    ("P01", "participant", "The ceiling in our bathroom is wet and there is mould behind the bed. "
     "My son has asthma from it."),
    ("P02", "participant", "We met at the school gate, I think, or was it the fair. It was a Tuesday anyway."),
    ("P03", "participant", "The last bus leaves at five, so I walk home from work. It is four miles."),
    ("P02", "participant", "My cousin has a new dog, a big brown one. He called it after a footballer."),
    ("P01", "participant", "I was on the waiting list for a year before I saw anybody. "
     "A year is a long time to be in pain."),
    ("P03", "participant", "They sent me a form of thirty pages. I gave up on page two and put it in a drawer."),
]  # fmt: skip


def first_codes(book: Codebook, encoder: Encoder) -> dict[str, str]:
    """The code that each statement of MET carries first, by its text."""
    statements, turns, _ = tables({"rt1": MET})
    own = encoder.encode(statements["text"].tolist())
    read = VectorSet(tuple(statements["statement_id"]), own, own, "minilm", encoder.revision)
    made = assign_codes(statements, turns, read, codebook=book, encoder=encoder)
    texts = dict(zip(statements["statement_id"], statements["text"], strict=True))
    return {texts[row.statement_id]: row.theme_id for row in ASSIGNMENTS.rows(made) if row.primary}


@pytest.fixture
def minilm(tmp_path: Path) -> Encoder:
    folder = embedding_folder(Config().embed.model)
    return OnnxEncoder(folder, revision="minilm test", precision="fp32", graphs=tmp_path, threads=1)


def test_two_examples_a_code_and_no_phrases_find_what_they_are_about(minilm: Encoder) -> None:
    assert first_codes(OWN, minilm) == {
        "The ceiling in our bathroom is wet and there is mould behind the bed.": "damp",
        "My son has asthma from it.": "damp",
        "The last bus leaves at five, so I walk home from work.": "buses",
        "I was on the waiting list for a year before I saw anybody.": "waiting",
        "They sent me a form of thirty pages.": "forms",
        "I gave up on page two and put it in a drawer.": "forms",
    }


def test_a_few_examples_beside_phrases_weigh_as_they_did() -> None:
    codes = tuple(replace(code, phrases=(f"{code.id} here",)) for code in OWN.codes)
    few = _weights(replace(OWN, codes=codes), PlainEncoder(), None)
    assert np.abs(few[:, :-1]).max() < 2 < np.abs(_weights(OWN, PlainEncoder(), None)[:, :-1]).max()
    mixed = _weights(replace(OWN, codes=(*codes[:3], *OWN.codes[3:])), PlainEncoder(), None)
    assert (mixed[:3] == few[:3]).all()


def test_a_small_codebook_of_other_things_finds_nothing(minilm: Encoder) -> None:
    other = (
        Code("stars", "Looking at the stars", "Telescopes and dark skies.", examples=(
            "You can see the rings of Saturn with a small telescope.", "The moon was too bright to find the galaxy.")),
        Code("wool", "Knitting", "Wool, patterns and needles.", examples=(
            "I dropped three stitches and had to unravel the sleeve.", "Merino is softer than the cheap yarn.")),
        Code("bread", "Baking bread", "How dough is proved and baked.", examples=(
            "I let the dough prove in the fridge.", "The crust came out too hard because the oven was too hot.")),
    )  # fmt: skip
    assert first_codes(Codebook("Hobbies", other), minilm) == {}


def test_what_no_model_read_carries_no_code_without_phrases() -> None:
    statements, turns, _ = tables({"rt1": MET})
    told = statements.assign(language=np.where(statements["turn_id"] == "rt1:t0005", "cy", "en"))
    made = assign_codes(told, turns, vectors(told), codebook=OWN, encoder=PlainEncoder())
    unread = made[made["statement_id"].isin(told.loc[told["language"] == "cy", "statement_id"])]
    assert unread["confidence"].max() < CARRIED_FROM


def test_no_statement_gives_no_row() -> None:
    statements, turns, _ = tables({"rt1": TALK})
    none = vectors(statements.iloc[:0])
    assert assign_codes(statements, turns, none, codebook=BOOK, encoder=PlainEncoder()).empty


def test_unlikely_codes_are_ranked_and_not_carried() -> None:
    statements, turns, _ = tables({"rt1": TALK})
    made = assign_codes(statements, turns, vectors(statements), codebook=BOOK, encoder=PlainEncoder())
    kept = carried(made)
    assert made["confidence"].min() >= FLOOR and kept["confidence"].min() >= CARRIED_FROM
    assert 0 < len(kept) < len(made)


@pytest.mark.parametrize(
    ("phrase", "text", "stands"),
    [
        ("bus*", "Two Buses came.", True),
        ("bus", "Two buses came.", False),
        ("bus*", "The omnibus came.", False),
        ("buy-in", "There was no buy-in.", True),
        ("£*", "It cost £40.", True),
        ("risk", "Brisk trade.", False),
        ("work* with", "We worked with them.", True),
    ],
)
def test_a_phrase_is_found_as_whole_words(phrase: str, text: str, stands: bool) -> None:
    assert (phrase_pattern(phrase).search(text) is not None) is stands


def test_examples_move_what_is_like_them_and_leave_the_rest() -> None:
    own = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    start = np.full((3, 1), -1.0)
    moved = learned(start, own, np.array([[1], [0], [0]], dtype=np.int8))
    assert moved[1, 0] > sigmoid(start)[1, 0]
    assert moved[2, 0] == pytest.approx(sigmoid(start)[2, 0])


def test_more_examples_move_more_and_refusals_the_other_way() -> None:
    own = np.ones((30, 1))
    start = np.zeros((30, 1))

    def after(confirmed: int, refused: int) -> float:
        answers = np.array([1] * confirmed + [-1] * refused + [0] * (30 - confirmed - refused), dtype=np.int8)
        return float(learned(start, own, answers[:, None])[-1, 0])

    assert after(0, 5) < after(0, 0) < after(1, 0) < after(10, 0) < 1.0
    assert after(0, 0) == 0.5


def test_a_code_left_out_of_a_coded_statement_is_weak_evidence_against_it() -> None:
    own = np.eye(4)[[0, 0, 1, 1, 2]]
    start = np.zeros((5, 2))
    said = np.array([[1, 0], [0, 0], [0, 1], [0, 0], [0, 0]], dtype=np.int8)
    moved = learned(start, own, said)
    refused = learned(start, own, np.where(said == 0, -1, said).astype(np.int8))
    assert refused[1, 1] < moved[1, 1] < 0.5
    assert moved[4].tolist() == pytest.approx([0.5, 0.5])


def test_a_code_that_nobody_confirmed_is_moved_by_no_silence() -> None:
    own = np.eye(3)[[0, 0, 1]]
    moved = learned(np.zeros((3, 2)), own, np.array([[1, 0], [0, 0], [-1, 0]], dtype=np.int8))
    assert moved[:, 1].tolist() == [0.5, 0.5, 0.5]


def test_every_phrase_is_found_where_its_pattern_stands_and_nowhere_else() -> None:
    phrases = ("bus*", "bus", "co-op", "don't know", "£*", "*ing", "care home*", "Care", "appoint* letter")
    texts = [
        "The BUSES",
        "a bus",
        "omnibus",
        "our Co-op",
        "co op",
        "I don’t know",
        "£4",
        "going",
        "take care homeward",
        "an appointment letter",
        "",
    ]
    plain = [
        [phrase_pattern(phrase).search(text.replace("’", "'")) is not None for phrase in phrases] for text in texts
    ]
    assert phrases_found(texts, phrases).tolist() == plain
    assert np.array(plain).any(axis=0).all()


def test_a_refusal_says_nothing_of_other_codes() -> None:
    own = np.eye(2)[[0, 0, 1]]
    moved = learned(np.zeros((3, 2)), own, np.array([[-1, 0], [0, 0], [0, 1]], dtype=np.int8))
    assert moved[1, 1] == pytest.approx(0.5)


def test_a_confirmed_coding_is_learned_from_with_what_stands_around_it() -> None:
    features = _with_surroundings(np.hstack([np.eye(3), np.zeros((3, 1))]), ["rt1", "rt1", "rt2"])
    assert features[0, 4:].tolist() == pytest.approx([0.387, 0.313, 0, 0], abs=0.01)
    assert features[2, 4:].tolist() == pytest.approx([0, 0, 0.7, 0])


def test_what_a_codebooks_examples_teach_is_worked_out_anew_only_with_others(tmp_path: Path) -> None:
    statements, turns, _ = tables({"rt1": TALK})
    given = (statements, turns, vectors(statements))
    plain = assign_codes(*given, codebook=BOOK, encoder=PlainEncoder())
    memory = CountingMemory(tmp_path)
    for _ in range(2):
        assert assign_codes(*given, codebook=BOOK, encoder=PlainEncoder(), memory=memory).equals(plain)
    assert memory.made == 2  # what the examples teach, and the scores of the one talk
    other = replace(BOOK, codes=(replace(BUSES, examples=("The coach never came.",)), MONEY))
    made = assign_codes(*given, codebook=other, encoder=PlainEncoder(), memory=memory)
    assert memory.made == 4
    assert not made.equals(plain)


class OtherEncoder(PlainEncoder):
    """Another version of the same model."""

    revision = "plain, once more"


def test_what_examples_teach_another_encoder_is_worked_out_anew(tmp_path: Path) -> None:
    statements, turns, _ = tables({"rt1": TALK})
    memory = CountingMemory(tmp_path)
    for encoder in (PlainEncoder(), OtherEncoder(), OtherEncoder()):
        assign_codes(statements, turns, vectors(statements), codebook=BOOK, encoder=encoder, memory=memory)
    assert memory.made == 3  # of both what the examples teach; the scores go by the weights, which are the same here


def test_a_transcript_more_is_scored_by_itself(tmp_path: Path) -> None:
    memory = CountingMemory(tmp_path)
    for talks in ({"rt1": TALK}, {"rt1": TALK, "rt2": TALK[1:]}):
        statements, turns, _ = tables(talks)
        given = (statements, turns, vectors(statements))
        made = assign_codes(*given, codebook=BOOK, encoder=PlainEncoder(), memory=memory)
        assert made.equals(assign_codes(*given, codebook=BOOK, encoder=PlainEncoder()))
    assert memory.made == 3
    other = replace(BOOK, codes=(replace(BUSES, phrases=("coach*",)), MONEY))
    assign_codes(*given, codebook=other, encoder=PlainEncoder(), memory=memory)
    assert memory.made == 5  # the phrases of a code are not what its examples teach


def test_a_welsh_transcript_beside_an_english_one_has_only_itself_scored(tmp_path: Path) -> None:
    memory, encoder = CountingMemory(tmp_path), PlainEncoder()
    welsh: list[Said] = [("P07", "participant", "Does dim bws yma ar ôl pump.")]
    for talks, read_by in (({"rt1": TALK}, ""), ({"rt1": TALK, "rt2": welsh}, "welsh 1")):
        statements, turns, _ = tables(talks)
        told = statements.assign(language=statements["transcript_id"].map({"rt1": "en", "rt2": "cy"}))
        read = replace(vectors(told), welsh_revision=read_by)
        assign_codes(told, turns, read, codebook=BOOK, encoder=encoder, memory=memory)
    assert memory.made == 3  # what the examples teach, and each talk once


def test_no_pattern_is_made_of_a_phrase_that_nobody_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A codebook has hundreds, and a series hundreds of transcripts, each of which is asked for all."""
    made = []

    def counted(phrase: str) -> re.Pattern[str]:
        made.append(phrase)
        return phrase_pattern(phrase)

    monkeypatch.setattr(assign, "phrase_pattern", counted)
    found = phrases_found(["The bus never comes.", "Nobody rings."], ["bus*", "waiting list", "rings", "the rent"])
    assert found.tolist() == [[1, 0, 0, 0], [0, 0, 1, 0]]
    assert made == ["bus*", "rings"]
