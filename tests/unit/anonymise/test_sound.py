"""Names heard or typed wrong."""

import pytest

from pipeline.anonymise.sound import alike


@pytest.mark.parametrize(
    ("heard", "name"),
    [
        ("gwenlian", "gwenllian"),
        ("shaun", "shawn"),
        ("stephen", "steven"),
        ("reese", "rees"),
        ("katharine", "katherine"),
        ("griffths", "griffiths"),
        ("mcarthy", "mccarthy"),
    ],
)
def test_a_name_heard_wrong_is_alike(heard, name):
    assert alike(heard, name)


@pytest.mark.parametrize(
    ("heard", "name"),
    [
        ("rees", "reid"),
        ("mark", "mary"),
        ("nia", "nia"),
        ("pughs", "pugh"),
        ("ann", "ian"),
        ("wales", "wells"),
        ("jo", "joe"),
    ],
)
def test_another_name_or_the_name_itself_is_not(heard, name):
    assert not alike(heard, name)
