"""What people decided: an append-only log, and its fold to the present state.

The log is `review/decisions*.jsonl` in a run folder, one file a person, one decision a line. Redaction decisions,
which may hold a name, stand apart in `private/decisions*.jsonl`, in the same form. Whoever wants to know

    what was decided, all of it           read_log(log_files(run_folder))
    what of it stands in these turns      in_force(decisions, turns): not what was undone, replaced or is disputed
    where its words are in these turns    reanchor(decisions, turns) -> (anchored, needs_another_look)
    which quotes may be printed           approved_quotes(decisions, turns), allowed_attributions(consent, ...)
    which of them have words in common    sharing_words(places)
    what is disputed                      fold(decisions).conflicts
    what stands on themes                 theme_decisions(decisions, statements, assignments)
    what people said of codes             coding_examples(decisions, statements)

A stage is given `in_force(read_log(...), turns)` and need only go through it: the later of two on a theme holds.
"""

from pipeline.decisions.anchoring import AnotherLook, Reanchored, reanchor
from pipeline.decisions.log import (
    LogReader,
    Merged,
    append,
    forget,
    log_files,
    log_path,
    merge,
    now,
    read_log,
    retyped,
    reviewer_slug,
)
from pipeline.decisions.record import Decision, Kind, Span, spans_of, text_hash
from pipeline.decisions.standing import (
    ATTRIBUTIONS,
    ApprovedQuote,
    CodingExample,
    Conflict,
    Locator,
    State,
    ThemeDecision,
    allowed_attributions,
    approved_quotes,
    coding_examples,
    fold,
    in_force,
    needing_another_look,
    sharing_words,
    subject_of,
    theme_decisions,
    without_undone,
)

__all__ = [
    "ATTRIBUTIONS",
    "AnotherLook",
    "ApprovedQuote",
    "CodingExample",
    "Conflict",
    "Decision",
    "Kind",
    "Locator",
    "LogReader",
    "Merged",
    "Reanchored",
    "Span",
    "State",
    "ThemeDecision",
    "allowed_attributions",
    "append",
    "approved_quotes",
    "coding_examples",
    "fold",
    "forget",
    "in_force",
    "log_files",
    "log_path",
    "merge",
    "needing_another_look",
    "now",
    "read_log",
    "reanchor",
    "retyped",
    "reviewer_slug",
    "sharing_words",
    "spans_of",
    "subject_of",
    "text_hash",
    "theme_decisions",
    "without_undone",
]
