"""The page's Welsh: after a number, a noun stands as the number changes it, or none stands there."""

from __future__ import annotations

import re

from pipeline.review.page import words

# After two the first letter of a noun is softened, after three and six that of some is breathed.
_SOFTENED = re.compile(r"\{(?:n|present|all)\} (?:[bcdgmpt]|ll|rh)")
_BREATHED = re.compile(r"\{(?:n|present|all)\} [cpt]")


def test_what_follows_a_number_in_welsh_has_a_form_for_each_number_that_changes_it() -> None:
    welsh = words()["cy"]
    wanting = set()
    for key, text in welsh.items():
        stem, _, form = key.rpartition("_")
        forms = {"two"} if _SOFTENED.search(text) else set()
        forms |= {"few", "many"} if _BREATHED.search(text) else set()
        if form in ("two", "few", "many"):
            forms = set()
        wanting |= {key for wanted in forms if f"{stem}_{wanted}" not in welsh}
    assert wanting == set()


def test_participants_and_roundtables_are_counted_in_welsh_as_people_say_it() -> None:
    welsh = words()["cy"]
    assert {form: welsh[f"fact_participants_{form}"] for form in ("two", "few", "many", "other")} == {
        "two": "gyfranogwr", "few": "chyfranogwr", "many": "chyfranogwr", "other": "cyfranogwr",
    }  # fmt: skip
    assert [welsh[f"fact_roundtables_{form}"] for form in ("one", "two", "other")] == [
        "ford gron",
        "ford gron",
        "bord gron",
    ]


def test_it_is_the_quote_that_cannot_be_accepted_in_welsh_and_not_the_participant() -> None:
    """ "Ei dderbyn" after "y cyfranogwr" is to accept him."""
    told = [words()["cy"][f"cannot_{why}"] for why in ("no_quotes", "withdrawn")]
    assert [text.endswith(": ni ellir derbyn y dyfyniad.") for text in told] == [True, True]


def test_a_theme_is_feminine_in_welsh() -> None:
    assert words()["cy"]["emergent"] == "Wedi’i chanfod yn y sgwrs"
