"""A package as somebody names it: by number, by what would choose it, or by its options.

``609531``, ``nash``, ``focus`` or ``status-quo``, each followed by options that differ if there are
any (``609531,ceasefire=us-led``); or all options (``land=handed-over,guarantee=treaty``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod

from servanda.errors import Complaint, NotFoundError, ScenarioError
from servanda.scenario.model import Scenario
from servanda.scenario.planned import check_package
from servanda.solvers.catalogue import EVERY_SOLUTION

STATUS_QUO, IN_FOCUS = "status-quo", "focus"

Lookup = Callable[[str], Mapping[str, str]]
"""Issue to option of a deal by its name alone."""


def package_named(text: str, scenario: Scenario, lookup: Lookup) -> dict[str, str]:
    """Issue to option of a package.

    Args:
        text: as above.
        scenario: whose issues.
        lookup: for a name that has to be computed (``focus``, a solution).

    Raises:
        NotFoundError: no such deal.
        ScenarioError: options that do not make a package; carries all complaints.
    """
    first, *rest = [part.strip() for part in text.split(",")]
    if "=" in first:
        return _with_options({}, [first, *rest], scenario)
    if first.isdecimal() and first.isascii():
        base = _numbered(first, scenario)
    elif first == STATUS_QUO:
        base = _status_quo(scenario)
    elif first in {IN_FOCUS, *EVERY_SOLUTION}:
        base = dict(lookup(first))
    else:
        known = ["a number", IN_FOCUS, STATUS_QUO, *EVERY_SOLUTION, "options as issue=option"]
        raise NotFoundError("deal", first, known)
    return _with_options(base, rest, scenario)


def _numbered(text: str, scenario: Scenario) -> dict[str, str]:
    """The package of a number; the options of the last issue run fastest."""
    last = prod(len(issue.options) for issue in scenario.issues.values()) - 1
    if len(text) > len(str(last)) or int(text) > last:
        raise NotFoundError("deal", text, [f"0 to {last}"])
    number, options = int(text), dict[str, str]()
    for name, issue in reversed(scenario.issues.items()):
        number, place = divmod(number, len(issue.options))
        options[name] = list(issue.options)[place]
    return options


def _status_quo(scenario: Scenario) -> dict[str, str]:
    options, complaints = dict[str, str](), []
    for name, issue in scenario.issues.items():
        before = [option for option, entry in issue.options.items() if entry.status_quo]
        if before:
            options[name] = before[0]
        else:
            rule = "has no option that is the status quo; name one"
            complaints.append(Complaint(f"deal {name}", rule))
    if complaints:
        raise ScenarioError(complaints)
    return options


def _with_options(base: dict[str, str], parts: list[str], scenario: Scenario) -> dict[str, str]:
    complaints, said = [], {}
    for part in parts:
        issue, equals, option = (one.strip() for one in part.partition("="))
        if not equals:
            rule = f"'{part}' is not issue=option"
            complaints.append(Complaint("deal", rule, value=part))
        elif issue in said:
            complaints.append(Complaint(f"deal {issue}", "stands there twice"))
        else:
            said[issue] = option
    for one in check_package(scenario, said):
        path = one.path.replace("package.", "deal ", 1)
        complaints.append(Complaint(path, one.rule, value=one.value, nearest=one.nearest))
    for issue in scenario.issues:
        if issue not in base and issue not in said:
            rule = f"says nothing on '{issue}'; '{STATUS_QUO},' in front leaves it as it is"
            complaints.append(Complaint("deal", rule))
    if complaints:
        raise ScenarioError(complaints)
    return {issue: said.get(issue, base.get(issue, "")) for issue in scenario.issues}
