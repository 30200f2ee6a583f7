"""The stage: candidates made, scored, folded, listed fairly, and set beside their context."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline import tables as t
from pipeline.backends.protocols import Encoder, Memory
from pipeline.decisions import Decision
from pipeline.quotes import fair
from pipeline.quotes.candidates import SAYS_NOTHING, Candidate, spans
from pipeline.quotes.disclosure import disclosure
from pipeline.quotes.features import Numbers
from pipeline.quotes.languages import LANGUAGE, raised
from pipeline.quotes.learning import Learned, learn
from pipeline.quotes.rank import LENGTH, TOLD, Scored, apart, folded, score
from pipeline.quotes.ranker import ReadClosely, weights_for, worth_a_closer_look
from pipeline.quotes.reasons import PROJECT, Signs, in_short, reason_rows, signs
from pipeline.quotes.remembered import described
from pipeline.quotes.subjects import Subjects

# However many roundtables: nobody reads more, and near-duplicates are looked for among all of them.
MOST_CANDIDATES = 5000
# Themes and participants choose from a pool so many times as large as the list: their best needn't be among the best.
POOL = 3
_LOOK_BACK = 4  # turns: a question further back is no longer what is being answered


class Quoted(NamedTuple):
    """What the stage gives: the candidates, and everything a reader needs beside them."""

    quotes: pd.DataFrame
    reasons: pd.DataFrame
    themes: pd.DataFrame
    contexts: pd.DataFrame
    theme_hearings: pd.DataFrame
    hearings: pd.DataFrame
    omissions: pd.DataFrame
    learned: Learned  # how many of the reviewers' accepts and rejects weighed in, and how


def find_quotes(
    statements: pd.DataFrame,
    turns: pd.DataFrame,
    tokens: pd.DataFrame,
    vectors: t.VectorSet,
    themes: pd.DataFrame,
    assignments: pd.DataFrame,
    participants: pd.DataFrame,
    *,
    decisions: Sequence[Decision] = (),
    per_theme: int = 12,
    per_roundtable: int = 120,
    encoder: Encoder | None = None,
    closer: Encoder | None = None,
    memory: Memory | None = None,
) -> Quoted:
    """Candidate quotes, best first, with reasons, risk, context and who is heard.

    Each is a span of a turn by a participant who may be quoted; no two overlap or say the same thing. The list holds
    the best `per_roundtable` times the number of roundtables, each theme's `per_theme`, and the best of every
    participant who may be quoted; the others are omissions. The same tables give the same list, whatever the order of
    their rows; ties go by place. No chance is in it, and so no seed. `encoder` tells how a statement reads; it is asked
    where the vectors are of the model that its weights were learned beside, and without it the ranking is weaker.
    `closer`, beside it, reads the best of each transcript again. With a `memory`, transcripts whose statements were
    described before are not described again.
    """
    talk = _Talk.of(statements, turns, participants)
    own = _aligned(vectors, talk.rows)
    weights = weights_for(vectors.model, own.shape[1], reads=encoder is not None, closely=closer is not None)
    seen = described(talk.rows, talk.turns, tokens, own, memory=memory)
    read = encoder.encode([row.text for row in talk.rows]) if encoder and weights.reading else None
    closely = None
    if closer and weights.closer:
        before = weights_for(vectors.model, own.shape[1], reads=True).told(seen, own, talk.rows, read=read)
        closely = _read_closely(talk, before, seen.transcripts, closer)
    told = weights.told(seen, own, talk.rows, read=read, closely=closely)
    coded = talk.carry(t.carried(assignments))
    learned = learn(decisions, talk.rows, told, weights.constant + talk.raised(told, coded))
    told = told * np.array(learned.gains)
    scored = _candidates(talk, np.column_stack([told, talk.raised(told, coded)]))
    subjects = Subjects(talk.rows, t.THEMES.rows(themes), assignments)
    pool, omissions = _pool(talk, scored, own, per_roundtable, subjects)
    lists = fair.lists(
        pool,
        list(t.THEMES.rows(themes)),
        fair.leanings({row.statement_id: row.text for row in talk.rows}, t.carried(assignments)),
        per_theme=per_theme,
    )
    listed = _listed(talk, pool, lists, per_roundtable)
    omissions += _below(scored, pool, listed, omissions)
    return _tables(talk, scored, pool, lists, listed, signs(seen), learned, [*talk.without_consent(), *omissions])


@dataclass(frozen=True)
class _Talk:
    """The tables as rows, in one order."""

    rows: tuple[t.Statement, ...]  # by statement_id
    turns: Mapping[str, t.Turn]
    people: Mapping[str, t.Participant]

    @classmethod
    def of(cls, statements: pd.DataFrame, turns: pd.DataFrame, participants: pd.DataFrame) -> _Talk:
        rows = tuple(sorted(t.STATEMENTS.rows(statements), key=lambda statement: statement.statement_id))
        people = {person.pseudonym: person for person in t.PARTICIPANTS.rows(participants)}
        return cls(rows, {turn.turn_id: turn for turn in t.TURNS.rows(turns)}, people)

    def may_be_quoted(self, turn: t.Turn) -> bool:
        """Whether a participant said it who did not refuse, or one who is only guessed to facilitate.

        A guess is wrong in one transcript of seven, and would silence whoever asked the first question; the ranker has
        learned from chairs what they say.
        """
        at_the_table = turn.role == "participant" or self.perhaps_facilitates(turn)
        return at_the_table and self._consent(turn) not in t.NOT_QUOTED

    @cached_property
    def may_be_chosen(self) -> NDArray[np.bool_]:
        """Which statements may be quoted, and say something."""
        able = (row.kind not in SAYS_NOTHING and self.may_be_quoted(self.turns[row.turn_id]) for row in self.rows)
        return np.fromiter(able, dtype=bool, count=len(self.rows))

    @cached_property
    def welsh(self) -> NDArray[np.bool_]:
        """Which statements are in Welsh."""
        return np.array([row.language == t.WELSH for row in self.rows], dtype=bool)

    def in_welsh(self, candidate: Candidate) -> bool:
        """Whether it begins in Welsh."""
        return bool(self.welsh[candidate.first])

    def carry(self, assignments: pd.DataFrame) -> NDArray[np.bool_]:
        """Which statements carry a code, of these assignments."""
        coded = set(assignments.loc[assignments["origin"] == "codebook", "statement_id"])
        return np.fromiter((row.statement_id in coded for row in self.rows), dtype=bool, count=len(self.rows))

    def raised(self, told: Numbers, coded: NDArray[np.bool_]) -> Numbers:
        """What the statements' language adds to what `told` does."""
        return raised(told.sum(axis=1), self.welsh, self.may_be_chosen, coded=coded)

    def perhaps_facilitates(self, turn: t.Turn) -> bool:
        """Whether its speaker was guessed to be the facilitator."""
        person = self.people.get(turn.speaker)
        return turn.role == "facilitator" and person is not None and person.role_is_guess

    def without_consent(self) -> Iterator[t.Omission]:
        """What can't be chosen because of its speaker's consent, a statement at a time."""
        for row in self.rows:
            turn = self.turns[row.turn_id]
            if turn.role == "participant" and self._consent(turn) in t.NOT_QUOTED:
                reason = f"may not be quoted: {self._consent(turn)}"
                yield t.Omission("quotes", row.statement_id, f"{row.start}-{row.end}", reason, row.end - row.start)

    def _consent(self, turn: t.Turn) -> str:
        person = self.people.get(turn.speaker)
        return person.consent if person else "quote_without_attribution"

    def text(self, candidate: Candidate) -> str:
        """The words, cut out of their turn."""
        return self.turns[candidate.turn_id].text[candidate.start : candidate.end]


