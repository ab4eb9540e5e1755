"""What would have to be true, as tables."""

from __future__ import annotations

from collections.abc import Iterable

from servanda.brief.document import Code, Line, Table, tabled
from servanda.brief.words import path_cell
from servanda.charts.names import Names, in_words
from servanda.results.inverse import Condition, Inverse, Move, Moves, Statement
from servanda.results.significant import significant


def tables_of_inverse(found: Inverse, names: Names) -> list[Table]:
    """Conditions, what stands against, numbers that alone are enough, or several together."""
    tables = [
        _conditions(found, names),
        _statements(found, names),
        *(
            _moves(f"Alone enough for {condition_words(one, names)}", found.each[one.id], (), names)
            for one in found.failing
            if not found.alone and one.id in found.each
        ),
        _moves(
            "Alone enough for every condition",
            [one.moves[0] for one in found.alone],
            [one.share for one in found.alone],
            names,
        ),
        *_together(found, names),
        _turned(found, names),
    ]
    return [table for table in tables if table.rows]


def condition_words(one: Condition, names: Names) -> str:
    """What a condition asks for."""
    if one.kind == "ratified":
        return f"the consent of {names.audience(one.who)}"
    what = "the signature" if one.kind == "signs" else "the word"
    return f"{what} of {names.actor(one.who)}"


def statement_words(one: Statement, names: Names) -> str:
    """What stands in the way."""
    kind = one.kind.replace("-", " ")
    return f"the {kind} of {names.actor(one.by)}" if one.by else f"the {kind}"


def spoken_message(found: Inverse, names: Names) -> str:
    """The finding, with names for actors and steps; numbers keep the paths one types."""
    failing = {one.sentence: condition_sentence(one, names) for one in found.failing}
    return " ".join(failing.get(one, one) for one in found.sentences)


def condition_sentence(one: Condition, names: Names) -> str:
    """What a condition comes to, with names for its labels."""
    if one.kind == "ratified":
        return in_words(one.sentence, {one.who: names.audience(one.who)})
    return names.spoken(one.sentence)


def _conditions(found: Inverse, names: Names) -> Table:
    rows = (
        (
            (f"{condition_words(one, names)} ", Code(one.id)),
            "holds" if one.holds else "fails",
            f"{one.margin:+.1f}",
            condition_sentence(one, names),
        )
        for one in (*found.failing, *(one for one in found.conditions if one.holds))
    )
    title = "What must hold, at the central values (value points; of support: percentage points)"
    return tabled(title, ("condition", "now", "margin#", "in words"), rows)


def _statements(found: Inverse, names: Names) -> Table:
    rows = (
        (
            (f"{statement_words(one, names)} ", Code(one.id)),
            one.kind,
            names.actor(one.by) if one.by else "",
            "" if one.chance is None else f"{100 * one.chance:.0f} %",
            "stands" if one.stands else "opening position",
            one.says,
        )
        for one in found.statements
    )
    heads = ("statement", "kind", "by", "held#", "at the centre", "in words")
    return tabled("What the deal or its order runs against", heads, rows)


def _moves(
    title: str, moves: Iterable[Move], shares: Iterable[float | None], names: Names
) -> Table:
    listed, of_draws = list(moves), list(shares)
    rows: list[tuple[Line, ...]] = [
        (
            path_cell(one.path, names),
            significant(one.start),
            significant(one.to),
            f"{one.spreads:+.2f}",
            _range(one),
            names.actors(one.who),
            *([_share(of_draws[n])] if of_draws else []),
        )
        for n, one in enumerate(listed)
    ]
    heads = ("number", "now#", "needed#", "spreads#", "range", "who can")
    return tabled(title, (*heads, *(("draws#",) if of_draws else ())), rows)


def _together(found: Inverse, names: Names) -> list[Table]:
    tables = []
    if found.joint is not None and not found.alone:
        tables.append(_joint("The cheapest change of fewest numbers", found.joint, names))
    if found.within is not None and found.within != found.joint:
        tables.append(_joint("The fewest numbers, each inside its range", found.within, names))
    return tables


def _joint(title: str, joint: Moves, names: Names) -> Table:
    words = f"{title}: {joint.effort:.2f} spreads in all, {_share(joint.share)} of draws"
    return _moves(words, joint.moves, (), names)


def _turned(found: Inverse, names: Names) -> Table:
    """What an actor would have to like, or to care for, the other way round."""
    every = [
        *(one.moves[0] for one in found.alone),
        *(move for moves in found.each.values() for move in moves if not found.alone),
        *(move for one in (found.joint, found.within) if one for move in one.moves),
    ]
    turned = {one.path: "; ".join(one.reverses) for one in every if one.reverses}
    title = "Orderings turned round by such a move (now better > now worse)"
    rows = ((path_cell(path, names), said) for path, said in turned.items())
    return tabled(title, ("number", "orderings"), rows)


def _range(one: Move) -> str:
    if one.low is None or one.high is None:
        return "not stated"
    return f"{significant(one.low)} to {significant(one.high)}{'' if one.inside else ': outside'}"


def _share(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.0f} %"
