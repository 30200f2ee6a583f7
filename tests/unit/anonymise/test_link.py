"""Of several people whom a name fits: whose whole name was said last, else who speaks beside it, else the first."""

import pytest

from pipeline.anonymise.detect import Mention
from pipeline.anonymise.link import choose
from pipeline.anonymise.reading import Reading
from pipeline.backends.protocols import Analysis

NOTHING = Analysis((), (), (), (), (), (), (), (), ())
RHODRI = ("rhodri puw", "rhodri tegid")  # two of one given name


def _talk(*speakers: str, transcript: str = "rt1") -> list[Reading]:
    return [
        Reading(f"{transcript}:{place}", transcript, transcript, place, who, "", NOTHING)
        for place, who in enumerate(speakers)
    ]


def _said(place: int, *candidates: str, kind: str = "given", start: int = 0, transcript: str = "rt1") -> Mention:
    return Mention(f"{transcript}:{place}", start, start + 6, candidates, kind, "roster", 0.9)


def _meant(mentions: list[Mention], readings: list[Reading]) -> list[tuple[str, float]]:
    return [(*one.candidates, one.confidence) for one in choose(mentions, readings)]  # type: ignore[misc]


def test_who_was_named_whole_last_before_is_meant() -> None:
    whole = [_said(0, "rhodri tegid", kind="full"), _said(1, "rhodri puw", kind="full", start=9)]
    asked = [_said(1, *RHODRI, start=2), _said(1, *RHODRI, start=20), _said(2, *RHODRI)]
    later = _said(2, "rhodri tegid", kind="full", start=9)

    found = _meant([later, *asked, *whole], _talk("nia", "nia", "nia"))

    assert found[1:4] == [("rhodri tegid", 0.72), ("rhodri puw", 0.72), ("rhodri puw", 0.72)]


@pytest.mark.parametrize(
    ("speakers", "meant"),
    [
        (("nia", "rhodri tegid", "rhodri puw"), ("rhodri tegid", 0.72)),  # who speaks next
        (("rhodri tegid", "nia", "beca", "rhodri puw"), ("rhodri tegid", 0.72)),  # who spoke just before
        (("beca", "nia", "beca", "rhodri tegid"), ("rhodri tegid", 0.72)),  # the one after the next
        (("rhodri tegid", "beca", "nia", "beca", "beca", "rhodri tegid"), ("rhodri puw", 0.45)),  # nobody near
    ],
)
def test_else_it_is_who_speaks_beside_it_and_else_the_first(
    speakers: tuple[str, ...], meant: tuple[str, float]
) -> None:
    asked = [_said(speakers.index("nia"), *RHODRI)]

    assert _meant(asked, _talk(*speakers)) == [meant]
    assert _meant(asked, _talk(*speakers)[::-1]) == [meant]


def test_a_name_that_fits_one_person_is_theirs_and_another_meeting_tells_nothing() -> None:
    told = [_said(0, "rhodri tegid", kind="full"), _said(0, *RHODRI, transcript="rt2")]
    readings = [*_talk("nia", "rhodri tegid"), *_talk("nia", "beca", transcript="rt2")]

    assert _meant(told, readings) == [("rhodri tegid", 0.9), ("rhodri puw", 0.45)]
