"""The chain over parts on disk: the same rows as in memory, whatever happens on the way."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from nbhelpers import cli
from nbhelpers.annotate import annotate, estimate
from nbhelpers.annotation import engines, stages, steps, texts, work
from nbhelpers.annotation.database import spill_folder
from nbhelpers.annotation.passages import PASSAGES
from nbhelpers.annotation.stages import READING, STAGES, VOICES, Made, tables_of, whole_tables
from nbhelpers.annotation.statements import STATEMENTS
from nbhelpers.annotation.work import Job, Task
from nbhelpers.corpus import InputError, load_corpus
from nbhelpers.corroboration import claim_groups, joins, provenance, verdicts
from nbhelpers.loading import parts
from nbhelpers.loading.parts import part_files, part_path, read_part, write_part
from nbhelpers.overview.documents import documents
from nbhelpers.reuse import passages
from nbhelpers.sources import sources
from nbhelpers.stance import stances
from nbhelpers.utterances import utterances
from nbhelpers.voices import density

FOOTER = "Share this article with your friends and family now"
STORIES = (
    "“The harbour is safe,” President Ann Lee said on Monday. Some 300 ships left for Oslo.",
    "Lee said that 1,200 soldiers had been sent to Norway, according to the Daily Herald.",
    "The Foreign Ministry of Norway denied it. “That is a lie,” its spokesman Bob Hay said.",
    "Hay told reporters on Tuesday that Norway would protest. He called Lee a reckless leader.",
    "Two officials, who asked not to be named, confirmed that 1,200 soldiers were in Norway.",
    "It rained in Oslo. The mayor, Eva Berg, praised the soldiers for their help on 3 May 2024.",
    "Berg added: “We thank them.” She also said that Norway had been wrong about Ann Lee.",
    "Ms. Lee told the assembly on Monday that some 1,200 soldiers had now been sent to Norway.",
)


def write_texts(folder: Path, stories=STORIES) -> Path:
    folder.mkdir()
    for number, story in enumerate(stories):
        (folder / f"text{number}.txt").write_text(f"{story}\n\n{FOOTER}\n", encoding="utf-8")
    return folder


@pytest.fixture
def corpus_path(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(texts, "PART_TEXTS", 3)
    monkeypatch.setattr("nbhelpers.annotate._WORTH_PROCESSES", 1)
    return write_texts(tmp_path / "news")


def made() -> dict[str, Made]:
    by_part = {name: table for stage in STAGES for name, table in tables_of(stage, "fast").items()}
    return whole_tables("fast") | by_part


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*.parquet"))
        if path.is_file()
    }


def run(source: Path, out: Path, **options):
    return annotate(source, out=out, model="fast", **{"workers": 1, **options})


# The rows


def test_any_folder_name_will_do(corpus_path, tmp_path):
    out = tmp_path / "Bob's run [2], all* of it?"
    run(corpus_path, out)
    run(corpus_path, tmp_path / "plain")
    assert content(out) == content(tmp_path / "plain")


def test_the_rows_are_those_of_the_functions_in_memory(corpus_path, tmp_path):
    run(corpus_path, tmp_path / "out")
    stored, fresh = load_corpus(tmp_path / "out"), load_corpus(corpus_path)
    assert len(part_files(tmp_path / "out", "texts")) == 3
    pd.testing.assert_frame_equal(stored.metadata, fresh.metadata)
    for name, table in made().items():
        expected = table.function(fresh, **table.options)
        found = table.function(stored, **table.options)
        pd.testing.assert_frame_equal(found, expected, obj=name)
        assert name == "repeated_lines" or not expected.empty or name == "damage"
    pd.testing.assert_frame_equal(sources(stored, model="fast"), sources(fresh, model="fast"))


def test_what_is_shared_by_texts_has_the_rows_of_the_functions_in_memory(corpus_path, tmp_path):
    run(corpus_path, tmp_path / "out")
    fresh = load_corpus(corpus_path)
    assert not utterances(fresh, model="fast").empty
    for function in (utterances, claim_groups, verdicts, provenance, joins):
        expected = function(fresh, model="fast")
        found = pd.read_parquet(tmp_path / "out" / f"{function.__name__}.parquet")
        pd.testing.assert_frame_equal(found, expected, obj=function.__name__)
    assert (joins(fresh, model="fast")["kind"] == "utterance").any()


def test_every_table_is_read_with_pandas(corpus_path, tmp_path):
    annotation = run(corpus_path, tmp_path / "out")
    fresh = load_corpus(corpus_path)
    listed = pd.read_parquet(tmp_path / "out" / "sources.parquet")
    pd.testing.assert_frame_equal(listed, sources(fresh, model="fast"))
    assert set(pd.read_parquet(tmp_path / "out/documents.parquet").doc_id) == set(fresh.doc_ids)
    manifest = json.loads((tmp_path / "out/manifest.json").read_text())
    for name, entry in manifest["tables"].items():
        rows = len(pd.read_parquet(tmp_path / "out" / f"{name}.parquet"))
        assert rows == entry["rows"] == annotation.rows[name]
    assert manifest["input"]["texts"] == len(STORIES)


def test_nothing_is_computed_again_from_a_folder(corpus_path, tmp_path, monkeypatch):
    run(corpus_path, tmp_path / "out")
    monkeypatch.setattr("nbhelpers.naming.relations.load_model", None)  # would be called
    stored = load_corpus(tmp_path / "out")
    assert stored.model == "fast"
    assert not stances(stored, model="fast").empty
    assert density(stored, model="fast")["statements"].sum() > 5


def test_what_was_read_is_not_asked_for_again(corpus_path, tmp_path):
    run(corpus_path, tmp_path / "out")
    with pytest.raises(InputError, match="its columns and metadata were read then"):
        load_corpus(tmp_path / "out", metadata="metadata.csv")


def test_a_person_keeps_the_name_that_another_part_gives(corpus_path, tmp_path):
    run(corpus_path, tmp_path / "out")
    last = load_corpus(tmp_path / "out").subset(["text1"])
    assert "Ann Lee" in set(sources(last, model="fast")["name"])


@pytest.mark.slow
def test_several_processes_write_the_same_bytes_as_one(corpus_path, tmp_path):
    run(corpus_path, tmp_path / "one")
    run(corpus_path, tmp_path / "two", workers=2)
    assert content(tmp_path / "one") == content(tmp_path / "two")


@pytest.mark.slow
def test_a_dask_cluster_writes_the_same_bytes_though_a_worker_is_killed(corpus_path, tmp_path):
    distributed = pytest.importorskip("distributed")
    run(corpus_path, tmp_path / "one")
    out = tmp_path / "dask"
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with distributed.LocalCluster(**options) as cluster:
        pids = [worker.pid for worker in cluster.workers.values()]

        def kill_midway():
            while not any((out / "work").glob("reading-*.json")):
                time.sleep(0.01)
            os.kill(pids[0], signal.SIGKILL)

        killer = threading.Thread(target=kill_midway, daemon=True)
        killer.start()
        run(corpus_path, out, scheduler=cluster.scheduler_address)
        killer.join(timeout=10)
    assert not killer.is_alive()
    assert content(tmp_path / "one") == content(out)


@pytest.fixture
def scheduler(tmp_path):
    """A Dask scheduler and a worker, processes of their own; gives the first, and its address."""
    pytest.importorskip("distributed")
    file = tmp_path / "scheduler.json"
    python = [sys.executable, "-m"]
    common = ["--scheduler-file", str(file), "--no-dashboard"]
    first = subprocess.Popen([*python, "distributed.cli.dask_scheduler", "--port", "0", *common])
    wait_for(lambda: file.exists() and file.read_text().endswith("}"), first)
    worker = [*python, "distributed.cli.dask_worker", "--nthreads", "1", *common]
    second = subprocess.Popen([*worker, "--death-timeout", "10"])
    yield first, json.loads(file.read_text())["address"]
    for process in (first, second):
        process.kill()
        process.wait()


@pytest.mark.slow
def test_a_killed_scheduler_is_named_and_the_run_goes_on_without(corpus_path, tmp_path, scheduler):
    process, address = scheduler
    run(corpus_path, tmp_path / "one")
    out = tmp_path / "out"
    arguments = command(corpus_path, out)
    arguments[arguments.index("--workers") :] = ["--scheduler", address]
    annotating = subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: any((out / "work").glob("reading-*.json")), annotating)
    process.kill()
    _, told = annotating.communicate(timeout=120)
    if annotating.returncode:  # else it was faster
        assert annotating.returncode == cli.UNUSABLE
        assert "the Dask scheduler is gone" in told.splitlines()[-1]
    finished = subprocess.run(command(corpus_path, out), capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
    assert content(tmp_path / "one") == content(out)


# Large corpora


def test_of_a_larger_corpus_texts_are_drawn_by_lot(corpus_path, tmp_path):
    run(corpus_path, tmp_path / "out")
    drawn = load_corpus(tmp_path / "out", sample=4)
    assert drawn.scope == "Texts: 4, drawn by lot from 8"
    assert drawn.doc_ids == load_corpus(corpus_path, sample=4).doc_ids
    everything = sources(load_corpus(corpus_path), model="fast").set_index("source_id")
    known = sources(drawn, model="fast").set_index("source_id")
    of_whole = everything.loc[known.index, ["name", "type", "country"]]
    pd.testing.assert_frame_equal(known[["name", "type", "country"]], of_whole)
    assert len(documents(drawn)) == 4
    assert load_corpus(corpus_path, sample=10).scope == "Texts: 8"


def test_a_sample_of_nothing_is_refused(corpus_path):
    with pytest.raises(InputError, match="A sample of 0 texts holds none; give 1 or more"):
        load_corpus(corpus_path, sample=0)


def test_an_estimate_comes_from_a_sample_and_leaves_nothing(corpus_path, tmp_path, monkeypatch):
    monkeypatch.setattr("nbhelpers.annotate.TRIED", 3)
    guess = estimate(corpus_path, model="fast")
    assert (guess.texts, guess.sampled) == (8, 3)
    assert guess.seconds > 0 < guess.size
    assert "8 texts" in guess.in_words(1)
    assert [path.name for path in tmp_path.iterdir()] == ["news"]


# What is broken off goes on


def test_what_is_done_is_not_done_again(corpus_path, tmp_path, monkeypatch):
    run(corpus_path, tmp_path / "out")
    before = content(tmp_path / "out")
    files = [path for path in (tmp_path / "out").rglob("*.parquet") if path.is_file()]
    stamps = {path: path.stat().st_mtime_ns for path in files}
    monkeypatch.setattr(stages, "_tables", None)  # would be called
    run(corpus_path, tmp_path / "out")
    assert content(tmp_path / "out") == before
    kept = {path for path in stamps if path.stat().st_mtime_ns == stamps[path]}
    assert {path.name for path in set(stamps) - kept} <= {"failed.parquet"}


@pytest.mark.parametrize("stage", STAGES)
def test_a_run_that_fails_midway_goes_on_to_the_same_bytes(
    corpus_path, tmp_path, monkeypatch, stage
):
    run(corpus_path, tmp_path / "whole")
    mark = work.mark

    def broken(folder, at, done, part=None):
        if (at, part) == (stage, 1):
            raise KeyboardInterrupt
        mark(folder, at, done, part)

    monkeypatch.setattr(stages, "mark", broken)
    with pytest.raises(KeyboardInterrupt):
        run(corpus_path, tmp_path / "out")
    with pytest.raises(InputError, match="not finished; give the command that began it again"):
        load_corpus(tmp_path / "out")
    monkeypatch.setattr(stages, "mark", mark)
    run(corpus_path, tmp_path / "out")
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def command(source: Path, out: Path) -> list[str]:
    script = "from nbhelpers import annotate; annotate._WORTH_PROCESSES = 1; "
    script += "from nbhelpers.annotation import texts; texts.PART_TEXTS = 3; "
    script += "import sys; from nbhelpers.cli import main; sys.exit(main(sys.argv[1:]))"
    options = ["--out", str(out), "--model", "fast", "--workers", "2"]
    return [sys.executable, "-c", script, "annotate", str(source), *options]


@pytest.mark.slow
def test_killed_workers_and_parents_change_nothing(corpus_path, tmp_path):
    run(corpus_path, tmp_path / "whole")
    out = tmp_path / "out"
    read, heard = f"{READING}-*.json", f"{VOICES}-*.json"
    stated = "spill-joint/*/*.pickle"
    kills = (read, "parent"), (heard, "parent"), (heard, "worker"), (stated, "worker")
    for there_is, victim in kills:
        process = subprocess.Popen(command(corpus_path, out), start_new_session=True)
        wait_for(lambda pattern=there_is: any((out / "work").glob(pattern)), process)
        if victim == "parent":
            process.kill()
        else:
            kill_children(process.pid)
        process.wait()
    finished = subprocess.run(command(corpus_path, out), capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
    assert content(out) == content(tmp_path / "whole")


SLOW_TO_CLEAR_UP = """
import sys, time
from pebble.pool.process import WorkerManager
from nbhelpers import cli
from nbhelpers.annotation import texts

