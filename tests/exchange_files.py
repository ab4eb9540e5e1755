"""Small files of other programs, written here, with utilities worked out by hand."""

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from servanda.scenario.preferences import Preferences, Profile

DOMAIN = """<negotiation_template>
<utility_space number_of_issues="2">
<objective index="0" name="Shop" type="objective" etype="objective" description="">
<issue index="1" name="Unit price" type="discrete" etype="discrete" vtype="discrete">
<item index="1" value="low" cost="3" description=""/>
<item index="2" value="high" description=""/>
</issue>
<issue index="2" name="Delivery" type="discrete" etype="discrete" vtype="discrete">
<item index="1" value="1 week" description=""/>
<item index="2" value="4 weeks" description=""/>
</issue>
</objective>
</utility_space>
</negotiation_template>
"""

PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<utility_space number_of_issues="2">
<objective index="0" name="any" type="objective" etype="objective" description="">
<issue index="1" name="Unit price" type="discrete" etype="discrete" vtype="discrete">
<item index="1" value="low" evaluation="{low}"/>
<item index="2" value="high" evaluation="{high}"/>
</issue>
<issue index="2" name="Delivery" type="discrete" etype="discrete" vtype="discrete">
<item index="2" value="4 weeks" evaluation="0.4"/>
<item index="1" value="1 week" evaluation="0.8"/>
</issue>
<weight index="2" value="0.25"/>
<weight index="1" value="0.75"/>
</objective>
<discount_factor value="0.8"/>
<reservation value="{reservation}"/>
</utility_space>
"""
BUYER = PROFILE.format(low="10", high="4", reservation="0.3")
SELLER = PROFILE.format(low="2", high="8", reservation="0.25")

PACKAGES = [
    {"Unit price": price, "Delivery": delivery}
    for price in ("low", "high")
    for delivery in ("1 week", "4 weeks")
]
BUYER_UTILITIES = {
    # 0.75 · 10/10 + 0.25 · 0.8, and so on
    "genius": [0.95, 0.85, 0.50, 0.40],
    # 0.75 · 10/10 + 0.25 · 0.8/0.8
    "by-maximum": [1.00, 0.875, 0.55, 0.425],
    # 0.75 · 10 + 0.25 · 0.8
    "as-written": [7.70, 7.60, 3.20, 3.10],
}


def genius_folder(folder: Path, **files: str) -> list[Path]:
    """The shop, with some of its files replaced (None leaves one out)."""
    folder.mkdir(exist_ok=True)
    wanted = {"domain": DOMAIN, "buyer": BUYER, "seller": SELLER} | files
    paths = []
    for name, text in wanted.items():
        if text is not None:
            path = folder / f"{name}.xml"
            path.write_text(text, encoding="utf-8")
            paths.append(path)
    return paths


VALUES = {"price": {"values": ["low", "high"]}, "delivery": {"values": ["1 week", "4 weeks"]}}


def web_profile(name: str, low: float, high: float, **more: Any) -> dict[str, Any]:
    """A GeniusWeb profile of the shop."""
    space = {
        "name": name,
        "domain": {"name": "shop", "issuesValues": VALUES},
        "issueUtilities": {
            "price": {"DiscreteValueSetUtilities": {"valueUtilities": {"low": low, "high": high}}},
            "delivery": {"discreteutils": {"valueUtilities": {"1 week": 1, "4 weeks": 0.5}}},
        },
        "issueWeights": {"price": 0.75, "delivery": 0.25},
        "reservationBid": {"issuevalues": {"price": "high", "delivery": "4 weeks"}},
    }
    return {"LinearAdditiveUtilitySpace": space | more}


def web_folder(folder: Path, *profiles: dict[str, Any]) -> list[Path]:
    """Profiles as files."""
    folder.mkdir(exist_ok=True)
    paths = []
    for number, profile in enumerate(
        profiles or (web_profile("buyer", 1, 0.4), web_profile("seller", 0.25, 1))
    ):
        path = folder / f"profile{number}.json"
        path.write_text(json.dumps(profile, indent=1), encoding="utf-8")
        paths.append(path)
    return paths


TABLE = """issue:land,issue:treaty,value:hill,value:dale
,,31.5,40
line,none,20,60
line,signed,70,44
ceded,none,-5,80
ceded,signed,45,64
"""


# --- random ones -------------------------------------------------------------------------------

_CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"))
NAMES = (
    st.text(_CHARACTERS, min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda name: name and name.lower() not in ("any", "root"))
)
ACTORS = (
    st.text("abcdefghij -_.0123456789", min_size=1, max_size=10)
    .map(lambda name: f"p{name}".strip(" ."))
    .filter(lambda name: name != "domain")
)
SHARES = st.floats(0.0, 1.0, allow_subnormal=False)


@st.composite
def wishes(draw: st.DrawFn, *, bids: bool = False) -> Preferences:
    """Random issues and profiles, evaluations in [0, 1], weights that sum to 1."""
    issues = {
        issue: tuple(draw(st.lists(NAMES, min_size=1, max_size=4, unique=True)))
        for issue in draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    }
    profiles = []
    for actor in draw(st.lists(ACTORS, min_size=2, max_size=3, unique_by=str.casefold)):
        raw = [draw(st.integers(1, 20)) for _ in issues]
        weights = {issue: part / sum(raw) for issue, part in zip(issues, raw, strict=True)}
        evaluations = {
            issue: {option: draw(SHARES) for option in options} for issue, options in issues.items()
        }
        bid = {issue: draw(st.sampled_from(options)) for issue, options in issues.items()}
        profile = Profile(actor, weights, evaluations)
        profiles.append(
            Profile(
                actor,
                weights,
                evaluations,
                reservation=profile.utility(bid) if bids else draw(SHARES),
                reservation_package=bid if bids else {},
                discount=1.0 if bids else draw(st.floats(0.01, 1.0)),
            )
        )
    return Preferences(draw(NAMES), issues, tuple(profiles))
