"""`grader build`: write the notebooks with blanks, or verify the course."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from grader.cli import terminal
from grader.core.text.plurals import count_noun
from grader.course.loader import load_course
from grader.course.templates import write_templates
from grader.course.verify.mutation import MutationScore, add_scores
from grader.services.verify import Verification, compare_seeds, measure_mutation_score, verify_course


def write_course(folder: Path) -> int:
    """Write the templates that changed, and name them."""
    written = write_templates(load_course(folder), folder)
    for file in written:
        terminal.print_line(f"wrote {file}")
    if not written:
        terminal.print_line("all templates are up to date")
    return 0


def print_course_problems(folder: Path) -> int:
    """Verify the course; print what is wrong and return 3, or what was verified and return 0.

    Warnings are remarks, and don't change the exit code.
    """
    found = verify_course(load_course(folder))
    if code := _print_findings(found.warnings, found.problems):
        return code
    proven = "the solutions score full marks, the templates none, and each mistake is caught and named"
    terminal.print_line(f"{', '.join(_list_counts(found))}: {proven}")
    return 0


def print_mutation_score(folder: Path) -> int:
    """Verify the course, then judge the mutants of its solutions: print their numbers, and list those that matter.

    Survivors are warnings, and in a strict course problems like declarations that are refused: return 3 for these.
    """
    if code := print_course_problems(folder):
        return code
    course = load_course(folder)
    scores = measure_mutation_score(course, terminal.TerminalProgress())
    for name, score in scores.items():
        if score.mutants:
            terminal.print_line(f"{name}: {_count_mutants(score)}")
    total = add_scores(scores.values())
    terminal.print_line(f"all exercises: {_count_mutants(total)}")
    for line in total.equivalents:
        terminal.print_line(f"equivalent: {line}")
    survivors = [f"{line} survives: add a check that fails it" for line in total.survivors]
    warnings, problems = ([], survivors) if course.strict else (survivors, [])
    return _print_findings(warnings, [*total.problems, *problems])


def print_seed_dependence(folder: Path, seeds: int) -> int:
    """Print the checks whose verdict depends on the seed; return 3 if the solution or a whole question is concerned."""
    found = compare_seeds(load_course(folder), seeds, terminal.TerminalProgress())
    if code := _print_findings(found.warnings, found.problems):
        return code
    says = "the solutions pass with all of them, and each known mistake loses points"
    terminal.print_line(f"{count_noun(seeds, 'seed')}: {says}")
    return 0


def _print_findings(warnings: Iterable[str], problems: Sequence[str]) -> int:
    """Print warnings as remarks and problems as the result; return 3 if there are problems."""
    for warning in warnings:
        terminal.print_remark(f"warning: {warning}")
    for problem in problems:
        terminal.print_line(problem)
    return 3 if problems else 0


def _count_mutants(score: MutationScore) -> str:
    mutants = count_noun(score.mutants, "mutant")
    survivors = "1 survives" if len(score.survivors) == 1 else f"{len(score.survivors)} survive"
    return f"{mutants}, {score.killed} killed, {len(score.equivalents)} equivalent, {survivors}"


def _list_counts(found: Verification) -> list[str]:
    counts = [
        count_noun(found.exercises, "exercise"),
        count_noun(found.questions, "question"),
        count_noun(found.mistakes, "known mistake"),
    ]
    return [*counts, count_noun(found.examples, "sample submission")] if found.examples else counts