close = WorkerManager.close_channels

def close_and_wait(manager):
    close(manager)
    time.sleep(2)

WorkerManager.close_channels = close_and_wait
texts.PART_TEXTS = 3
if __name__ == "__main__":
    sys.exit(cli.main(sys.argv[1:]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("after", [0.0, 0.1, 0.5])
def test_stopped_while_its_workers_start_it_says_one_line(corpus_path, tmp_path, after):
    """They find the pool in ruins: the longer it takes to clear up, the surer."""
    script = tmp_path / "slow.py"
    script.write_text(SLOW_TO_CLEAR_UP)
    arguments = [sys.executable, str(script), *command(corpus_path, tmp_path / "out")[3:]]
    options = {"stderr": subprocess.PIPE, "text": True, "start_new_session": True}
    process = subprocess.Popen(arguments, **options)
    wait_for(lambda: len(children(process.pid)) > 2, process)  # one only watches
    time.sleep(after)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert told == "Stopped; the same command goes on from where it stopped.\n"


def wait_for(condition, process):
    end = time.monotonic() + 120
    while not condition() and process.poll() is None:
        assert time.monotonic() < end
        time.sleep(0.05)


def kill_children(pid: int):
    for child in children(pid):
        os.kill(child, signal.SIGKILL)


def children(pid: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(status.parent.name))
    return found


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_signals_that_come_while_processes_start_are_sent_again():
    came = []
    before = signal.signal(signal.SIGTERM, lambda *_: came.append("terminate"))
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)  # a job behind others is deaf
    try:
        with pytest.raises(KeyboardInterrupt), engines._interrupts_held_back():
            for number in (signal.SIGINT, signal.SIGTERM):
                os.kill(os.getpid(), number)
            came.append("started")
        assert came == ["started", "terminate"]
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGTERM, before)
        signal.signal(signal.SIGINT, heard)