def _aligned(vectors: t.VectorSet, rows: Sequence[t.Statement]) -> NDArray[np.float32]:
    """The statements' own vectors, a row each."""
    place = {statement_id: row for row, statement_id in enumerate(vectors.ids)}
    return vectors.own[[place[row.statement_id] for row in rows]] if rows else vectors.own[:0]


def _read_closely(talk: _Talk, told: Numbers, transcripts: Sequence[str], closer: Encoder) -> ReadClosely:
    """What the third encoder gives of the statements that stand highest without it."""
    may_be = np.array([talk.may_be_quoted(talk.turns[row.turn_id]) for row in talk.rows], dtype=bool)
    may_be &= ~talk.welsh  # which it can't read
    rows = worth_a_closer_look(told.sum(axis=1), transcripts, may_be)
    return ReadClosely(rows, closer.encode([talk.rows[row].text for row in rows]))


def _candidates(talk: _Talk, told: Numbers) -> list[Scored]:
    """Scored candidates that don't overlap, best first."""
    found = [one for one in spans(talk.rows, talk.turns) if talk.may_be_quoted(talk.turns[one.turn_id])]
    lengths = np.array([row.end - row.start for row in talk.rows], dtype=np.float64)
    return apart(score(found, told, lengths))


def _pool(
    talk: _Talk,
    scored: Sequence[Scored],
    own: NDArray[np.float32],
    per_roundtable: int,
    subjects: Subjects,
) -> tuple[fair.Pool, list[t.Omission]]:
    """What the lists choose from, and the near-duplicates that it leaves out."""
    texts = [talk.text(one.candidate) for one in scored]
    vectors = np.array([_meaning(one.candidate, talk.rows, own) for one in scored], dtype=np.float32)
    most = min(MOST_CANDIDATES, POOL * _limit(talk, per_roundtable))
    kept, duplicates = folded(scored, texts, vectors.reshape(len(scored), own.shape[1]), most=most)
    kept = sorted({*kept, *_first_of_each(talk, scored, echoes={echo for echo, _ in duplicates})})
    omissions = [
        t.Omission(
            "quotes",
            scored[one].candidate.quote_id,
            "",
            f"near-duplicate of {scored[other].candidate.quote_id}",
            len(texts[one]),
        )
        for one, other in duplicates
        if one not in kept
    ]
    chosen = [scored[index] for index in kept]
    said_in = [talk.turns[one.candidate.turn_id] for one in chosen]
    pool = fair.Pool(
        chosen,
        [texts[index] for index in kept],
        vectors[kept],
        [turn.speaker for turn in said_in],
        [turn.roundtable_id for turn in said_in],
        [turn.language for turn in said_in],
        [subjects.carried(one.candidate) for one in chosen],
        [subjects.of(one.candidate) for one in chosen],
    )
    return pool, omissions


