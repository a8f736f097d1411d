"""The budgets of searches for edits: numbers of trials, so that every machine finds the same."""

from dataclasses import dataclass, replace
from typing import Final

from grader.core.judging.repair.subject import Work


@dataclass(frozen=True)
class RepairBudget:
    """Numbers of trials: `trials` by round, as many rounds as there may be edits."""

    trials: tuple[int, ...] = (160, 100, 80)
    work: int = 1_500_000
    """Units of work of all trials together, by the work of the student's own calls."""
    least_trials: int = 20
    """Number of trials below which there is no search at all."""

    def fit(self, work: Work) -> "RepairBudget":
        """Return the budget of calls that are so much work: fewer trials of each round, or none."""
        most = self.work // max(work.units, 1)
        if most >= sum(self.trials):
            return self
        shares = [most * count // sum(self.trials) for count in self.trials]
        return replace(self, trials=tuple(shares) if most >= self.least_trials else ())


GRADE_BUDGET: Final = RepairBudget()
"""The budget where a whole class is graded."""
CHECK_BUDGET: Final = RepairBudget((500, 300, 200), 4_000_000)
"""The budget where one student waits for an answer."""
