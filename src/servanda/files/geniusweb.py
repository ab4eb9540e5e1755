"""GeniusWeb: a domain and LinearAdditive profiles in JSON, discrete values.

Each party has a file, which holds the domain as well; a file of the domain alone may stand beside
them::

    {
        "LinearAdditiveUtilitySpace": {
            "name": "buyer",
            "domain": {"name": "shop", "issuesValues": {"price": {"values": ["low", "high"]}}},
            "issueUtilities": {
                "price": {"DiscreteValueSetUtilities": {"valueUtilities": {"low": 1, "high": 0}}}
            },
            "issueWeights": {"price": 1},
            "reservationBid": {"issuevalues": {"price": "high"}},
        }
    }

Utilities lie between 0 and 1, and so does the utility of a package.  What a party gets without an
agreement is the utility of its reservation bid, and 0 where it has none.

Reference: Pasman and Baarslag, GeniusWeb, Interactive Intelligence Group, TU Delft.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from servanda.errors import ExchangeError
from servanda.files.bounded import file_stems, read_bytes
from servanda.files.json_tree import JsonTree, parse_json
from servanda.files.profiles import Complaints, DomainDraft, ProfileDraft, assemble, short
from servanda.files.yaml_tree import Place
from servanda.scenario.preferences import Preferences, Profile

SPACE = "LinearAdditiveUtilitySpace"
_OTHER_PROFILES = ("PartialAdditive", "DefaultPartialOrdering", "SumOfGroupsUtilitySpace")
_UTILITIES = ("DiscreteValueSetUtilities", "discreteutils")

Where = tuple[str, ...]


def read_geniusweb(files: Sequence[Path]) -> Preferences:
    """Read profiles, and a domain where one is given.

    Raises:
        ExchangeError: with everything that is wrong in any of them.
    """
    complaints = Complaints()
    domains: list[DomainDraft] = []
    drafts: list[ProfileDraft] = []
    notes: list[str] = []
    for path in files:
        try:
            tree = parse_json(read_bytes(path), str(path))
        except ExchangeError as error:
            complaints.found += error.complaints
            continue
        complaints.found += tree.complaints
        _Reader(tree, complaints, domains, drafts, notes).read(path.stem)
    if not drafts:
        if not complaints.found:
            rule = "no profile among the files; a domain alone says nothing of wishes"
            complaints.add(Place(str(files[0]), 1, 1), (), rule)
        complaints.raise_if_any()
    if not domains:  # every profile lacks one, which is complained about
        complaints.raise_if_any()
    for other in domains[1:]:
        _check_same(domains[0], other, complaints)
    read = assemble(domains[0], drafts, complaints, notes)
    return replace(read, profiles=tuple(_with_reservation(one) for one in read.profiles))


def _with_reservation(profile: Profile) -> Profile:
    """The same with the utility of its reservation bid, 0 without one."""
    utility = profile.utility(profile.reservation_package) if profile.reservation_package else 0.0
    return replace(profile, reservation=utility)


def _check_same(first: DomainDraft, other: DomainDraft, complaints: Complaints) -> None:
    """Every file has to speak of the same issues and options."""
    for issue, options in other.issues.items():
        if issue not in first.issues:
            complaints.unknown(other.places[issue], (issue,), "issue", first.issues)
            continue
        for option, place in options.items():
            if option not in first.issues[issue]:
                complaints.unknown(place, (issue, option), "option", first.issues[issue])
    for issue, options in first.issues.items():
        missing = [option for option in options if option not in other.issues.get(issue, {})]
        if missing:
            listed = ", ".join(f"'{short(option)}'" for option in missing[:5])
            rule = f"the domain here lacks {listed}, which {first.place.file} has"
            complaints.add(other.places.get(issue, other.place), (issue,), rule)


class _Reader:
    """Reads one file into drafts."""

    def __init__(
        self,
        tree: JsonTree,
        complaints: Complaints,
        domains: list[DomainDraft],
        drafts: list[ProfileDraft],
        notes: list[str],
    ) -> None:
        self.tree, self.complaints, self.notes = tree, complaints, notes
        self.domains, self.drafts = domains, drafts

    def read(self, stem: str) -> None:
        root = self.tree.value
        if not isinstance(root, dict):
            self.add((), "is neither a GeniusWeb domain nor a profile")
        elif "issuesValues" in root:
            self.domain(root, ())
        elif SPACE in root:
            self.profile(root[SPACE], (SPACE,), stem)
        else:
            other = next((kind for kind in _OTHER_PROFILES if kind in root), "")
            words = f"a profile of kind {other}; only {SPACE} is read"
            self.add((), words if other else "is neither a GeniusWeb domain nor a profile")

    def add(self, path: Where, rule: str) -> None:
        self.complaints.add(self.tree.place(path), path, rule)

    def mapping(self, value: Any, path: Where, key: str) -> Mapping[str, Any]:
        """The mapping at a key that has to be there."""
        here = (*path, key)
        found = value.get(key)
        if isinstance(found, dict):
            return found
        self.add(here, "is missing" if key not in value else "is not a mapping")
        return {}

    def domain(self, value: Any, path: Where) -> None:
        if not isinstance(value, dict):
            self.add(path, "is not a mapping")
            return
        name = value.get("name")
        draft = DomainDraft(name if isinstance(name, str) else "domain", self.tree.place(path))
        for issue, content in self.mapping(value, path, "issuesValues").items():
            here = (*path, "issuesValues", issue)
            draft.places[issue] = self.tree.place(here)
            draft.issues[issue] = {}
            values = content.get("values") if isinstance(content, dict) else None
            if not isinstance(values, list):
                ranged = isinstance(content, dict) and "range" in content
                rule = "is a range of numbers; only discrete values are read"
                self.add(here, rule if ranged else "has no list of values")
                continue
            for number, option in enumerate(values):
                place = (*here, "values", str(number))
                if not isinstance(option, str):
                    self.add(place, "is not a text, as a discrete value is")
                elif option in draft.issues[issue]:
                    self.add((*here, "values", str(number)), f"'{short(option)}' a second time")
                else:
                    draft.issues[issue][option] = self.tree.place(place)
        self.domains.append(draft)

    def profile(self, value: Any, path: Where, stem: str) -> None:
        if not isinstance(value, dict):
            self.add(path, "is not a mapping")
            return
        name = value.get("name")
        draft = ProfileDraft(
            name if isinstance(name, str) and name else stem, self.tree.place(path)
        )
        self.drafts.append(draft)
        if "domain" in value:
            self.domain(value["domain"], (*path, "domain"))
        else:
            self.add((*path, "domain"), "is missing")
        for issue, content in self.mapping(value, path, "issueUtilities").items():
            here = (*path, "issueUtilities", issue)
            draft.places[issue] = self.tree.place(here)
            draft.evaluations[issue] = self.evaluations(content, here)
        for issue, number in self.mapping(value, path, "issueWeights").items():
            here = (*path, "issueWeights", issue)
            if not isinstance(number, float):
                self.add(here, "is not a number")
                number = 0.0
            draft.weights[issue] = (number, self.tree.place(here))
        self.reservation(value.get("reservationBid"), (*path, "reservationBid"), draft)

    def evaluations(self, content: Any, path: Where) -> dict[str, tuple[float, Place]]:
        kind = next((key for key in _UTILITIES if isinstance(content, dict) and key in content), "")
        if not kind:
            self.add(path, "has no DiscreteValueSetUtilities; only discrete values are read")
            return {}
        found: dict[str, tuple[float, Place]] = {}
        inner = content[kind] if isinstance(content[kind], dict) else {}
        for option, number in self.mapping(inner, (*path, kind), "valueUtilities").items():
            here = (*path, kind, "valueUtilities", option)
            if not isinstance(number, float):
                self.add(here, "is not a number")
                number = 0.0
            elif number > 1.0:
                self.add(here, f"the utility {number:g} is above 1")
            found[option] = (number, self.tree.place(here))
        return found

    def reservation(self, bid: Any, path: Where, draft: ProfileDraft) -> None:
        if bid is None:
            self.notes.append(
                f"'{short(draft.actor)}' has no reservation bid; GeniusWeb gives 0 to a party that "
                "walks away, and so do we."
            )
            return
        if not isinstance(bid, dict):
            self.add(path, "is not a mapping")
            return
        values = self.mapping(bid, path, "issuevalues")
        for issue, option in values.items():
            here = (*path, "issuevalues", issue)
            if not isinstance(option, str):
                self.add(here, "is not a text, as a discrete value is")
            else:
                draft.reservation_package[issue] = (option, self.tree.place(here))
        for issue in draft.weights:
            if values and issue not in values:
                self.add(path, f"says nothing of issue '{short(issue)}'; it has to be a full bid")


# --- out -----------------------------------------------------------------------------------------


def geniusweb_files(preferences: Preferences) -> dict[str, str]:
    """Files of the domain and of every party, name to content.

    Every evaluation must be between 0 and 1; links, discounts and reservation values without a
    package cannot be said.
    """
    domain = {
        "name": preferences.name,
        "issuesValues": {
            issue: {"values": list(options)} for issue, options in preferences.issues.items()
        },
    }
    files = {"domain.json": _text(domain)}
    names = [profile.actor for profile in preferences.profiles]
    for profile, stem in zip(preferences.profiles, file_stems(names, "domain"), strict=True):
        files[f"{stem}.json"] = _text({SPACE: _space(profile, domain)})
    return files


def _space(profile: Profile, domain: Mapping[str, Any]) -> dict[str, Any]:
    bid = dict(profile.reservation_package)
    return {
        "name": profile.actor,
        "domain": domain,
        "issueUtilities": {
            issue: {_UTILITIES[0]: {"valueUtilities": dict(options)}}
            for issue, options in profile.evaluations.items()
        },
        "issueWeights": dict(profile.weights),
        "reservationBid": {"issuevalues": bid} if bid else None,
    }


def _text(content: Any) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