def _limit(talk: _Talk, per_roundtable: int) -> int:
    return per_roundtable * max(1, len({turn.roundtable_id for turn in talk.turns.values()}))


def _first_of_each(talk: _Talk, scored: Sequence[Scored], *, echoes: Set[int] = frozenset()) -> list[int]:
    """The best candidate of every participant; one that says again what another says only where they have no other."""
    first: dict[str, int] = {}
    for index in sorted(range(len(scored)), key=lambda index: (index in echoes, index)):
        first.setdefault(talk.turns[scored[index].candidate.turn_id].speaker, index)
    return sorted(first.values())


def _meaning(candidate: Candidate, rows: Sequence[t.Statement], own: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean of its statements' vectors, by their length; of length 1."""
    lengths = np.array([rows[row].end - rows[row].start for row in candidate.rows], dtype=np.float32)
    mean = lengths @ own[list(candidate.rows)]
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float32)


def _listed(talk: _Talk, pool: fair.Pool, lists: fair.Lists, per_roundtable: int) -> list[int]:
    """The pool's candidates that make the list, best first."""
    best = range(min(_limit(talk, per_roundtable), len(pool.scored)))
    return sorted({*best, *(row.index for row in lists.chosen), *_first_of_each(talk, pool.scored)})


def _below(
    scored: Sequence[Scored], pool: fair.Pool, listed: Sequence[int], omitted: Iterable[t.Omission]
) -> list[t.Omission]:
    """The candidates that no list has room for: a near-duplicate may name one of them."""
    told = {pool.scored[index].candidate.quote_id for index in listed} | {one.subject_id for one in omitted}
    left = (one.candidate for one in scored if one.candidate.quote_id not in told)
    return [t.Omission("quotes", one.quote_id, "", "not among the best", one.end - one.start) for one in left]


