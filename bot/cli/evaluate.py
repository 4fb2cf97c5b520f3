"""`alvh evaluate`: what would the bot do in a situation written by hand?

Thin: `bot.app.cases` decides, `bot.review` finds the turns and the words, `bot.review.drawing`
draws; that one is loaded only when a drawing is asked for, since its libraries are an extra.
"""

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from bot.app.cases.evaluation import Sweep
from bot.app.cases.path import there_and_back
from bot.bootstrap.usage import UsageError
from bot.bootstrap.whatif import Study, open_study, read_sweep
from bot.cli.evaluation_tables import print_once, print_varied
from bot.cli.failure import told
from bot.cli.output import console, print_json, say
from bot.domain.policy import Policy
from bot.review.study import Course, Judged, Once, Varied, told_along, told_once
from bot.settings.policy_file import load_policy
from bot.settings.presets import PRESETS

DRAWINGS = (".html", ".png")

CaseFile = Annotated[Path, typer.Argument(metavar="CASE", help="The case, one JSON file.")]
Vary = Annotated[
    str | None,
    typer.Option(metavar="S=A:B:STEP", help="Decide once for each value of one input of the case."),
]
Walk = Annotated[
    str | None,
    typer.Option(
        "--path", metavar="S=A:B:STEP", help="Walk the values as successive sessions instead."
    ),
]
Back = Annotated[bool, typer.Option("--back", help="Walk the path back again, too.")]
Other = Annotated[
    str | None,
    typer.Option(
        "--policy",
        metavar="POLICY",
        help=f"Compare with another policy: a file, or {', '.join(PRESETS)}.",
    ),
]
Out = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Draw what was varied: .html or .png.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value.")]


@told
def evaluate(  # noqa: PLR0913 - one parameter an option
    case: CaseFile,
    *,
    vary: Vary = None,
    path: Walk = None,
    back: Back = False,
    policy: Other = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Decide on a situation written by hand, with the very same rules as the running bot."""
    sweep = _sweep(vary, path, back=back)
    _check_drawing(out, sweep)
    study = open_study(case, len(sweep.values) if sweep and path else 1)
    other = None if policy is None else load_policy(policy)
    if sweep is None:
        once = _once(study, other)
        print_json(once) if as_json else print_once(console(), once)
        return
    course = _walked if path else _varied
    theirs = None if other is None else course(study, sweep, other)
    found = told_along(str(case), sweep.name, course(study, sweep, study.policy), theirs)
    if out is not None:
        _draw(found, out)
    print_json(found) if as_json else print_varied(console(), found)
    if out is not None and not as_json:
        say(f"drawn to {out}")


def _sweep(vary: str | None, path: str | None, *, back: bool) -> Sweep | None:
    if vary and path:
        raise UsageError("expected --vary or --path, got both")
    if back and not path:
        raise UsageError("--back is the way back of --path")
    text = vary or path
    sweep = read_sweep(text) if text else None
    return there_and_back(sweep) if sweep and back else sweep


def _check_drawing(out: Path | None, sweep: Sweep | None) -> None:
    if out is None:
        return
    if sweep is None:
        raise UsageError("--out draws what --vary or --path varies")
    if out.suffix not in DRAWINGS:
        raise UsageError(f"{out}: expected a name that ends in {' or '.join(DRAWINGS)}")


def _once(study: Study, other: Policy | None) -> Once:
    mine = study.once()
    judged = Judged(study.policy, mine.decision)
    theirs = None if other is None else Judged(other, study.once(other).decision)
    return told_once(str(study.source), judged, mine.situation.inputs.universe, theirs)


def _varied(study: Study, sweep: Sweep, policy: Policy) -> Course:
    decisions = tuple(point.decision for point in study.varied(sweep, policy))
    return Course(policy, sweep.values, decisions)


def _walked(study: Study, sweep: Sweep, policy: Policy) -> Course:
    stops = study.walked(sweep, policy)
    return Course(
        policy,
        sweep.values,
        tuple(stop.decision for stop in stops),
        tuple(stop.close for stop in stops),
        tuple(stop.held for stop in stops),
    )


def _draw(found: Varied, out: Path) -> None:
    """Draw; raises `UsageError` where the libraries or the place are not there."""
    try:
        drawing = import_module("bot.review.drawing")
    except ModuleNotFoundError as error:
        raise UsageError(
            f"--out needs the extra `analysis` ({error.name} is not installed): "
            "pip install 'alvh-bot[analysis]'"
        ) from error
    try:
        drawing.draw(found, out)
    except OSError as error:
        raise UsageError(f"{out}: {error.strerror or error}") from error