@pytest.mark.slow
@pytest.mark.parametrize("in_thread", [False, True])
def test_what_is_started_is_deaf_to_interrupts(in_thread):
    found = []

    def start():
        script = "import signal; print(signal.SIGINT in signal.pthread_sigmask(0, []))"
        with engines._interrupts_held_back():
            found.append(subprocess.check_output([sys.executable, "-c", script], text=True))

    thread = threading.Thread(target=start)
    thread.start() if in_thread else start()
    if in_thread:
        thread.join(timeout=60)
    assert found == ["True\n"]


POOL = """
import multiprocessing, os, sys, time
from pathlib import Path
from nbhelpers.annotation import engines
from nbhelpers.annotation.work import Done, Job
from nbhelpers.corpus import InputError

def quick(job, stage, task):
    return Done({}, {})

engines.perform, engines._LOOK_EVERY = quick, 0.2
MORE = 1000  # than a pipe to the processes holds

def done(engine, job, stage, parts):
    return len(list(engines.finished(engine, job, stage, range(parts))))

if __name__ == "__main__":
    job = Job(Path(sys.argv[1]), "fast", 300.0)
    with engines.processes(2) as engine:
        found = [done(engine, job, "reading", 4)]
        for pause in (0.0, 0.05):
            for process in multiprocessing.active_children():
                process.kill()
            time.sleep(pause)
            found.append(done(engine, job, "voices", MORE))
    print(found)
"""