def _tables(
    talk: _Talk,
    scored: Sequence[Scored],
    pool: fair.Pool,
    lists: fair.Lists,
    listed: Sequence[int],
    shown: Signs,
    learned: Learned,
    omissions: Sequence[t.Omission],
) -> Quoted:
    chosen = [*lists.chosen, *_further(pool, lists, listed)]
    usual = _usual(scored)
    quotes = list(_quotes(talk, pool, chosen, listed, usual, shown))
    contexts = _Contexts(talk)
    reasons: list[t.QuoteReason] = []
    for index in listed:
        one = pool.scored[index]
        quote_id = one.candidate.quote_id
        reasons.extend(reason_rows(quote_id, one, usual, shown, welsh=talk.in_welsh(one.candidate)))
        if learned.seen:
            words = f"weighed after {learned.accepted} accepted and {learned.rejected} rejected quotes"
            reasons.append(t.QuoteReason(quote_id, PROJECT, 0.0, words))
    return Quoted(
        t.QUOTES.frame(quotes),
        t.QUOTE_REASONS.frame(reasons),
        t.QUOTE_THEMES.frame(
            t.QuoteTheme(
                pool.scored[row.index].candidate.quote_id,
                row.theme_id,
                row.rank,
                pool.scored[row.index].score,
                row.dissent,
            )
            for row in chosen
        ),
        t.QUOTE_CONTEXTS.frame(contexts.of(pool.scored[index].candidate) for index in listed),
        t.THEME_HEARINGS.frame(lists.hearings),
        t.HEARINGS.frame(_hearings(talk, quotes)),
        t.OMISSIONS.frame(omissions),
        learned,
    )


def _further(pool: fair.Pool, lists: fair.Lists, listed: Sequence[int]) -> Iterator[fair.InTheme]:
    """The listed candidates that their themes' own lists had no room for, after those that they had."""
    placed = {(row.index, row.theme_id) for row in lists.chosen}
    last = Counter(row.theme_id for row in lists.chosen)
    for index in listed:
        for theme in pool.speaks_for[index]:
            if (index, theme) not in placed:
                last[theme] += 1
                yield fair.InTheme(index, theme, last[theme], pool.announced[index])


def _quotes(
    talk: _Talk,
    pool: fair.Pool,
    chosen: Iterable[fair.InTheme],
    listed: Sequence[int],
    usual: Sequence[tuple[float, float]],
    shown: Signs,
) -> Iterator[t.Quote]:
    place = {(row.index, row.theme_id): row for row in chosen}
    ranks = _ranks(pool, place, listed)
    tables = _Tables(talk)
    for overall_rank, index in enumerate(listed, start=1):
        one, candidate = pool.scored[index], pool.scored[index].candidate
        turn = talk.turns[candidate.turn_id]
        main = next(iter(pool.speaks_for[index]), "")
        found = disclosure(
            pool.texts[index],
            speaker=talk.people.get(turn.speaker),
            table=tables.sat_at(turn.roundtable_id),
            same_language=tables.spoke(turn),
        )
        checks = tuple(f"check: {words}" for words in found.reasons[:1])
        if talk.perhaps_facilitates(turn):
            checks = ("check: its speaker may be the facilitator", *checks)
        yield t.Quote(
            quote_id=candidate.quote_id,
            theme_id=main,
            rank=ranks[index],
            overall_rank=overall_rank,
            score=one.score,
            statement_ids=candidate.statement_ids,
            turn_id=candidate.turn_id,
            start=candidate.start,
            end=candidate.end,
            text=pool.texts[index],
            speaker=turn.speaker,
            reasons=(*in_short(one, usual, shown, welsh=talk.in_welsh(candidate)), *checks),
            risk=found.risk,
            risk_reasons=found.reasons,
            dissent=bool(main) and place[index, main].dissent,
        )


def _ranks(pool: fair.Pool, place: Mapping[tuple[int, str], fair.InTheme], listed: Sequence[int]) -> dict[int, int]:
    """The place of each candidate among those of its main theme, in the order of the theme's list.

    In the list itself stand others that speak for the theme too: by their places most themes would have no first.
    """
    of_theme: dict[str, list[int]] = defaultdict(list)
    for index in listed:
        of_theme[next(iter(pool.speaks_for[index]), "")].append(index)
    ordered = (
        sorted(mine, key=lambda index: place[index, theme].rank) if theme else mine for theme, mine in of_theme.items()
    )
    return {index: rank for mine in ordered for rank, index in enumerate(mine, start=1)}


