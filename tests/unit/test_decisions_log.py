"""The log on disk: nothing that was decided is lost, and nothing is in it twice."""

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipeline.decisions import Decision, LogReader, Span, append, forget, log_files, merge, read_log, reviewer_slug
from pipeline.errors import DecisionError
from pipeline.tables import OMISSIONS, TURNS, WITHDRAWN, Omission, Turn

TEXT = "It is not good policy if nobody can deliver it."


def decision(
    name: str, *, by: str = "megan", kind: str = "quote", action: str = "accept", text: str = TEXT
) -> Decision:
    return Decision(
        decision_id=name,
        at="2026-04-22T09:00:00Z",
        by=by,
        kind=kind,
        action=action,
        subject=(Span.cut("rt1:t0001", text, 0, len(text)),),
    )


def test_what_is_appended_is_read_back_in_order_of_time(tmp_path: Path) -> None:
    append(tmp_path, [decision("b"), decision("a")])
    append(tmp_path, [decision("c")])
    assert [found.decision_id for found in read_log(log_files(tmp_path))] == ["b", "a", "c"]


def test_what_is_decided_on_a_code_stands_without_the_words_it_was_found_by(tmp_path: Path) -> None:
    """And a theme that nothing else names is gone with its words."""
    anchor = [Span.cut("rt1:t0002", TEXT, 0, len(TEXT)).model_dump()]
    move = decision("a", kind="coding", action="move").model_copy(update={"value": {"theme_anchor": anchor}})
    coded = move.model_copy(update={"decision_id": "b", "value": {"theme_code": "trust", "theme_anchor": anchor}})
    merge_codes = {"into_code": "trust", "into": anchor}
    merged = decision("c", kind="theme", action="merge").model_copy(update={"value": merge_codes})
    append(tmp_path, [move, coded, merged])
    assert forget(tmp_path, {"rt1:t0002"}) == 1
    left = {one.decision_id: one.value for one in read_log(log_files(tmp_path))}
    assert left == {"b": {"theme_code": "trust", "theme_anchor": []}, "c": {"into_code": "trust", "into": []}}


def test_a_request_that_is_sent_twice_is_written_once(tmp_path: Path) -> None:
    append(tmp_path, [decision("a")])
    assert append(tmp_path, [decision("a")]) == []
    assert len(read_log(log_files(tmp_path))) == 1


def test_whatever_an_id_is_made_of_its_decision_is_written_once(tmp_path: Path) -> None:
    names = ["a", "ab", 'Siân, "a"', "C:\\a"]
    append(tmp_path, [decision(name) for name in names])
    assert append(tmp_path, [decision(name) for name in [*names, "b", "b"]]) == read_log(log_files(tmp_path))[-1:]
    assert [found.decision_id for found in read_log(log_files(tmp_path))] == [*names, "b"]


def test_times_never_go_back_within_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "review"
    folder.mkdir()
    late = decision("late").model_copy(update={"at": "2999-01-01T00:00:00.000000Z"})
    (folder / "decisions-megan.jsonl").write_text(late.model_dump_json() + "\n", encoding="utf-8")
    [written] = append(tmp_path, [decision("later still")])
    assert written.at == "2999-01-01T00:00:00.000001Z"


def test_a_line_cut_short_by_a_power_cut_costs_that_line_only(tmp_path: Path) -> None:
    append(tmp_path, [decision("a"), decision("b", text="Siân’s words: caffè, ŵ, 🙂")])
    [path] = log_files(tmp_path)
    whole = path.read_bytes()
    for length in range(len(whole.split(b"\n")[0]) + 1, len(whole) - 1, 7):
        path.write_bytes(whole[:length])
        assert [found.decision_id for found in read_log([path])] == ["a"]
    append(tmp_path, [decision("c")])
    assert [found.decision_id for found in read_log([path])] == ["a", "c"]


def test_a_spoilt_line_in_the_middle_is_named(tmp_path: Path) -> None:
    append(tmp_path, [decision("a"), decision("b")])
    [path] = log_files(tmp_path)
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([lines[0][:20], *lines[1:]]))
    with pytest.raises(DecisionError, match="line 1: not a decision"):
        read_log([path])


