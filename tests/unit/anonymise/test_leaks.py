"""The gate finds a planted name in every form and every kind of place, and stops at nothing that is no name."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from benchmarks.planted import FORMS, PLACES, PLANTED, TEXT, sought_names
from pipeline.anonymise.forms import fold, is_given
from pipeline.anonymise.leaks import (
    LetPass,
    Needles,
    _by_first_word,
    _written_alike,
    find,
    hold,
    leaks,
    let_pass,
    needles,
)
from pipeline.errors import LeakFound
from pipeline.stages import _own_labels
from pipeline.synthesis.metafile import metafile
from pipeline.tables import PEOPLE, REDACTIONS, TOKENS, TURNS, Person, Redaction, Token, Turn


@pytest.fixture(scope="module")
def sought() -> Needles:
    return sought_names()


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_a_name_is_found_in_every_form(form: str, sought: Needles) -> None:
    assert find(f"It was agreed, {form} and all that.", sought)
    assert find(form, sought)


def test_a_full_name_is_one_place_though_its_parts_are_sought_too(sought: Needles) -> None:
    assert find("Siân Llwyd-Tregarth and Angharad O'Brannagh agreed.", sought) == ["person-0001", "person-0003"]
    assert find("Siân, said Tregarth.", sought) == ["person-0001", "person-0001"]


_LITTLE_TALK = some.lists(some.sampled_from(("The", "the", "Bevan", "bevan", "Trust", "Siân", "Rees")), max_size=12)


@example(["The", "the", "Bevan", "the", "Trust"], [["the", "bevan"], ["the", "bevan", "the"], ["trust"]])
@given(
    _LITTLE_TALK, some.lists(some.lists(some.sampled_from(("the", "bevan", "trust", "sian")), min_size=1, max_size=4))
)
def test_each_place_where_something_sought_is_written_is_found_however_often_its_words_are(
    said: list[str], phrases: list[list[str]]
) -> None:
    wanted = {tuple(phrase): "somebody" for phrase in phrases}
    told = [fold(word) for word in said]
    at = {
        number: {phrase for phrase in wanted if tuple(told[number : number + len(phrase)]) == phrase}
        for number in range(len(told))
    }
    nobody = dict.fromkeys((field.name for field in fields(Needles)), frozenset[Any]())
    sought = Needles(**{**nobody, "phrases": _by_first_word(wanted), "numbers": {}})
    found = {start: {phrase for phrase, _ in alike} for start, alike in _written_alike(" ".join(said), sought)}
    starts = [len(" ".join(said[:number])) + bool(number) for number in range(len(said))]
    assert found == {starts[number]: alike for number, alike in at.items() if alike}


HARMLESS = [
    TEXT,
    "The mark of trust is small.",
    "A mark on the wall; a question mark.",
    "Trust, and the health board near the place.",
    "P01 spoke to person A; [P02] did not.",
    "1632 people and 417 pounds",
    "Mark my words",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_name_passes(text: str, sought: Needles) -> None:
    assert find(text, sought) == []


@pytest.mark.parametrize("place", PLACES)
def test_a_planted_name_is_found_in_every_kind_of_place(place: str, sought: Needles, tmp_path: Path) -> None:
    file_name, make = PLACES[place]
    for name in PLANTED:
        path = tmp_path / file_name
        path.write_bytes(make(name))
        assert list(leaks([path], sought, root=tmp_path)), name
        path.write_bytes(make("nobody"))
        assert not list(leaks([path], sought, root=tmp_path))


def test_more_than_two_hundred_kinds_of_place_and_form_are_planted() -> None:
    assert len(PLACES) * len(PLANTED) + len(FORMS) >= 200


@pytest.mark.parametrize("name", ["Siân Tregarth.txt", "notes-sian.txt", "Oyelaran_report.txt"])
def test_a_name_in_a_files_name_is_found_and_not_told(name: str, sought: Needles, tmp_path: Path) -> None:
    (tmp_path / name).write_text("nothing")
    with pytest.raises(LeakFound) as stopped:
        hold([tmp_path / name], sought, root=tmp_path)
    assert "Tregarth" not in str(stopped.value)
    assert "ian" not in str(stopped.value).replace("guardian", "")


def test_the_gate_says_where_and_whose_and_not_the_name(sought: Needles, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("<p>as Angharad O'Brannagh said</p>")
    with pytest.raises(LeakFound, match=r"report\.html.*person-0003") as stopped:
        hold([tmp_path / "report.html"], sought, root=tmp_path)
    assert "rannagh" not in str(stopped.value)
    assert stopped.value.exit_code == 18
    with pytest.raises(LeakFound, match=r"report\.html: P07\. "):
        hold([tmp_path / "report.html"], sought, root=tmp_path, called={"person-0003": "P07"})


def test_what_the_gate_found_is_listed_in_private_with_its_words_until_it_finds_nothing(
    sought: Needles, tmp_path: Path
) -> None:
    listed, report = tmp_path / "private" / "leaks.csv", tmp_path / "report.html"
    report.write_text("<p>=1 as Angharad O'Brannagh said in May</p>")
    with pytest.raises(LeakFound, match=r"private/leaks\.csv"):
        hold([report], sought, root=tmp_path, listed=listed)
    written = listed.read_text(encoding="utf-8-sig")
    assert "person-0003,'=1 as Angharad O'Brannagh said in May" in written
    report.write_text("<p>as they said</p>")
    hold([report], sought, root=tmp_path, listed=listed)
    assert not listed.exists()


# As the talk itself writes it, three times inside a sentence; "Will" only opens sentences.
CHRISTMAS = (
    "It closed before Christmas. The letter said Christmas, and Christmas came. Each Christmas is so, said [person A]. "
    "Will it hold? Will it last? Will we know?"
)


def test_what_has_an_article_in_welsh_is_no_name_in_small_letters_though_somebody_is_called_by_it() -> None:
    said = "Beth am y bws? Mae [person A]'n sâl, a does dim bws, na llaeth."
    turns = TURNS.frame([Turn("rt1:t0000", "rt1", "rt1", 0, "P01", "participant", "cy", said, None, None)])
    people = PEOPLE.frame(
        Person(f"person-{number}", f"person {name}", name, (), "third_party", "", "", "no_quotes")
        for number, name in enumerate(("Idwal Bws", "Dai Llaeth"))
    )
    sought = needles(people, REDACTIONS.empty(), turns, TOKENS.empty())
    assert [find(said, sought), find("ac Idwal Bws", sought)] == [["person-1"], ["person-0"]]


def test_a_word_that_the_talk_writes_with_a_capital_may_stand_alone_though_somebody_is_called_so() -> None:
    people = PEOPLE.frame(
        [
            Person("person-0001", "person A", "Rhosyn Christmas", (), "third_party", "", "", "no_quotes"),
            Person("person-0002", "P01", "Will Abernant", (), "participant", "", "", "no_quotes"),
        ]
    )
    turns = TURNS.frame([Turn("rt1:t0000", "rt1", "rt1", 0, "P01", "participant", "en", CHRISTMAS, None, None)])
    end = len("It closed before Christmas")
    kept = Redaction("rt1:t0000", end - 9, end, "Christmas", "", "PERSON", "", "model", 0.3, "kept")
    sought = needles(people, REDACTIONS.frame([kept]), turns, TOKENS.empty())
    assert find("Christmas", sought) == []
    assert find("Opening at Christmas", sought) == []
    assert find("Rhosyn Christmas", sought) == ["person-0001"]
    assert find("Ask Will", sought) == ["person-0002"]
    assert let_pass(people, REDACTIONS.frame([kept]), turns) == [LetPass("christmas", "person-0001", 4)]


# Surnames of people at the table that are words too. Anonymise let the words be: with a capital in the names of a
# review and of a payment, three times or more, and in small letters elsewhere.
WORDS = (
    "The Price Review came. After the Price Review, nobody thought the Price Review fair, and the price went up. "
    "The Winter Fuel Payment went. A Winter Fuel Payment is no Winter Fuel Payment in a cold winter. "
    "For young people, and for the young, it is so. Young people know. To field a price for it is hard."
)
AT_THE_TABLE = ("Elin Price", "Wil Young", "Mared Winter", "Huw Field")


@pytest.mark.parametrize("unseen", ["\u00ad", "\u200b", "\u2066", "\u2069", "\ufeff"])
def test_a_name_that_letters_nobody_sees_cut_in_two_is_found(unseen: str, sought: Needles) -> None:
    assert find(f"as Angha{unseen}rad O'Brannagh said", sought)


def test_letters_and_numbers_that_were_replaced_together_are_sought_together() -> None:
    """Of "CAS-204817" the CAS is also somebody else's abbreviation, and anybody meets in November."""
    text = "It is case CAS-204817, born 17 November 1963."
    redactions = [
        Redaction("rt1:t0000", at, at + len(told), told, "[x]", "CONTACT", "", "pattern", 0.8, "replaced")
        for told in ("CAS-204817", "17 November 1963")
        for at in [text.index(told)]
    ]
    turns = TURNS.frame([Turn("rt1:t0000", "rt1", "rt1", 0, "P01", "participant", "en", "It is a case.", None, None)])
    sought = needles(PEOPLE.empty(), REDACTIONS.frame(redactions), turns, TOKENS.empty())
    assert find("the CAS met in November 1963", sought) == []
    for left in ("see cas 204817", "see CAS-204817.", "see 204817", "on 17\nNovember 1963"):
        assert set(find(left, sought)) == {"CONTACT"}


