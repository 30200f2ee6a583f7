"""Welsh beside English: each is ranked among its own.

The words that the counts go by, and the encoders that tell how a statement reads, know English. Of Welsh they see its
length, its place and little else, and would put nearly all of it last; which of two languages somebody chose to speak
must not decide whether they are heard.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.quotes.features import Numbers

LANGUAGE = "its language"
# Where Welsh statements are more than English ones several stand level with the same one, and keep their order by this.
_STEP = 1e-6


def raised(
    scores: Numbers, welsh: NDArray[np.bool_], choosable: NDArray[np.bool_], *, coded: NDArray[np.bool_]
) -> Numbers:
    """What to add to each statement's score so that a Welsh one stands as high among all as among the Welsh ones.

    The best of ten Welsh statements is level with the English one that one in twenty stands above, the tenth with the
    one that one in twenty stands below. Those that carry a code (`coded`) stand higher among the Welsh ones, by the
    spread of their scores: what a Welsh statement is about is known better than how it reads. Of shape
    (statements,): 0 for English ones, where nobody spoke English, and for what can't be chosen, which isn't counted.
    """
    added = np.zeros(len(scores))
    rows, english = np.flatnonzero(welsh & choosable), scores[~welsh & choosable]
    if len(rows) and len(english):
        told = scores[rows] + scores[rows].std() * coded[rows]
        # Of two alike what was said first stands higher; rounded, so that another processor's last bit moves nothing.
        order = rows[np.lexsort((-rows, np.round(told, 9)))]
        shares = (np.arange(len(order)) + 0.5) / len(order)
        level = np.quantile(english, shares, method="hazen") + _STEP * np.arange(len(order))
        added[order] = level - scores[order]
    return added
