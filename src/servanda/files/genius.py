"""GENIUS: a domain and preference profiles in XML, discrete issues and additive utilities.

A folder holds one file of the domain (``<negotiation_template>``) and one for each party
(``<utility_space>``), named after it::

    <utility_space>
      <objective index="0" name="any" type="objective" etype="objective" description="">
        <issue index="1" name="Price" type="discrete" etype="discrete" vtype="discrete">
          <item index="1" value="low" evaluation="10" description=""/>
          <item index="2" value="high" evaluation="4" description=""/>
        </issue>
        <weight index="1" value="1.0"/>
      </objective>
      <discount_factor value="0.9"/>
      <reservation value="0.3"/>
    </utility_space>

**Three readings**, by name, of the evaluations of an issue:

- ``genius``, as its documentation has it: divided by their maximum when any exceeds 1, and left as
  they are otherwise;
- ``by-maximum``, as several of its releases compute it: always divided by their maximum (an issue
  whose evaluations are all 0 stays 0);
- ``as-written``: never divided.

The utility of a package is the sum of weight times evaluation.  A utility of 1 is 100 value points
of a scenario; where evaluations above 1 are left as they are, a utility of 1 is one point.
``reservation`` is what a party gets without an agreement, 0 when it is not said.  A utility at the
end of the negotiation is multiplied by ``discount_factor``; 0 in a file stands for none.

Reference: Lin et al. (2014), Genius: An Integrated Environment for Supporting the Design of Generic
Automated Negotiators, Computational Intelligence 30(1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, get_args
from xml.sax.saxutils import quoteattr

from servanda.errors import ExchangeError
from servanda.files.bounded import file_stems, read_bytes
from servanda.files.profiles import (
    Complaints,
    DomainDraft,
    ProfileDraft,
    assemble,
    read_number,
    short,
)
from servanda.files.xml_tree import Element, parse_xml
from servanda.files.yaml_tree import Place
from servanda.scenario.preferences import Preferences, Profile

Scaling = Literal["genius", "by-maximum", "as-written"]
SCALINGS: tuple[Scaling, ...] = get_args(Scaling)

_NAMELESS = ("", "any", "root")
_SMALLEST_MAXIMUM = 1e-5
"""Below this GENIUS takes every evaluation of an issue to be 0."""


def read_genius(files: Sequence[Path], *, scaling: Scaling = "genius") -> Preferences:
    """Read a domain and its profiles.

    Args:
        files: one domain and the profiles, in any order; without a domain, the issues are those of
            the first profile.
        scaling: how evaluations are read.

    Raises:
        ExchangeError: with everything that is wrong in any of them.
    """
    complaints = Complaints()
    domains, parties = _sorted_by_kind(files, complaints)
    for _, space in domains[1:]:
        complaints.add(space.place, (), f"a second domain; the first is {domains[0][0]}")
    if not parties:
        if not complaints.found:
            rule = "no preference profile among the files; a domain alone says nothing of wishes"
            complaints.add(Place(str(files[0]), 1, 1), (), rule)
        complaints.raise_if_any()
    notes: list[str] = []
    if not domains:
        notes.append(f"No domain file was given; the issues are those of {parties[0][0].name}.")
    domain = _domain(*(domains or parties)[0], complaints, quiet=not domains)
    drafts = [_profile(path, space, complaints, notes) for path, space in parties]
    read = assemble(domain, drafts, complaints, notes)
    notes = list(read.notes)
    profiles = tuple(_scaled(profile, scaling, notes) for profile in read.profiles)
    large = any(
        worth > 1.0
        for profile in profiles
        for options in profile.evaluations.values()
        for worth in options.values()
    )
    points = 1.0 if large else read.points
    return replace(read, profiles=profiles, notes=tuple(notes), points=points)


Space = tuple[Path, Element]


def _sorted_by_kind(
    files: Sequence[Path], complaints: Complaints
) -> tuple[list[Space], list[Space]]:
    """Domains, and profiles."""
    domains: list[Space] = []
    parties: list[Space] = []
    for path in files:
        try:
            root = parse_xml(read_bytes(path), str(path))
        except ExchangeError as error:
            complaints.found += error.complaints
            continue
        if root.tag == "negotiation_template":
            spaces = root.named("utility_space")
            if len(spaces) == 1:
                domains.append((path, spaces[0]))
            else:
                complaints.add(root.place, (), f"holds {len(spaces)} utility spaces, not one")
        elif root.tag != "utility_space":
            rule = f"<{short(root.tag)}> is neither a GENIUS domain nor a profile"
            complaints.add(root.place, (), rule)
        elif _is_profile(root):
            parties.append((path, root))
        else:
            domains.append((path, root))
    return domains, parties


def _is_profile(space: Element) -> bool:
    """Whether anything in it is about what a party wants."""
    for child in space.children:
        if child.tag in ("reservation", "discount_factor", "weight"):
            return True
        if child.tag == "objective" and child.named("weight"):
            return True
        for issue in child.named("issue"):
            if any("evaluation" in item.attributes for item in issue.named("item")):
                return True
    return False


def _objective(space: Element, complaints: Complaints) -> Element | None:
    """The one objective that holds the issues."""
    found = space.named("objective")
    if len(found) != 1:
        rule = f"needs one objective that holds the issues; found {len(found)}"
        complaints.add(space.place, (), rule)
        return None
    kind = space.attributes.get("type", "")
    if kind.lower() in ("nonlinear", "constraint", "hypervolume"):
        rule = f"a utility space of type '{short(kind)}'; only additive ones are read"
        complaints.add(space.place, (), rule)
        return None
    for child in (*space.children, *found[0].children):
        if child.tag == "objective" and child is not found[0]:
            rule = "an objective inside an objective; issues have to stand in one list"
            complaints.add(child.place, (), rule)
        elif child.tag not in _KNOWN:
            rule = f"<{short(child.tag)}> is not part of an additive utility space"
            complaints.add(child.place, (), rule)
    return found[0]


_KNOWN = ("objective", "issue", "weight", "reservation", "discount_factor")


def _issues(objective: Element, complaints: Complaints, *, quiet: bool = False) -> list[Element]:
    """Its discrete issues with a name, each name once; ``quiet`` when others complain of it."""
    found: dict[str, Element] = {}
    for issue in objective.named("issue"):
        name = issue.attributes.get("name", "").strip()
        kind = next(
            (issue.attributes[key] for key in _KINDS if issue.attributes.get(key)), "discrete"
        )
        if not name:
            fault = "an issue without a name"
        elif kind.lower() != "discrete":
            fault = f"an issue of type '{short(kind)}'; only discrete ones are read"
        elif name in found:
            fault = "an issue of this name stands here a second time"
        else:
            found[name] = issue
            continue
        if not quiet:
            complaints.add(issue.place, (name,) if name else (), fault)
    return list(found.values())


_KINDS = ("vtype", "etype", "type")


def _items(issue: Element, complaints: Complaints, *, quiet: bool = False) -> dict[str, Element]:
    """Options of an issue by name, each name once."""
    found: dict[str, Element] = {}
    name = issue.attributes["name"].strip()
    for item in issue.children:
        value = item.attributes.get("value", "").strip()
        if item.tag != "item":
            fault = f"<{short(item.tag)}> stands where an item is expected"
        elif not value:
            fault = "an item without a value, which is its name"
        elif value in found:
            fault = "an item of this value stands here a second time"
        else:
            found[value] = item
            continue
        if not quiet:
            complaints.add(item.place, (name, value) if value else (name,), fault)
    return found


def _domain(path: Path, space: Element, complaints: Complaints, *, quiet: bool) -> DomainDraft:
    """Issues and options; ``quiet`` when the file is also read as a profile, which complains."""
    heard = Complaints() if quiet else complaints
    objective = _objective(space, heard)
    name = objective.attributes.get("name", "").strip() if objective else ""
    if name.lower() in _NAMELESS:
        name = path.resolve().parent.name
    draft = DomainDraft(name, space.place)
    for issue in _issues(objective, complaints, quiet=quiet) if objective else []:
        key = issue.attributes["name"].strip()
        items = _items(issue, complaints, quiet=quiet)
        draft.places[key] = issue.place
        draft.issues[key] = {option: item.place for option, item in items.items()}
    return draft


def _profile(path: Path, space: Element, complaints: Complaints, notes: list[str]) -> ProfileDraft:
    draft = ProfileDraft(path.stem, space.place)
    objective = _objective(space, complaints)
    if objective is None:
        return draft
    at: dict[str, str] = {}
    for issue in _issues(objective, complaints):
        name = issue.attributes["name"].strip()
        index = issue.attributes.get("index", "").strip()
        if index in at:
            rule = f"its index {short(index)} is already that of '{short(at[index])}'"
            complaints.add(issue.place, (name,), rule)
        at[index] = name
        draft.places[name] = issue.place
        draft.evaluations[name] = {}
        for option, item in _items(issue, complaints).items():
            draft.option_places[name, option] = item.place
            number = _number(item, "evaluation", (name, option), complaints)
            if number is not None:
                draft.evaluations[name][option] = (number, item.place)
    for weight in [*objective.named("weight"), *space.named("weight")]:
        index = weight.attributes.get("index", "").strip()
        number = _number(weight, "value", ("weight", index), complaints)
        if index not in at:
            rule = f"a weight for index '{short(index)}', which no issue has"
            complaints.add(weight.place, ("weight", index), rule)
        elif at[index] in draft.weights:
            complaints.add(weight.place, (at[index],), "a second weight for this issue")
        else:  # one that cannot be read is complained about already
            draft.weights[at[index]] = (0.0 if number is None else number, weight.place)
    _reservation_and_discount(space, objective, draft, complaints, notes)
    return draft


def _reservation_and_discount(
    space: Element,
    objective: Element,
    draft: ProfileDraft,
    complaints: Complaints,
    notes: list[str],
) -> None:
    found: dict[str, float] = {}
    for tag in ("reservation", "discount_factor"):
        for element in [*space.named(tag), *objective.named(tag)]:
            number = _number(element, "value", (tag,), complaints)
            if tag in found:
                complaints.add(element.place, (tag,), "stands here a second time")
            found[tag] = number or 0.0
            if tag == "discount_factor" and number is not None and not 0 <= number <= 1:
                complaints.add(element.place, (tag,), f"{number:g} is outside [0, 1]")
    if "reservation" not in found:
        notes.append(
            f"'{short(draft.actor)}' states no reservation value; GENIUS takes 0, and so do we."
        )
    draft.reservation = found.get("reservation", 0.0)
    draft.discount = found.get("discount_factor", 0.0) or 1.0


def _number(
    element: Element, attribute: str, path: tuple[str, ...], complaints: Complaints
) -> float | None:
    """A number in an attribute; None when it is missing, or complained about."""
    text = element.attributes.get(attribute)
    if text is None or text.strip() in ("", "null"):
        if attribute == "value":
            complaints.add(element.place, path, "has no value")
        return None
    number = read_number(text)
    if number is None:
        complaints.add(element.place, path, f"'{short(text)}' is not a finite number")
        return 0.0
    return number


def _scaled(profile: Profile, scaling: Scaling, notes: list[str]) -> Profile:
    """The profile with its evaluations divided as the reading has it."""
    divided: list[str] = []
    evaluations: dict[str, Mapping[str, float]] = {}
    for issue, options in profile.evaluations.items():
        largest = max(options.values())
        if scaling == "as-written" or (scaling == "genius" and largest <= 1.0):
            evaluations[issue] = options
        elif largest < _SMALLEST_MAXIMUM:
            evaluations[issue] = dict.fromkeys(options, 0.0)
        else:
            evaluations[issue] = {option: worth / largest for option, worth in options.items()}
            if largest != 1.0:
                divided.append(issue)
    if divided:
        names = ", ".join(f"'{short(issue)}'" for issue in divided[:5])
        more = f" and {len(divided) - 5} more" if len(divided) > 5 else ""
        notes.append(
            f"'{short(profile.actor)}': evaluations of {names}{more} were divided by their maximum "
            f"(reading: {scaling})."
        )
    return replace(profile, evaluations=evaluations)


# --- out -----------------------------------------------------------------------------------------


def genius_files(preferences: Preferences) -> dict[str, str]:
    """The files of a folder, name to content; read again as ``genius`` they say the same.

    Every evaluation must be between 0 and 1, and links cannot be said.
    """
    domain = ["<negotiation_template>", *_space_lines(preferences, None), "</negotiation_template>"]
    files = {"domain.xml": "\n".join(domain) + "\n"}
    names = [profile.actor for profile in preferences.profiles]
    for profile, stem in zip(preferences.profiles, file_stems(names, "domain"), strict=True):
        lines = _space_lines(preferences, profile)
        files[f"{stem}.xml"] = "\n".join(lines) + "\n"
    return files


def _space_lines(preferences: Preferences, profile: Profile | None) -> list[str]:
    lines = [
        f'<utility_space number_of_issues="{len(preferences.issues)}">',
        f'  <objective index="0" name={_quoted(preferences.name)} type="objective" '
        'etype="objective" description="">',
    ]
    for number, (issue, options) in enumerate(preferences.issues.items(), start=1):
        lines.append(
            f'    <issue index="{number}" name={_quoted(issue)} type="discrete" '
            'etype="discrete" vtype="discrete">'
        )
        for place, option in enumerate(options, start=1):
            worth = ""
            if profile is not None:
                worth = f' evaluation="{profile.evaluations[issue][option]!r}"'
            lines.append(
                f'      <item index="{place}" value={_quoted(option)}{worth} description=""/>'
            )
        lines.append("    </issue>")
    if profile is None:
        return [*lines, "  </objective>", "</utility_space>"]
    lines += [
        f'    <weight index="{number}" value="{profile.weights[issue]!r}"/>'
        for number, issue in enumerate(preferences.issues, start=1)
    ]
    lines += ["  </objective>", f'  <discount_factor value="{profile.discount!r}"/>']
    if profile.reservation is not None:
        lines.append(f'  <reservation value="{profile.reservation!r}"/>')
    return [*lines, "</utility_space>"]


def _quoted(text: str) -> str:
    """``text`` as the value of an attribute; what XML cannot hold becomes U+FFFD."""
    return quoteattr("".join(char if _allowed(char) else "\ufffd" for char in text))


def _allowed(char: str) -> bool:
    code = ord(char)
    if code < 32:
        return code in (9, 10, 13)
    return not 0xD800 <= code <= 0xDFFF and code not in (0xFFFE, 0xFFFF)