def of_the_words(*, role: str = "participant", found_by: str = "roster") -> Needles:
    """What the gate looks for where these people sit at the table, or are spoken of."""
    people = [
        Person(f"person-000{n}", f"P0{n}", name, (), role, "", "", "no_quotes")
        for n, name in enumerate(AT_THE_TABLE, start=1)
    ]
    kept = [
        Redaction("rt1:t0000", at, at + len(word), word, "", "PERSON", "", found_by, 0.3, "kept")
        for word in ("Price", "Winter")
        for at in range(len(WORDS))
        if WORDS.startswith(word, at)
    ]
    turns = TURNS.frame([Turn("rt1:t0000", "rt1", "rt1", 0, "P01", "participant", "en", WORDS, None, None)])
    tokens = [
        Token("rt1:t0000", at, at + len(word), "NOUN", "NN", word, "dep", 0, False)
        for word in ("price", "young", "winter", "field")
        for at in [WORDS.index(f" {word}") + 1]
    ]
    return needles(PEOPLE.frame(people), REDACTIONS.frame(kept), turns, TOKENS.frame(tokens))


SAID_OF = [
    "as {} said", "thanks to {} for this", "so {} and others", "for {}, it is so", "it was {}'s idea",
    "by {} in the end", "{} was clear on this", "(with {})", "{}", "to {} a", "Mr {}", "The view of {}, who chairs it",
    "went up. {} asked why",
]  # fmt: skip


