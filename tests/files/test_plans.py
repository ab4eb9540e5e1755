"""Plan files: read, complained about with their places, written so that they read back."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda import workbench
from servanda.errors import NotFoundError, ScenarioError
from servanda.files.plans import is_plan, plan_text, read_plan, scenario_named_in
from servanda.scenario.planned import PlannedOrder, PlannedStage

NAME = "two-step-territory-and-guarantee"
SCENARIO = workbench.read(NAME)
GENEVA = workbench.read("geneva-2026")
BOTH = {"land": "handed-over", "guarantee": "treaty"}
GOOD = """\
servanda-plan: 1
title: Guarantee first
scenario: two-step-territory-and-guarantee
package: {land: handed-over, guarantee: treaty}
stages:
- guarantee-in-force
- hand-over
"""


def asked(name: str) -> dict[str, str]:
    if name in {"", "7"}:
        return BOTH
    raise NotFoundError("deal", name, ["7"])


def read(folder: Path, text: str, scenario=SCENARIO, name: str = NAME) -> PlannedOrder:
    path = folder / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    return read_plan(path, scenario, name, asked)


def complaints(folder: Path, text: str, **options) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        read(folder, text, **options)
    return str(caught.value).splitlines()


def test_a_plan_is_read(tmp_path: Path) -> None:
    plan = read(tmp_path, GOOD)
    assert plan.title == "Guarantee first"
    assert plan.options == BOTH
    assert plan.stages == (
        PlannedStage(("guarantee-in-force",), False),
        PlannedStage(("hand-over",), False),
    )
    assert is_plan(tmp_path / "plan.yaml")
    assert scenario_named_in(tmp_path / "plan.yaml") == NAME


def test_the_scenario_says_whether_an_exchange_is_verified_unless_the_plan_does(
    tmp_path: Path,
) -> None:
    head = "servanda-plan: 1\nstages:\n- "
    declared = read(tmp_path, head + "[hand-over, guarantee-in-force]\n")
    assert declared.stages == (PlannedStage(("hand-over", "guarantee-in-force"), True),)
    said = head + "{steps: [hand-over, guarantee-in-force], verified: false}\n"
    assert read(tmp_path, said).stages[0].verified is False
    assert declared.title == "plan"


def test_a_deal_may_be_named_by_number_and_the_rest_be_left_as_it_is(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD.replace("{land: handed-over, guarantee: treaty}", "7")) == read(
        tmp_path, GOOD
    )
    text = "servanda-plan: 1\npackage: {land: handed-over}\nrest: status-quo\nstages: [hand-over]\n"
    assert read(tmp_path, text).options == {"land": "handed-over", "guarantee": "none"}


def test_everything_that_is_wrong_is_said_at_once_with_its_place(tmp_path: Path) -> None:
    text = """\
servanda-plan: 1
scenario: geneva
packages: 3
package:
  land: handed-ovre