def test_what_stands_after_a_spoilt_line_is_not_passed_over_when_it_is_read_again(tmp_path: Path) -> None:
    append(tmp_path, [decision("a"), decision("b")])
    [path] = log_files(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(b"spoilt\n" + whole)
    reader = LogReader(tmp_path)
    for _ in range(2):
        with pytest.raises(DecisionError, match="line 1: not a decision; put back a copy"):
            reader.read()
    path.write_bytes(whole)
    assert [found.decision_id for found in reader.read()] == ["a", "b"]


def test_a_file_that_was_cut_short_on_its_way_is_not_merged_without_its_last_decision(tmp_path: Path) -> None:
    append(tmp_path / "theirs", [decision("a"), decision("b")])
    [path] = log_files(tmp_path / "theirs")
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(DecisionError, match="line 2: not a decision"):
        merge(tmp_path / "ours", [path])
    assert log_files(tmp_path / "ours") == []


def test_nothing_is_added_after_a_spoilt_line_and_it_is_named(tmp_path: Path) -> None:
    append(tmp_path, [decision("a")])
    [path] = log_files(tmp_path)
    path.write_bytes(path.read_bytes() + b"spoilt\n")
    with pytest.raises(DecisionError, match="line 2: not a decision"):
        append(tmp_path, [decision("b")])


def test_decisions_on_names_stay_in_private(tmp_path: Path) -> None:
    append(tmp_path, [decision("n", kind="redaction", action="keep", text="Dawn"), decision("q")])
    assert [path.parent.name for path in log_files(tmp_path)] == ["private", "review"]
    assert "Dawn" not in (tmp_path / "review" / "decisions-megan.jsonl").read_text(encoding="utf-8")
    assert (tmp_path / "private" / "decisions-megan.jsonl").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "", "..", "Siân", "CON\\x", "x" * 300])
def test_a_reviewers_name_is_never_a_path(name: str) -> None:
    slug = reviewer_slug(name)
    assert slug and all(letter.isascii() and (letter.isalnum() or letter == "-") for letter in slug)
    assert len(slug) < 60


def test_two_reviewers_never_share_a_file() -> None:
    names = ["megan", "Megan", "mégan", "megan!", "megan ", "meg an"]
    assert len({reviewer_slug(name) for name in names}) == len(names)


def test_two_windows_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    def write(window: int) -> None:
        for number in range(25):
            append(tmp_path, [decision(f"{window}-{number}")])

    with ThreadPoolExecutor(4) as windows:
        list(windows.map(write, range(4)))
    assert len(read_log(log_files(tmp_path))) == 100


def test_a_reader_takes_what_others_wrote_since_and_keeps_its_order(tmp_path: Path) -> None:
    reader = LogReader(tmp_path)
    append(tmp_path, [decision("z")])
    assert [found.decision_id for found in reader.read()] == ["z"]
    append(tmp_path, [decision("a", by="aled")])
    assert [found.decision_id for found in reader.read()] == ["z", "a"]


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX")
def test_a_reader_begins_anew_where_a_log_was_written_anew(tmp_path: Path) -> None:
    reader = LogReader(tmp_path)
    gone = decision("gone").model_copy(update={"subject": (Span.cut("rt1:t0009", TEXT, 0, len(TEXT)),)})
    append(tmp_path, [gone, decision("kept")])
    assert len(reader.read()) == 2
    forget(tmp_path, {"rt1:t0009"})
    append(tmp_path, [decision(f"later {nth}") for nth in range(3)])
    assert [one.decision_id for one in reader.read()] == ["kept", "later 0", "later 1", "later 2"]