def _usual(scored: Sequence[Scored]) -> list[tuple[float, float]]:
    """The mean and spread of what each group adds, among all candidates."""
    if not scored:
        return []
    told = np.array([one.told for one in scored])
    mean, spread = told.mean(axis=0), told.std(axis=0)
    # Held against a whole statement that stands alone, which nothing was added to and nothing cut from.
    # And against English, which no language is held against.
    for group in (LENGTH, LANGUAGE):
        mean[TOLD.index(group)] = 0.0
    return list(zip(mean.tolist(), spread.tolist(), strict=True))


class _Tables:
    """Who sat at each roundtable, and who of them spoke which language there."""

    def __init__(self, talk: _Talk) -> None:
        said = {(turn.roundtable_id, turn.speaker) for turn in talk.turns.values() if turn.role == "participant"}
        self._sat = {
            name: [
                person
                for person in sorted(talk.people.values(), key=lambda person: person.pseudonym)
                if person.role == "participant" and (name in person.roundtable_ids or (name, person.pseudonym) in said)
            ]
            for name in sorted({turn.roundtable_id for turn in talk.turns.values()})
        }
        self._spoke: dict[tuple[str, str], set[str]] = defaultdict(set)
        for turn in talk.turns.values():
            if turn.role == "participant":
                self._spoke[turn.roundtable_id, turn.language].add(turn.speaker)

    def sat_at(self, roundtable_id: str) -> Sequence[t.Participant]:
        """The participants, facilitators and observers out."""
        return self._sat[roundtable_id]

    def spoke(self, turn: t.Turn) -> int | None:
        """How many spoke the turn's language at its roundtable; None where nobody spoke another."""
        languages = {language for name, language in self._spoke if name == turn.roundtable_id}
        return len(self._spoke[turn.roundtable_id, turn.language]) if len(languages) > 1 else None


class _Contexts:
    """What stands around a candidate: the turns beside it, and the question that it answers."""

    def __init__(self, talk: _Talk) -> None:
        self._turns = talk.turns
        ordered: dict[str, list[t.Turn]] = defaultdict(list)
        for turn in sorted(talk.turns.values(), key=lambda turn: (turn.transcript_id, turn.index, turn.turn_id)):
            ordered[turn.transcript_id].append(turn)
        self._ordered = ordered
        self._place = {turn.turn_id: place for listed in ordered.values() for place, turn in enumerate(listed)}
        self._asked: dict[str, t.Statement] = {}
        for row in talk.rows:
            if row.kind == "question" or row.text.rstrip(" \"'”’").endswith("?"):
                self._asked[row.turn_id] = row  # the last of the turn: the one that is left in the air

    def of(self, candidate: Candidate) -> t.QuoteContext:
        """The candidate's row of the table quote_contexts."""
        turn = self._turns[candidate.turn_id]
        beside, place = self._ordered[turn.transcript_id], self._place[turn.turn_id]
        asked = self._question(turn, beside[max(0, place - _LOOK_BACK) : place])
        return t.QuoteContext(
            candidate.quote_id,
            asked.turn_id if asked else "",
            asked.start if asked else 0,
            asked.end if asked else 0,
            beside[place - 1].turn_id if place else "",
            beside[place + 1].turn_id if place + 1 < len(beside) else "",
            turn.start_s,
            turn.language,
        )

    def _question(self, turn: t.Turn, before: Sequence[t.Turn]) -> t.Statement | None:
        """The last question that somebody else asked before the turn."""
        asked = [
            self._asked[one.turn_id] for one in before if one.speaker != turn.speaker and one.turn_id in self._asked
        ]
        return asked[-1] if asked else None


def _hearings(talk: _Talk, quotes: Sequence[t.Quote]) -> Iterator[t.Hearing]:
    """Every participant: how much they said, and what of it is a candidate, or why nothing is."""
    said = Counter(talk.turns[row.turn_id].speaker for row in talk.rows if row.kind in ("substantive", "question"))
    found: dict[str, list[str]] = defaultdict(list)
    for quote in quotes:
        found[quote.speaker].append(quote.quote_id)
    for name, person in sorted(talk.people.items()):
        if person.role == "participant":
            heard = found[name]
            reason = "" if heard else _why_not(person, said[name])
            yield t.Hearing(name, said[name], len(heard), heard[0] if heard else "", reason)


def _why_not(person: t.Participant, n_statements: int) -> str:
    if person.consent in t.NOT_QUOTED:
        return f"may not be quoted: {person.consent}"
    return "said nothing of substance" if not n_statements else "nothing that could stand as a quote"