stages:
- hand-ovr
- hand-over
- [hand-over, guarantee-in-force]
- {steps: [hand-over], verifid: true}
note: [1]
"""
    said = complaints(tmp_path, text)
    assert said == [
        "plan.yaml:2:11  scenario: this plan is for the scenario 'geneva', not for "
        "'two-step-territory-and-guarantee'",
        "plan.yaml:3:1  packages: no such field; a plan has servanda-plan, title, scenario, "
        "package, rest, stages, note, sources. Did you mean 'package'?",
        "plan.yaml:4:1  package: says nothing on 'guarantee'; name an option, or write "
        "'rest: status-quo'",
        "plan.yaml:5:9  package.land: issue 'land' has no option 'handed-ovre'. Did you mean "
        "'handed-over'?",
        "plan.yaml:7:3  stages.0.0: no step 'hand-ovr'. Did you mean 'hand-over'?",
        "plan.yaml:9:4  stages.2.0: 'hand-over' occurs a second time.",
        "plan.yaml:10:3  stages.3: says 'verified: true' or 'verified: false'",
        "plan.yaml:10:12  stages.3.0: 'hand-over' occurs a second time.",
        "plan.yaml:10:24  stages.3.verifid: no such field; a stage has steps and verified. Did "
        "you mean 'verified'?",
        "plan.yaml:11:7  note: is a text",
        "10 complaints, nothing was computed.",
    ]


def test_steps_against_their_package(tmp_path: Path) -> None:
    none = GOOD.replace("guarantee: treaty", "guarantee: none")
    assert complaints(tmp_path, none) == [
        "plan.yaml:6:3  stages.0.0: the package has no step 'guarantee-in-force': it serves "
        "'guarantee.treaty'.",
        "1 complaint, nothing was computed.",
    ]
    assert complaints(tmp_path, GOOD.replace("- hand-over\n", ""))[0] == (
        "plan.yaml:5:1  stages: 'hand-over' is missing; the package needs it."
    )
    assert (
        "no deal '8'"
        in complaints(tmp_path, GOOD.replace("{land: handed-over, guarantee: treaty}", "8"))[0]
    )


def test_prerequisites_and_exchanges_nobody_declared(tmp_path: Path) -> None:
    scenario = SCENARIO.model_copy(
        update={
            "steps": {
                **SCENARIO.steps,
                "hand-over": SCENARIO.steps["hand-over"].model_copy(
                    update={"requires": ("guarantee-in-force",)}
                ),
            },
            "exchanges": {},
        }
    )
    text = "servanda-plan: 1\nstages:\n- [hand-over, guarantee-in-force]\n"
    said = complaints(tmp_path, text, scenario=scenario)
    assert said[0].startswith(
        "plan.yaml:3:3  stages.0: the scenario declares no exchange of 'hand-over', "
        "'guarantee-in-force'; say here whether it is verified"
    )
    assert said[1] == (
        "plan.yaml:3:4  stages.0.0: 'hand-over' begins before 'guarantee-in-force' is done."
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "a plan is a mapping"),
        ("- a\n", "a plan is a mapping"),
        ("servanda-plan: 2\nstages: [hand-over]\n", "a plan begins with 'servanda-plan: 1'"),
        ("servanda-plan: 1\n", "is a list of stages"),
        ("servanda-plan: 1\nstages: [[]]\n", "is a step, a list of steps"),
        ("servanda-plan: 1\nstages: [1]\n", "is a step, a list of steps"),
        ("servanda-plan: 1\nrest: all\nstages: [hand-over]\n", "can only be 'status-quo'"),
        ("servanda-plan: 1\npackage: true\nstages: [hand-over]\n", "is a mapping of issues"),
        ("servanda-plan: 1\nstages: &a [hand-over]\n", "anchors"),
        ("servanda-plan: 1\nstages: *a\n", "aliases"),
        ("a: [", "not readable as YAML"),
    ],
)
def test_what_is_no_plan_is_refused(text: str, words: str, tmp_path: Path) -> None:
    assert words in "\n".join(complaints(tmp_path, text))


def test_a_large_file_is_not_read(tmp_path: Path) -> None:
    assert "at most 200,000 are read" in complaints(tmp_path, "#" * 200_001)[0]
    assert not is_plan(tmp_path / "none.yaml")
    with pytest.raises(NotFoundError, match="no file"):
        read_plan(tmp_path / "none.yaml", SCENARIO, NAME, asked)


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)


@settings(max_examples=60)
@given(TEXTS, TEXTS, st.lists(TEXTS.filter(bool), max_size=2), st.sampled_from([None, True, False]))
def test_a_plan_that_is_written_reads_back(title, note, sources, exchange) -> None:
    import tempfile

    stages = (PlannedStage(("guarantee-in-force",), False), PlannedStage(("hand-over",), False))
    if exchange is not None:
        stages = (PlannedStage(("guarantee-in-force", "hand-over"), exchange),)
    plan = PlannedOrder(title or "x", BOTH, stages, NAME, note, tuple(sources))
    with tempfile.TemporaryDirectory() as folder:
        assert read(Path(folder), plan_text(plan)) == plan


@settings(max_examples=60)
@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.yaml"
        path.write_text("servanda-plan: 1\n" + text, encoding="utf-8", errors="replace")
        with pytest.raises(ScenarioError):
            read_plan(path, GENEVA, "geneva-2026", asked)
