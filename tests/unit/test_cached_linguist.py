"""What a linguist has read is kept, and takes little room."""

from collections.abc import Sequence
from pathlib import Path

from pipeline.backends.cache import CachedLinguist, Store
from pipeline.backends.plain import PlainLinguist
from pipeline.backends.protocols import Analysis

# Words of ours, so that no other test's texts made them one object already.
TEXTS = ["We trust the council of Cwmdulas.", "Nobody at Cwmdulas can trust the council."]


class _Counting(PlainLinguist):
    """Says which texts it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def analyse(self, texts: Sequence[str]) -> list[Analysis]:
        self.asked += texts
        return super().analyse(texts)


def test_a_text_is_read_once_and_comes_back_the_same(tmp_path: Path) -> None:
    linguist = _Counting()
    first, again = (CachedLinguist(lambda _: linguist, revision="1", store=Store(tmp_path / "kept")) for _ in range(2))
    assert first.analyse(TEXTS) == again.analyse([*TEXTS, *TEXTS])[:2] == PlainLinguist().analyse(TEXTS)
    assert sorted(linguist.asked) == sorted(TEXTS)


def test_what_a_linguist_read_is_for_its_owner_only(tmp_path: Path) -> None:
    store = Store(tmp_path / "kept")
    store.put([(b"a", b"words")])
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_the_same_word_of_two_texts_is_one_object_in_memory(tmp_path: Path) -> None:
    linguist = CachedLinguist(lambda _: PlainLinguist(), revision="1", store=Store(tmp_path / "kept"))
    for _ in ("read", "kept"):
        one, other = linguist.analyse(TEXTS)
        for column in ("pos", "tag", "lemma", "dep"):
            words = {word: word for word in getattr(one, column)}
            both = [word for word in getattr(other, column) if word in words]
            assert both
            assert all(word is words[word] for word in both)
