"""Jobs: each is done once and counted, a failure ends the command, and an existing output is kept."""
import time

import pytest

from runtime import jobs


def test_jobs_are_done_once_and_counted(caplog):
    done = []

    def job(name, made):
        return jobs.Job(name, lambda: done.append(name) or made)

    with caplog.at_level("INFO", "recsys"):
        jobs.run([job("a", False), job("b", True), job("c", True)], workers=2)
    assert sorted(done) == ["a", "b", "c"]
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 3 and lines[-1].startswith("[3/3] ") and "left" not in lines[-1]
    assert sum("already exists" in line for line in lines) == 1


@pytest.mark.parametrize("workers", [1, 2])
def test_a_job_that_fails_ends_the_command(workers):
    begun = []

    def fail():
        raise SystemExit(3)

    with pytest.raises(SystemExit):
        jobs.run([jobs.Job("bad", fail)] + [
            jobs.Job(str(number), lambda: begun.append(1) or time.sleep(.05) or True) for number in range(50)],
            workers)
    assert len(begun) < 10


def test_an_output_that_exists_is_not_made_again(tmp_path):
    ran = []

    class Children:
        def run(self, title, arguments):
            ran.append(arguments)
            (tmp_path / "out").write_text("")

    job = jobs.output(Children(), "make it", str(tmp_path / "out"), ["maker.py"])
    assert [job.make(), job.make()] == [True, False] and ran == [["maker.py"]]