@pytest.mark.slow
def test_processes_that_die_between_stages_are_replaced(tmp_path):
    (tmp_path / "out" / work.WORK).mkdir(parents=True)
    (tmp_path / "script.py").write_text(POOL)
    command = [sys.executable, "script.py", "out"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=200)
    assert done.stdout == "[4, 1000, 1000]\n", done.stderr


@pytest.mark.slow
def test_processes_that_never_begin_end_a_run_of_any_size(tmp_path):
    (tmp_path / "out" / work.WORK).mkdir(parents=True)
    script = POOL.replace("MORE = 1000", "engines._begin_worker = os._exit\nMORE = 1000")
    script = script.replace('"reading", 4', '"reading", MORE')
    (tmp_path / "script.py").write_text(script)
    command = [sys.executable, "script.py", "out"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=200)
    assert "end as soon as they begin" in done.stderr.splitlines()[-1]


@pytest.mark.slow
def test_a_script_without_a_guard_is_told_so(corpus_path, tmp_path):
    call = f"annotate({str(corpus_path)!r}, out='out', model='fast', workers=2)"
    lines = ["from nbhelpers.annotation import texts", "texts.PART_TEXTS = 3"]
    lines += ["from nbhelpers.annotate import annotate", call]
    (tmp_path / "script.py").write_text("\n".join(lines))
    command = [sys.executable, "script.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=200)
    assert "must do so below `if __name__ == '__main__':`" in done.stderr.splitlines()[-1]


# What fails


def test_a_document_that_fails_is_named_and_the_rest_goes_on(corpus_path, tmp_path, monkeypatch):
    compute = stages.damage

    def failing(corpus):
        if any("Bob Hay" in document.text for document in corpus):
            raise RecursionError("too deep")
        return compute(corpus)

    monkeypatch.setattr(stages, "damage", failing)
    annotation = run(corpus_path, tmp_path / "out")
    assert annotation.failures == (
        "text2: RecursionError: too deep; read it yourself, or give more time with --limit.",
    )
    stored = load_corpus(tmp_path / "out")
    assert stored.doc_ids == [f"text{n}" for n in range(8) if n != 2]
    assert stored.problems["problem"].tolist() == ["RecursionError: too deep"]
    assert set(documents(stored).doc_id) == set(stored.doc_ids)


def failing_at(name, compute):
    """A function of a corpus and a model that fails where a text has the name."""

    def failing(corpus, model):
        if any(name in document.text for document in corpus):
            raise RecursionError("too deep")
        return compute(corpus, model=model)

    return failing


def test_a_document_may_fail_when_its_sources_are_known(corpus_path, tmp_path, monkeypatch):
    """Its source is nobody else's."""
    compute = stages.tone
    monkeypatch.setattr(stages, "tone", failing_at("Ludwig Baum", compute))
    (corpus_path / "text5.txt").write_text("“It rained,” said Ludwig Baum.", encoding="utf-8")
    annotation = run(corpus_path, tmp_path / "out")
    assert [failure.partition(":")[0] for failure in annotation.failures] == ["text5"]
    listed = pd.read_parquet(tmp_path / "out" / "sources.parquet")
    assert "Ludwig Baum" not in set(listed["name"])
    assert listed["n_documents"].min() == 1
    monkeypatch.setattr(stages, "tone", compute)
    assert not run(corpus_path, tmp_path / "out", limit=500.0).failures
    run(corpus_path, tmp_path / "whole")
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_a_text_that_fails_after_passages_were_found_is_in_none(tmp_path, monkeypatch):
    line = "The harbour of Port Alder stays closed to foreign tankers until the winter has ended."
    source = write_texts(tmp_path / "news", [f"{line} Snow fell on day {n}." for n in range(4)])
    (source / "last.txt").write_text(f"{line} So said Ludwig Baum.", encoding="utf-8")
    monkeypatch.setattr(stages, "tone", failing_at("Ludwig Baum", stages.tone))
    assert len(run(source, tmp_path / "out").failures) == 1
    fresh = load_corpus(source)
    expected = passages(fresh.subset(set(fresh.doc_ids) - {"last"}))
    found = pd.read_parquet(tmp_path / "out" / "passages.parquet")
    pd.testing.assert_frame_equal(found, expected)
    assert len(found) == 6
    assert "last" in set(passages(fresh)["doc_id"])


def test_passages_are_found_though_the_process_that_looked_for_them_died(corpus_path, tmp_path):
    def dying(job, stage, tasks):
        for task in tasks:
            yield task, None if stage == PASSAGES else steps.perform(job, stage, task)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(engines, "here", dying)
        run(corpus_path, tmp_path / "out")
    run(corpus_path, tmp_path / "whole")
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_statements_are_kept_though_each_process_died_once_of_them(corpus_path, tmp_path):
    died = []

    def dying(job, stage, tasks):
        for task in tasks:
            dies = stage == STATEMENTS and task.deaths == 0
            died.extend([task.part] * dies)
            yield task, None if dies else steps.perform(job, stage, task)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(engines, "here", dying)
        run(corpus_path, tmp_path / "out")
    run(corpus_path, tmp_path / "whole")
    assert died == [0, 1, 2]
    assert content(tmp_path / "out") == content(tmp_path / "whole")


@pytest.mark.parametrize("step", ["statements.described", "joint.utterances_in"])
def test_a_comparison_that_is_broken_off_is_begun_anew(corpus_path, tmp_path, step):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(f"nbhelpers.annotation.{step}", broken_off)
        with pytest.raises(KeyboardInterrupt):
            run(corpus_path, tmp_path / "out")
    run(corpus_path, tmp_path / "out")
    run(corpus_path, tmp_path / "whole")
    assert content(tmp_path / "out") == content(tmp_path / "whole")
    assert not [*(tmp_path / "out").rglob("*.pickle")]


def broken_off(*_, **options):
    raise KeyboardInterrupt


def test_what_somebody_else_left_there_is_not_unpickled(corpus_path, tmp_path, monkeypatch):
    """An annotated folder may come from anywhere, and a pickle is a program."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("nbhelpers.annotation.statements.described", broken_off)
        with pytest.raises(KeyboardInterrupt):
            run(corpus_path, tmp_path / "out")
    planted = spill_folder(tmp_path / "out", "joint") / "token"
    planted.mkdir(parents=True, exist_ok=True)
    for kind in ("portion", "claimed"):
        for part in range(4):
            (planted / f"{kind}-{part:05}.pickle").write_bytes(b"cos\n_exit\n(I3\ntR.")
    monkeypatch.setattr(work, "uuid4", lambda: SimpleNamespace(hex="token"))
    run(corpus_path, tmp_path / "out")
    run(corpus_path, tmp_path / "whole")
    assert content(tmp_path / "out") == content(tmp_path / "whole")


@pytest.mark.parametrize("table", ["tone", "records"])
def test_a_part_that_was_lost_and_does_not_fail_again_counts(corpus_path, tmp_path, table):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(stages, table, failing_at("Bob Hay", getattr(stages, table)))
        assert run(corpus_path, tmp_path / "out").failures
    for path in (tmp_path / "out" / f"{table}.parquet").iterdir():
        path.unlink()
    assert not run(corpus_path, tmp_path / "out").failures
    run(corpus_path, tmp_path / "whole")
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_what_is_made_again_in_fewer_parts_leaves_none_of_the_old(tmp_path, monkeypatch):
    """Once the text is read that failed, more than 20 say the same: a formula of their site."""
    monkeypatch.setattr("nbhelpers.utterances._ROWS_AT_ONCE", 50)
    line = "“The harbour will be closed to foreign tankers until the end of winter,” Ann Lee said."
    source = write_texts(tmp_path / "news", [f"{line} It was day {n}." for n in range(20)])
    (source / "last.txt").write_text(f"{line} So said Ludwig Baum.", encoding="utf-8")
    compute = stages.tone
    monkeypatch.setattr(stages, "tone", failing_at("Ludwig Baum", compute))
    run(source, tmp_path / "out")
    assert len(part_files(tmp_path / "out", "utterances")) > 1
    monkeypatch.setattr(stages, "tone", compute)
    run(source, tmp_path / "out", limit=500.0)
    run(source, tmp_path / "whole")
    assert content(tmp_path / "out") == content(tmp_path / "whole")


@pytest.mark.parametrize("limit", [0, -1.0, float("nan"), 1e10])
def test_a_limit_must_be_some_seconds(corpus_path, tmp_path, limit):
    with pytest.raises(InputError, match="may take some seconds"):
        run(corpus_path, tmp_path / "out", limit=limit)


def test_loading_models_counts_for_no_document(corpus_path, tmp_path, monkeypatch):
    def loading(stage, model):
        time.sleep(1.5)

    monkeypatch.setattr(stages, "_load", loading)
    assert not run(corpus_path, tmp_path / "out", limit=1.2).failures


def test_a_document_that_takes_too_long_is_left_out(corpus_path, tmp_path, monkeypatch):
    compute = stages.damage

    def slow(corpus):
        if any("Eva Berg" in document.text for document in corpus):
            while True:
                time.sleep(0.01)
        return compute(corpus)

    monkeypatch.setattr(stages, "damage", slow)
    annotation = run(corpus_path, tmp_path / "out", limit=3.0)
    assert annotation.failures == (
        "text5: it took longer than 3 seconds; read it yourself, or give more time with --limit.",
    )


def test_a_document_that_kills_its_worker_twice_is_left_out(corpus_path, tmp_path, monkeypatch):
    """The engine here stands for processes: where one would die, it says that it did."""
    compute = stages.damage

    def deadly(corpus):
        if any("Bob Hay" in document.text for document in corpus):
            raise SystemExit
        return compute(corpus)

    def dying(job, stage, tasks):
        for task in tasks:
            try:
                yield task, steps.perform(job, stage, task)
            except SystemExit:
                yield task, None

    monkeypatch.setattr(stages, "damage", deadly)
    monkeypatch.setattr(engines, "here", dying)
    annotation = run(corpus_path, tmp_path / "out")
    assert annotation.failures == (
        "text2: it ended the process that read it; read it yourself, or give more time with "
        "--limit.",
    )


KILLER = """
import ctypes, os, sys
from nbhelpers import cli
from nbhelpers.annotation import engines, stages, texts
texts.PART_TEXTS = IN_PART
engines._GRACE, engines._LOOK_EVERY = 0.0, 0.2
compute = stages.damage

def deadly(corpus):
    if any("Bob Hay" in document.text for document in corpus):
        WHAT
    return compute(corpus)

stages.damage = deadly
if __name__ == "__main__":
    sys.exit(cli.main(sys.argv[1:]))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("what", "in_part"),
    [("os._exit(9)", 100), ("os._exit(9)", 4), ("ctypes.PyDLL(None).sleep(600)", 4)],
)
def test_a_document_that_kills_or_hangs_its_process_is_left_out(
    corpus_path, tmp_path, what, in_part
):
    script = tmp_path / "deadly.py"
    script.write_text(KILLER.replace("WHAT", what).replace("IN_PART", str(in_part)))
    options = ["--out", str(tmp_path / "out"), "--model", "fast", "--workers", "2", "--limit", "3"]
    command = [sys.executable, str(script), "annotate", str(corpus_path), *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if done.returncode < 0 or done.returncode == 9:  # a first run of one part is in this process
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == cli.FAILED, done.stderr
    assert "Failed: text2: it " in done.stderr
    assert len(load_corpus(tmp_path / "out")) == len(STORIES) - 1


def test_a_death_alone_leaves_nothing_out(tmp_path):
    (tmp_path / "work").mkdir()
    task = work.next_try(tmp_path, READING, Task(0))
    assert (task.is_careful, task.left_out) == (False, ())
    task = work.next_try(tmp_path, READING, task)
    work.journal(tmp_path, READING, 0).write_text("a")
    task = work.next_try(tmp_path, READING, task)
    work.journal(tmp_path, READING, 0).write_text("b")
    task = work.next_try(tmp_path, READING, task)
    assert (task.suspect, task.left_out) == ("b", ())


def test_a_file_that_cannot_be_read_is_named_and_the_rest_goes_on(corpus_path, tmp_path, capsys):
    (corpus_path / "broken.parquet").write_bytes(b"PAR1 cut off")
    (corpus_path / "picture.txt").write_bytes(bytes(range(256)) * 40)
    command = ["annotate", str(corpus_path), "--out", str(tmp_path / "out"), "--model", "fast"]
    assert cli.main([*command, "--workers", "1"]) == cli.FAILED
    told = capsys.readouterr().err
    assert "Failed: broken.parquet: " in told
    assert "Failed: picture.txt: " in told
    assert len(load_corpus(tmp_path / "out")) == len(STORIES)


# The folder


def test_workers_that_die_whatever_they_read_end_the_run(tmp_path):
    job = Job(tmp_path, "fast", 60.0)

    def dying(job, stage, tasks):
        return ((task, None) for task in tasks)

    with pytest.raises(InputError, match="11 processes died that worked at it"):
        list(engines.finished(dying, job, READING, [0]))


def test_two_runs_in_one_folder_are_refused(corpus_path, tmp_path):
    with engines_busy(tmp_path / "out"), pytest.raises(InputError, match="another run is writing"):
        run(corpus_path, tmp_path / "out")


def engines_busy(folder: Path):
    from nbhelpers.annotate import _alone

    return _alone(folder)


def test_other_texts_or_settings_need_force(corpus_path, tmp_path):
    run(corpus_path, tmp_path / "out")
    (corpus_path / "more.txt").write_text("It snowed. “Yes,” Ann Lee said.", encoding="utf-8")
    with pytest.raises(InputError, match=r"begun with another input; .* --force"):
        run(corpus_path, tmp_path / "out")
    run(corpus_path, tmp_path / "out", force=True)
    assert "more" in load_corpus(tmp_path / "out").doc_ids
    with pytest.raises(InputError, match="begun with another text_column"):
        run(corpus_path, tmp_path / "out", text_column="body")


def test_settings_may_be_mended_before_anything_is_made(corpus_path, tmp_path):
    table = tmp_path / "table.csv"
    table.write_text("body,n\nAnn Lee said that it rained.,1\nIt snowed.,2\n")
    with pytest.raises(InputError, match="text"):
        run(table, tmp_path / "out", text_column="boddy")
    assert run(table, tmp_path / "out", text_column="body").rows["texts"] == 2


def test_the_same_texts_by_another_name_are_no_other_input(corpus_path, tmp_path, monkeypatch):
    run(corpus_path, tmp_path / "out")
    (corpus_path / ".DS_Store").write_bytes(b"\0")
    monkeypatch.chdir(corpus_path)
    run(Path(), tmp_path / "out")


def test_force_removes_nothing_of_somebody_else(corpus_path, tmp_path):
    out = tmp_path / "out"
    run(corpus_path, out)
    (out / "mine.parquet").mkdir()
    (out / "mine.parquet" / "years-of-work.parquet").write_text("x")
    with pytest.raises(InputError, match=r"mine\.parquet: was not made by “nbhelpers annotate”"):
        run(corpus_path, out, force=True)
    assert load_corpus(out).doc_ids
    other = tmp_path / "project"
    (other / "work").mkdir(parents=True)
    (other / "work" / "settings.json").write_text('{"editor": 1}')
    with pytest.raises(InputError, match="was not made by"):
        run(corpus_path, other, force=True)


def test_a_folder_of_somebody_else_is_left_alone(corpus_path, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.docx").write_text("years of work")
    for force in (False, True):
        with pytest.raises(InputError, match="was not made by “nbhelpers annotate”"):
            run(corpus_path, tmp_path / "mine", force=force)
    assert (tmp_path / "mine" / "thesis.docx").read_text() == "years of work"


@pytest.mark.parametrize("inside", ["news/out", "."])
def test_input_and_output_must_lie_apart(corpus_path, tmp_path, inside):
    with pytest.raises(InputError, match="neither lie inside the input news nor hold it"):
        run(corpus_path, tmp_path / inside)


def test_a_truncated_part_is_named_and_mended_by_the_same_command(corpus_path, tmp_path):
    run(corpus_path, tmp_path / "out")
    whole = content(tmp_path / "out")
    part = part_path(tmp_path / "out", "claims", 1)
    loaded = load_corpus(tmp_path / "out")
    part.write_bytes(part.read_bytes()[:100])
    with pytest.raises(InputError, match=r"part-00001\.parquet: cannot be read .* again"):
        stages.claims(loaded, model="fast")
    with pytest.raises(InputError, match=r"part-00001\.parquet: is gone or was changed; .* again"):
        load_corpus(tmp_path / "out")
    run(corpus_path, tmp_path / "out")
    assert content(tmp_path / "out") == whole


def test_a_full_disk_leaves_no_half_part_and_the_run_goes_on(corpus_path, tmp_path, monkeypatch):
    run(corpus_path, tmp_path / "whole")
    fsync = os.fsync
    count = 0

    def full(number):
        nonlocal count
        count += 1
        if count > 20:
            raise OSError(28, "No space left on device")
        fsync(number)

    monkeypatch.setattr(parts.os, "fsync", full)
    with pytest.raises(InputError, match=r"cannot be written \(No space left on device\); make"):
        run(corpus_path, tmp_path / "out")
    assert not list((tmp_path / "out").rglob("*.unready"))
    for path in (tmp_path / "out").rglob("*.parquet"):
        assert path.is_dir() or read_part(path) is not None
    monkeypatch.setattr(parts.os, "fsync", fsync)
    run(corpus_path, tmp_path / "out")
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_a_manifest_of_something_else_is_refused(corpus_path, tmp_path):
    run(corpus_path, tmp_path / "out")
    (tmp_path / "out/manifest.json").write_text('{"made_by": "me"}')
    with pytest.raises(InputError, match="was not written by “nbhelpers annotate”"):
        load_corpus(tmp_path / "out")
    with pytest.raises(InputError, match="is annotated already"):
        run(tmp_path / "out", tmp_path / "again")


def test_a_table_of_the_wrong_columns_is_refused(corpus_path, tmp_path):
    run(corpus_path, tmp_path / "out")
    loaded = load_corpus(tmp_path / "out")
    write_part(pd.DataFrame({"x": [1]}), part_path(tmp_path / "out", "segments", 0))
    with pytest.raises(InputError, match=r"part-00000\.parquet: has the columns x, not "):
        stages.segments(loaded)


@pytest.mark.parametrize(
    "gone", ["texts.parquet/part-00001.parquet", "texts.parquet", "claims.parquet"]
)
def test_a_folder_that_has_lost_a_table_is_refused(corpus_path, tmp_path, gone):
    out = tmp_path / "out"
    run(corpus_path, out)
    whole = content(out)
    shutil.rmtree(out / gone) if (out / gone).is_dir() else (out / gone).unlink()
    with pytest.raises(InputError, match="is gone or was changed; give the command"):
        load_corpus(out)
    run(corpus_path, out)
    assert content(out) == whole


@pytest.mark.parametrize(
    "change",
    [
        {"tables": None},
        {"tables": {"../claims": {"key": None, "columns": []}}},
        {"files": ["claims"]},
        {"failed": 3},
        {"options": {}},
    ],
)
def test_a_manifest_of_another_form_is_refused(corpus_path, tmp_path, change):
    run(corpus_path, tmp_path / "out")
    path = tmp_path / "out" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(InputError, match="is not as this version writes it"):
        load_corpus(tmp_path / "out")


# The command


def test_the_command_says_what_it_did(corpus_path, tmp_path, capsys):
    out = tmp_path / "out"
    status = cli.main(
        ["annotate", str(corpus_path), "--out", str(out), "--model", "fast", "--workers", "1"]
    )
    assert status == cli.DONE
    assert capsys.readouterr().out == f"Texts: {len(STORIES)}; their tables: {out}\n"


def test_a_dry_run_needs_no_folder(corpus_path, capsys):
    assert cli.main(["annotate", str(corpus_path), "--dry-run", "--model", "fast"]) == cli.DONE
    assert f"{len(STORIES)} texts" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--model", "fast"], "--out is missing"),
        (["--model", "swift", "--out", "x"], "'swift'"),
        (["--out", "x", "--scheduler", "tcp://127.0.0.1:9"], "no Dask scheduler answers"),
    ],
)
def test_bad_arguments_get_one_sentence(
    corpus_path, tmp_path, capsys, monkeypatch, arguments, said
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(engines, "PATIENCE_WITH_SCHEDULER", "1s")
    assert cli.main(["annotate", str(corpus_path), *arguments]) == cli.UNUSABLE
    told = capsys.readouterr().err.strip().splitlines()
    assert said in told[-1]
    assert told[-1].startswith("nbhelpers annotate: ")


def test_passages_of_a_sample_are_between_its_texts(corpus_path, tmp_path):
    (corpus_path / "copy.txt").write_text(f"{STORIES[1]} {STORIES[0]}", encoding="utf-8")
    run(corpus_path, tmp_path / "out")
    drawn = load_corpus(tmp_path / "out").subset(["copy", "text1"])
    found = passages(drawn)
    assert set(found["doc_id"]) | set(found["other_doc_id"]) == {"copy", "text1"}
