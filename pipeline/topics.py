"""A run's emergent themes as a BERTopic model, for analysts who go on with it in Python."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pipeline.errors import ExchangeError
from pipeline.tables import ASSIGNMENTS, STATEMENTS, THEMES, VECTORS


def bertopic_archive(run_folder: Path) -> bytes:
    """A .zip that `BERTopic.load` reads once it is unpacked; its documents are the statements, by statement_id.

    Topic 0 is the largest theme, ties by theme_id; -1 are the statements without a theme. The names are the run's.

    Raises:
        ExchangeError: no theme emerged.
    """
    from pipeline.backends.bertopic_frame import bertopic_model, saved_model

    statements = STATEMENTS.read(run_folder).sort_values("statement_id", kind="stable")
    vectors = VECTORS.read(run_folder)
    carried = ASSIGNMENTS.read(run_folder)
    mine = carried[carried["primary"] & (carried["origin"] == "emergent")]
    sizes = mine["theme_id"].value_counts()
    order = sorted(sizes.index, key=lambda theme: (-int(sizes[theme]), theme))
    if not order:
        raise ExchangeError("no theme emerged in this run, so there is nothing for BERTopic to hold")
    number = {theme: place for place, theme in enumerate(order)}
    topic = dict(zip(mine["statement_id"], mine["theme_id"].map(number), strict=True))
    said = THEMES.read(run_folder).set_index("theme_id")["name"]
    rows = {name: row for row, name in enumerate(vectors.ids)}
    known = statements[statements["statement_id"].isin(rows)]
    model = bertopic_model(
        known["text"].tolist(),
        vectors.own[[rows[name] for name in known["statement_id"]]],
        np.array([topic.get(name, -1) for name in known["statement_id"]], dtype=np.int64),
        names={place: str(said[theme]) for theme, place in number.items()},
    )
    return saved_model(model)
