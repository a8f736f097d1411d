"""Further jobs of a submission: a conversation in one child, and the end of the time that all of them have."""

from grader.core.wire.job import Answer, Call, Job, JobResult, LimitHit, Request, Status
from grader.core.wire.submission import Cell
from grader.grading.following_jobs import Conversation, FollowingJobs
from tests.fake_runner import FakeRunner

CELLS = (Cell("runs = []\ndef f(x):\n    runs.append(x)\n    return len(runs)", label="cell 1"),)
OUT_OF_TIME = Answer(Status.TIME_LIMIT, limit=LimitHit("total_cpu", 1.0, 1.0, "s"))


def request(*args: int) -> Request:
    """Return a request that calls the function with each of these."""
    return Request("q", "c", tuple(Call("f", (arg,)) for arg in args))


def follow(runner: FakeRunner) -> FollowingJobs:
    """Return the jobs that follow the first one."""
    job = Job(CELLS, (request(1),))
    return FollowingJobs(runner, job, runner.run(job))


def test_a_conversation_is_held_with_one_child() -> None:
    """What is asked next depends on the answers, and is answered by the same child, in which its variables stay."""
    seen: list[list[list[object]]] = []

    def converse() -> Conversation:
        batches = [(request(1), request(2, 3)), ()]
        while len(seen) < 3:
            answers = yield batches
            seen.append([[r.value for answer in some for r in answer.results] for some in answers])
            batches = [(), (request(*range(sum(map(len, seen[-1])))),)]

    runner = FakeRunner()
    jobs = follow(runner)
    jobs.run(converse())
    assert runner.children == 1 + 1
    assert seen == [[[1, 2, 3], []], [[], [4, 5, 6]], [[], [7, 8, 9]]]
    assert not jobs.was_stopped


def test_another_job_has_another_child() -> None:
    """Requests that are run by themselves see nothing of the calls before."""
    jobs = follow(FakeRunner())
    for _ in range(2):
        ((answer,),) = jobs.run_batches([(request(5),)])
        assert answer.results[0].value == 1


def test_the_end_of_all_time_is_noted() -> None:
    """If the time of all jobs together is used up, this is known, and no further job is run."""

    class Slow:
        def run(self, job: Job) -> JobResult:
            return JobResult("none", (), (OUT_OF_TIME,) * len(job.requests), cpu=job.total_cpu)

    first = Job(CELLS, (request(1),))
    jobs = FollowingJobs(Slow(), first, FakeRunner().run(first))
    assert not jobs.was_stopped
    for _ in range(2):
        ((answer,),) = jobs.run_batches([(request(5),)])
        assert answer.ended is Status.TIME_LIMIT
        assert jobs.was_stopped