def test_a_process_killed_in_the_middle_loses_at_most_its_last_line(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from pipeline.decisions import Decision, append\n"
        "for n in range(10**6):\n"
        "    made = Decision(decision_id=str(n), at='', by='megan', kind='quote', action='maybe')\n"
        "    append(Path(sys.argv[1]), [made])\n"
        "    print(n, flush=True)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        told = [int(writer.stdout.readline()) for _ in range(30)]
        writer.send_signal(signal.SIGKILL)
        told += [int(line) for line in writer.stdout.read().split()]
    kept = {int(found.decision_id) for found in read_log(log_files(tmp_path))}
    assert set(told) <= kept


def written(tmp_path: Path, name: str, *decisions: Decision) -> Path:
    path = tmp_path / name
    path.write_text("".join(found.model_dump_json() + "\n" for found in decisions), encoding="utf-8")
    return path


def test_a_merge_takes_any_number_of_files_and_twice_is_as_good_as_once(tmp_path: Path) -> None:
    run = tmp_path / "run"
    files = [
        written(tmp_path, "a.jsonl", decision("1", by="aled"), decision("2", by="aled")),
        written(tmp_path, "b.jsonl", decision("3", by="bethan")),
    ]
    merged = merge(run, files)
    assert (merged.added, merged.already_there, merged.by) == (3, 0, ("aled", "bethan"))
    again = merge(run, files)
    assert (again.added, again.already_there) == (0, 3)
    assert [path.name for path in log_files(run)] == ["decisions-aled.jsonl", "decisions-bethan.jsonl"]
    assert [found.at for found in read_log(log_files(run))] == ["2026-04-22T09:00:00Z"] * 3


def test_words_that_somebody_retyped_are_refused_and_nothing_is_added(tmp_path: Path) -> None:
    told = decision("1").model_dump(mode="json")
    told["subject"][0]["text"] = told["subject"][0]["text"].replace("not good", "very good")
    path = tmp_path / "retyped.jsonl"
    path.write_text(
        json.dumps(decision("0").model_dump(mode="json")) + "\n" + json.dumps(told) + "\n", encoding="utf-8"
    )
    with pytest.raises(DecisionError, match="don't fit their hash"):
        merge(tmp_path / "run", [path])
    assert log_files(tmp_path / "run") == []


def test_one_id_for_two_decisions_is_refused(tmp_path: Path) -> None:
    merge(tmp_path / "run", [written(tmp_path, "a.jsonl", decision("1"))])
    with pytest.raises(DecisionError, match="two different things"):
        merge(tmp_path / "run", [written(tmp_path, "b.jsonl", decision("1", action="reject"))])


@pytest.mark.parametrize("content", ["not json\n\n", '{"decision_id": 3}\nx', "[]\n", "\x00\n"])
def test_a_file_that_is_no_log_says_what_would_be(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DecisionError, match=r"takes the \.jsonl files"):
        merge(tmp_path / "run", [path])


def test_what_was_carried_here_and_written_here_too_is_one_decision(tmp_path: Path) -> None:
    append(tmp_path / "run", [decision("one")])
    assert merge(tmp_path / "run", [written(tmp_path, "carried.jsonl", decision("one"))]).already_there == 1


def test_two_decisions_of_one_id_in_one_file_are_refused_too(tmp_path: Path) -> None:
    one = decision("one")
    file = written(tmp_path, "file.jsonl", one, one.model_copy(update={"action": "reject"}))
    with pytest.raises(DecisionError, match="two different things"):
        merge(tmp_path / "run", [file])


@pytest.mark.parametrize("at", ["yesterday", "2026-05-01", "2026-05-01 10:00", ""])
def test_a_decision_whose_time_is_none_is_named(tmp_path: Path, at: str) -> None:
    file = written(tmp_path, "file.jsonl", decision("one").model_copy(update={"at": at}))
    with pytest.raises(DecisionError, match="line 1: not a decision"):
        merge(tmp_path / "run", [file])


def test_an_action_that_nobody_knows_is_refused_and_says_what_can_be_said(tmp_path: Path) -> None:
    file = written(tmp_path, "file.jsonl", decision("one", action="acept"))
    with pytest.raises(DecisionError, match='says "acept" of a quote; what can be said is accept, maybe, reject, '):
        merge(tmp_path / "run", [file])


def test_a_file_that_an_editor_marked_with_its_encoding_is_merged(tmp_path: Path) -> None:
    file = written(tmp_path, "file.jsonl", decision("one"))
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert merge(tmp_path / "run", [file]).added == 1


def test_what_is_decided_after_a_merge_is_the_latest_in_whatever_order_the_files_came(tmp_path: Path) -> None:
    run = tmp_path / "run"
    fast_clock = decision("fast").model_copy(update={"at": "2999-01-01T00:00:00.000000Z"})
    for nth, one in enumerate((fast_clock, decision("slow"))):
        merge(run, [written(tmp_path, f"{nth}.jsonl", one)])
    append(run, [decision("last")])
    assert read_log(log_files(run))[-1].decision_id == "last"


def test_a_file_from_before_somebody_withdrew_brings_none_of_their_words_back(tmp_path: Path) -> None:
    run, anchor = tmp_path / "run", [Span.cut(f"rt1:t000{n}", TEXT, 0, len(TEXT)).model_dump() for n in (1, 2)]
    stays = decision("stays").model_copy(update={"value": {"theme_anchor": anchor}})
    theirs = decision("theirs").model_copy(update={"subject": (Span.cut("rt1:t0002", TEXT, 0, len(TEXT)),)})
    file = written(tmp_path, "file.jsonl", stays, theirs)
    merge(run, [file])
    forget(run, {"rt1:t0002"})
    OMISSIONS.write(OMISSIONS.frame([Omission("ingest", "rt1:t0002", "", WITHDRAWN, len(TEXT))]), run)
    again = merge(run, [file])
    assert (again.added, again.already_there, again.withdrawn) == (0, 1, 1)
    [log] = log_files(run)
    assert "rt1:t0002" not in log.read_text(encoding="utf-8")


def test_a_merge_tells_how_many_decisions_are_about_words_of_another_run(tmp_path: Path) -> None:
    run = tmp_path / "run"
    turn = Turn("rt1:t0001", "rt1", "rt1", 1, "P01", "participant", "en", TEXT, 0.0, 5.0)
    TURNS.write(TURNS.frame([turn]), run)
    file = written(tmp_path, "file.jsonl", decision("here"), decision("other", text="We met in a chapel."))
    assert merge(run, [file]).elsewhere == 1


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DecisionError, match=r"no file .*gone\.jsonl"):
        merge(tmp_path / "run", [tmp_path / "gone.jsonl"])


def test_a_span_that_is_longer_than_its_words_is_refused(tmp_path: Path) -> None:
    """Its hash fits, and it would print what stands after them."""
    whole = decision("a")
    [span] = whole.subject
    longer = whole.model_copy(update={"subject": (span.model_copy(update={"end": span.end + 9}),)})
    (tmp_path / "decisions.jsonl").write_text(longer.model_dump_json() + "\n", encoding="utf-8")
    with pytest.raises(DecisionError, match="don't fit their hash"):
        merge(tmp_path / "run", [tmp_path / "decisions.jsonl"])