@pytest.mark.parametrize("surname", ["Price", "Young", "Winter", "Field"])
@pytest.mark.parametrize("said", SAID_OF)
def test_no_surname_from_the_table_passes_because_the_talk_has_the_word(said: str, surname: str) -> None:
    assert find(said.format(surname), of_the_words())


@pytest.mark.parametrize(
    "text",
    [
        WORDS, "Young people and buses", "so the price went up", "Price Review and bills", "the Price Review, again",
        "winter, price, young", "after the Price", "Young people", "a cold winter and a price",
    ],
)  # fmt: skip
def test_the_word_itself_passes_where_the_talk_has_it_so(text: str) -> None:
    assert find(text, of_the_words()) == []


@pytest.mark.parametrize("end", ["", "\n", "\x1e", " (9)", ": most participants", '"'])
def test_a_theme_may_be_named_by_a_word_that_the_talk_has_in_small_letters(end: str) -> None:
    assert find(f"Price and winter fuel{end}", of_the_words()) == []
    assert find(f"Price, fuel bill and winter fuel{end}", of_the_words()) == []


@pytest.mark.parametrize(
    "said",
    [
        "{} and others were against it.", "{} and others, who left", "{} and Mared Winter", "as {} and others",
        "{} and so many of the others who were there", "{} and 9 others", "{}, colleagues and others were against it.",
        "{}, Mared and others", "{}, a clerk of the house and others",
    ],
)  # fmt: skip
def test_a_sentence_about_somebody_is_no_themes_name(said: str) -> None:
    assert "person-0001" in find(said.format("Price"), of_the_words())


