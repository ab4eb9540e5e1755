"""Which small step, put first, would test whether a party means it."""

from servanda.brief.document import Block, Paragraph, Section, Table, TableRow, columns
from servanda.charts.names import Names, clean, listed
from servanda.charts.numbers import exact_percent, signed
from servanda.results.analysis import Analysis
from servanda.results.sincerity import RankedTests, SincerityTest

MOST_TESTS = 4
"""Steps listed for each actor tested."""


def sincerity_section(analysis: Analysis, names: Names) -> Section:
    """How the best order is played when types are hidden, and small steps ranked as tests."""
    title = "Which small step would test sincerity"
    view = analysis.sincerity
    if view is None:
        return Section("sincerity", title, ())
    blocks: list[Block] = [Paragraph(_play(analysis, names))]
    for ranked in view.tests:
        if ranked.tests:
            blocks.append(_table(ranked, names))
    return Section("sincerity", title, tuple(blocks))


def _play(analysis: Analysis, names: Names) -> str:
    view = analysis.sincerity
    assert view is not None  # asked before
    tested = listed(names.actor(one.actor) for one in view.tests)
    lead = (
        f"What kind of party {tested} may be is coded as types that the others cannot tell apart; "
        "the answers above take each as the case describes it."
    )
    if not view.play.found:
        return f"{lead} With types hidden no consistent play of the best order was found."
    return (
        f"{lead} With types hidden the best order is carried through with probability "
        f"{view.play.carried_through:.2f} at the central values. A step put first shows something "
        "only if the types act differently in it; one bit would tell two equally likely types "
        "apart for certain."
    )


def _table(ranked: RankedTests, names: Names) -> Table:
    rows = tuple(
        TableRow(
            (
                names.step(one.step),
                f"{one.bits:.2f}",
                exact_percent(one.unmasked),
                signed(_worth(one, ranked.actor)),
                _refused(one, names),
            )
        )
        for one in ranked.tests[:MOST_TESTS]
    )
    return Table(
        f"Small steps put first to test {names.actor(ranked.actor)}, best for the others first. "
        "Worth in value points, of all the others together.",
        columns("Step", "Bits it shows#", "Shows itself in#", "Worth to the others#", "Refused by"),
        rows,
    )


def _worth(test: SincerityTest, actor: str) -> float:
    return sum(worth for who, worth in test.worth.items() if who != actor)


def _refused(test: SincerityTest, names: Names) -> str:
    if not test.offer.found:
        return "no consistent answer"
    known = names.scenario.types
    said = [f"“{clean(known[one].name)}”" if one in known else one for one in test.offer.refusing]
    return listed(said) if said else "no type"