def test_a_heading_opens_with_a_capital_and_what_stands_before_it_is_another_text(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text("<p>shared by some</p><h2>Young people</h2><p>as some said</p>")
    assert not list(leaks([page], of_the_words(), root=tmp_path))
    page.write_text("<p>shared by some Young people</p>")
    assert list(leaks([page], of_the_words(), root=tmp_path))


def test_a_lemma_stands_alone_and_is_the_words_of_its_turn_all_the_same(tmp_path: Path) -> None:
    lemmas = [Token("rt1:t0000", 4, 9, "PROPN", "NNP", "Price", "dep", 0, False)]
    assert not list(leaks([TOKENS.write(TOKENS.frame(lemmas), tmp_path)], of_the_words(), root=tmp_path))
    named = [Token("rt1:t0000", 4, 9, "PROPN", "NNP", "Elin", "dep", 0, False)]
    assert list(leaks([TOKENS.write(TOKENS.frame(named), tmp_path)], of_the_words(), root=tmp_path))


def test_what_passes_by_itself_is_listed_and_is_never_of_somebody_at_the_table() -> None:
    assert of_the_words().free == frozenset()
    assert of_the_words(role="facilitator").free == frozenset()
    assert of_the_words(role="observer").free == frozenset()
    assert of_the_words(role="third_party").free == {"price", "winter"}


def test_a_word_that_people_kept_everywhere_may_open_a_heading_and_no_more() -> None:
    sought = of_the_words(found_by="people")
    assert find("Winter heating", sought) == []
    assert find("Winter heating", of_the_words()) == ["person-0003"]
    assert find("as Winter said", sought) == ["person-0003"]
    assert find("Young asked", sought) == ["person-0002"]


@pytest.mark.parametrize(
    "stands", ["hall\x1ePrice\x1ekeys", "Words that mark it: hall · Price.", "Housing office and Price", "hall; Price"]
)
def test_a_word_that_people_kept_everywhere_may_stand_among_a_themes_words(stands: str) -> None:
    """Nothing that anybody could do let a run go on where a Dean sat and "the Dean" was spoken of."""
    assert find(stands, of_the_words(found_by="people")) == []
    assert find(stands, of_the_words()) != []


@pytest.mark.parametrize(
    "stands", ["It was Price.", "hall, Price and keys", "as Price said", "They met and Price agreed"]
)
def test_a_word_that_people_kept_is_still_a_name_inside_a_sentence(stands: str) -> None:
    assert find(stands, of_the_words(found_by="people")) != []


def _drawn(words: str) -> bytes:
    return metafile(f'<svg xmlns="urn:s" viewBox="0 0 90 90" font-size="12"><text x="1" y="9">{words}</text></svg>')


FILES: dict[str, Callable[[str], bytes]] = {
    "drawing1.emf": _drawn,
    "themes.csv": lambda words: f"theme_id,name,origin\r\ne01,{words},emergent\r\n".encode(),
    "themes.json": lambda words: json.dumps({"theme_id": "e01", "name": words, "origin": "emergent"}).encode(),
    "pack.html": lambda words: (
        f'<p>One</p><script type="application/json" id="data">{json.dumps([{"name": words}, 3])}</script>'.encode()
    ),
}


@pytest.mark.parametrize("file", FILES)
def test_a_themes_name_is_one_in_every_file_that_a_run_gives(file: str, tmp_path: Path) -> None:
    """Kept, "Hall and Dean" passed as a table, and stopped the Word file, the pack and the export of the same run."""
    path, sought = tmp_path / file, of_the_words(found_by="people")
    path.write_bytes(FILES[file]("Hall and Price"))
    assert not list(leaks([path], sought, root=tmp_path))
    for named in ("as Price said", "Elin Price", "so Price, and keys"):
        path.write_bytes(FILES[file](named))
        assert list(leaks([path], sought, root=tmp_path)), named


def _who(name: str, *, labels: tuple[str, ...] = ()) -> Needles:
    """What the gate looks for where one person sits at the table and nobody speaks of them."""
    people = PEOPLE.frame([Person("person-0001", "P01", name, (), "participant", "", "", "no_quotes")])
    return needles(
        people,
        REDACTIONS.empty(),
        TURNS.empty(),
        TOKENS.empty(),
        own_texts=["the page, a word, our trust"],
        labels=labels,
    )


@pytest.mark.parametrize(
    "stands", ["Trust", "Risk\x1eTrust\x1eFunding", "under: Trust", "P01\nTrust\n2", "Trust: several"]
)
def test_a_code_of_ours_heads_a_theme_though_somebody_is_called_so(stands: str) -> None:
    """Every run has a theme "Trust": where an Ifan Trust sat none came to an end, with nothing to keep."""
    assert find(stands, _who("Ifan Trust", labels=("Trust",))) == []
    assert find(stands, _who("Ifan Trust")) != []


def test_a_long_column_of_what_may_be_a_name_is_read_at_once() -> None:
    assert find("Trust\n" * 8_000, _who("Ifan Trust", labels=("Trust",))) == []


@pytest.mark.parametrize(
    "stands", ["as Trust said", "It was Trust", "Trust.", "Ifan Trust", "TRUST", "so: Trust, again"]
)
def test_a_code_of_ours_is_still_a_name_elsewhere(stands: str) -> None:
    assert find(stands, _who("Ifan Trust", labels=("Trust",))) != []


def test_the_number_of_a_page_is_nobody_called_page(tmp_path: Path) -> None:
    """The footer of every Word file has the field PAGE, and the review page's script `t("page")`."""
    path = tmp_path / "footer1.xml"
    field = '<?xml version="1.0"?><w:p xmlns:w="urn:w"><w:instrText> PAGE {}</w:instrText><w:t>1 {}</w:t></w:p>'
    for inside, shown, stops in [("", "", False), ('"Tom Page"', "", True), ("", "as Page said", True)]:
        path.write_text(field.format(inside, shown))
        assert bool(list(leaks([path], _who("Tom Page"), root=tmp_path))) is stops
    assert find('t. {page}, `${t("page", {', _who("Tom Page")) == []
    assert all(find(named, _who("Tom Page")) for named in ("T. Page", "by t page", "T {Page}"))


def test_words_own_styles_and_colours_are_nobody(tmp_path: Path) -> None:
    path = tmp_path / "styles.xml"
    for tag, inside in [("w:lsdException", "Strong"), ("a:theme", "Office Strong")]:
        told = '<?xml version="1.0"?><w:s xmlns:w="urn:w" xmlns:a="urn:a"><{} name="{}"/><w:p name="{}"/></w:s>'
        path.write_text(told.format(tag, inside, "Office"))
        assert not list(leaks([path], _who("Ann Strong"), root=tmp_path))
        path.write_text(told.format(tag, inside, "Strong"))
        assert list(leaks([path], _who("Ann Strong"), root=tmp_path))


def test_the_language_of_a_files_letters_is_nobodys_initials(tmp_path: Path) -> None:
    """Every Word file that we write says "ja-JP" of its Asian letters, and a JP stopped every draft."""
    path = tmp_path / "settings.xml"
    told = '<?xml version="1.0"?><w:s xmlns:w="urn:w"><w:lang w:val="en-GB" w:eastAsia="{}"/><w:p w:by="{}"/></w:s>'
    path.write_text(told.format("ja-JP", ""))
    assert not list(leaks([path], _who("JP"), root=tmp_path))
    path.write_text(told.format("ja-JP", "as JP said"))
    assert list(leaks([path], _who("JP"), root=tmp_path))


def test_what_heads_a_table_of_ours_is_no_given_name() -> None:
    """A participant called Theme stopped every draft: there is a table with a column of that title."""
    ours = set(_own_labels())
    assert {"Theme", "Quote", "Trust"} <= ours
    assert not any(is_given(fold(label)) for label in ours)
    assert find("Place\x1eTheme\x1eOf", _who("Theme Okafor", labels=tuple(ours))) == []
    called = _who("Roundtable", labels=tuple(ours))
    assert find("Theme\nRoundtable 1\nRoundtable 2", called) == []
    assert find("Roundtable 2 said so", called) == ["person-0001"]


def test_what_stands_in_the_next_cell_does_not_go_on_from_a_word_of_ours() -> None:
    people = PEOPLE.frame([Person("person-0001", "P01", "Ifan Trust", (), "participant", "", "", "no_quotes")])
    tables = (people, REDACTIONS.empty(), TURNS.empty(), TOKENS.empty())
    sought = needles(*tables, own_texts=["of trust", "the Office Trust"])
    assert find("Office Trust\x1eOf", sought) == []
    assert find("thanks Trust\x1eOf", sought) != []


def test_the_program_that_wrote_a_file_is_nobody_called_word(tmp_path: Path) -> None:
    path = tmp_path / "app.xml"
    path.write_text('<?xml version="1.0"?><P><Application>Microsoft Macintosh Word</Application></P>')
    assert not list(leaks([path], _who("Ifan Word"), root=tmp_path))
    path.write_text('<?xml version="1.0"?><P><Company>as Word said</Company></P>')
    assert list(leaks([path], _who("Ifan Word"), root=tmp_path))


@pytest.mark.parametrize("pos", ["NOUN", "X"])
def test_a_word_in_small_letters_is_no_name_whether_or_not_a_model_read_the_grammar(pos: str) -> None:
    people = PEOPLE.frame([Person("person-0001", "P01", "Rhosyn Delivery", (), "participant", "", "", "no_quotes")])
    said = "What matters is delivery."
    turns = TURNS.frame([Turn("rt1:t0000", "rt1", "rt1", 0, "P01", "participant", "en", said, None, None)])
    at = said.index("delivery")
    tokens = TOKENS.frame([Token("rt1:t0000", at, at + 8, pos, "NN", "delivery", "dep", 0, False)])
    sought = needles(people, REDACTIONS.empty(), turns, tokens)
    assert find("the delivery_gap", sought) == []
    assert find("The view of Delivery", sought) == ["person-0001"]


@pytest.mark.parametrize(("short", "passes"), [("Rose", True), ("Romi", False)])
def test_a_short_form_passes_in_small_letters_only_where_it_is_a_word(short: str, passes: bool) -> None:
    people = PEOPLE.frame([Person("person-0001", "P01", "Rosemary Tudor", (), "participant", "", "", "no_quotes")])
    small = short.lower()
    said = f"[P01] is fine. Prices {small}."
    turns = TURNS.frame([Turn("rt1:t0000", "rt1", "rt1", 0, "P01", "participant", "en", said, None, None)])
    at = said.index(small)
    tokens = TOKENS.frame([Token("rt1:t0000", at, at + 4, "VERB", "VBD", small, "dep", 0, False)])
    row = Redaction("rt1:t0000", 0, 4, short, "[P01]", "PERSON", "person-0001", "speaker", 0.7, "replaced")
    sought = needles(people, REDACTIONS.frame([row]), turns, tokens)
    assert (find(f"Prices {small}.", sought) == []) is passes
    assert find(f"and then {short} left", sought) == ["person-0001"]


def test_a_code_of_ours_is_no_name_though_somebody_is_called_so() -> None:
    people = PEOPLE.frame([Person("person-0001", "P01", "Rhosyn Delivery", (), "participant", "", "", "no_quotes")])
    turns = TURNS.frame([Turn("rt1:t0000", "rt1", "rt1", 0, "P01", "participant", "en", "It rained.", None, None)])
    given = (people, REDACTIONS.empty(), turns, TOKENS.empty())
    assert find("policy_delivery_gap", needles(*given)) == ["person-0001"]
    sought = needles(*given, own_texts=iter(["policy_delivery_gap"]))
    assert find("policy_delivery_gap", sought) == []
    assert find("The view of Delivery", sought) == ["person-0001"]
    # Our own heading, with a capital, is no such code.
    assert find("policy_delivery_gap", needles(*given, own_texts=["Delivery"])) == ["person-0001"]


def test_a_word_that_was_kept_in_one_place_is_a_name_after_other_words() -> None:
    people = PEOPLE.frame([Person("person-0001", "P01", "Elin Price", (), "participant", "", "", "no_quotes")])
    said = "It went up before Price rose again."
    turns = TURNS.frame([Turn("rt1:t0000", "rt1", "rt1", 0, "P01", "participant", "en", said, None, None)])
    at = said.index("Price")
    kept = Redaction("rt1:t0000", at, at + 5, "Price", "", "PERSON", "", "roster", 0.3, "kept")
    sought = needles(people, REDACTIONS.frame([kept]), turns, TOKENS.empty())
    assert find(said, sought) == []
    assert find("as Price rose again.", sought) == ["person-0001"]


@pytest.mark.parametrize(("language", "passes"), [("cy", True), ("en", False)])
def test_an_everyday_word_of_welsh_is_one_of_the_talk_where_welsh_is_spoken(language: str, passes: bool) -> None:
    people = PEOPLE.frame([Person("person-0001", "P01", "Dan Rees", (), "participant", "", "", "no_quotes")])
    turns = TURNS.frame([Turn("rt1:t0000", "rt1", "rt1", 0, "P02", "participant", language, "So dan it.", None, None)])
    sought = needles(people, REDACTIONS.empty(), turns, TOKENS.empty())
    assert (find("Dan and heating", sought) == []) is passes


def test_an_initial_and_a_surname_written_as_one_are_no_word_of_the_talk() -> None:
    people = PEOPLE.frame([Person("person-0001", "P01", "Tomos Rust", (), "participant", "", "", "no_quotes")])
    turns = TURNS.frame([Turn("rt1:t0000", "rt1", "rt1", 0, "P01", "participant", "en", "We need trust.", None, None)])
    tokens = TOKENS.frame([Token("rt1:t0000", 8, 13, "NOUN", "NN", "trust", "dobj", 0, False)])
    sought = needles(people, REDACTIONS.empty(), turns, tokens)
    assert find("Trust and risk", sought) == []
    assert find("as T. Rust said", sought) and find("TomosRust.docx", sought)


def test_a_number_goes_on_after_a_lines_end_and_not_in_the_next_cell(tmp_path: Path) -> None:
    row = Redaction("rt1:t0000", 0, 8, "12-34-56", "[bank details]", "CONTACT", "", "pattern", 0.9, "replaced")
    sought = needles(PEOPLE.empty(), REDACTIONS.frame([row]), TURNS.empty(), TOKENS.empty())
    counted = "".join(f"<c><v>{number}</v></c>" for number in range(9))
    (tmp_path / "sheet1.xml").write_text(f'<?xml version="1.0"?><row>{counted}</row>')
    assert list(leaks([tmp_path / "sheet1.xml"], sought, root=tmp_path)) == []
    assert find("\x1e".join("0123456"), sought) == []
    for said in ("12 34 56", "12-\n34-56", "(12)34.56", "12\u00a034\u00a056"):
        assert find(f"it was {said} then", sought) == ["CONTACT"]


def test_a_short_number_is_not_in_the_middle_of_a_longer_one() -> None:
    row = Redaction("rt1:t0000", 0, 9, "QQ123456C", "[x]", "CONTACT", "", "pattern", 0.9, "replaced")
    phone = Redaction("rt1:t0000", 10, 21, "01632960123", "[x]", "CONTACT", "", "pattern", 0.9, "replaced")
    sought = needles(PEOPLE.empty(), REDACTIONS.frame([row, phone]), TURNS.empty(), TOKENS.empty())
    assert find("it was 100101234567 then", sought) == []
    for left in ("12 34 56", "12-34-56", "12.34.56 78"):
        assert find(f"it was {left} then", sought) == ["CONTACT"]
    assert find("it was 44001632960123 then", sought) == ["CONTACT"]


def test_an_article_before_a_word_is_no_initial_before_a_name() -> None:
    people = PEOPLE.frame([Person("person-0001", "person A", "Autumn Bright", (), "third_party", "", "", "no_quotes")])
    sought = needles(people, REDACTIONS.empty(), TURNS.empty(), TOKENS.empty())
    assert find("“A bright spot was that”", sought) == []
    assert find("it is marked by: home, autumn, bright spot", sought) == []
    assert find("so A. Bright said", sought) and find("so A Bright said", sought)
