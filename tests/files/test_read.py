"""A scenario file: safely read, within bounds, every complaint at its place."""

import time
from pathlib import Path

import pytest

from scenario_files import TEXT, complaints_of, edited, place_of, write
from servanda.errors import MOST_PRINTED, NotFoundError, ScenarioError
from servanda.files.read import find, read_scenario, shipped, short_name
from servanda.files.yaml_tree import MAX_BYTES, MAX_NODES


def places(file: str, **options) -> list[tuple[str, int, int, str]]:
    return [(one.file, one.line, one.column, one.path) for one in complaints_of(file, **options)]


# --- places ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "at", "path"),
    [
        (
            "[land.handed-over]\n    without",
            "[land.handed-ovre]\n    without",
            "land.handed-ovre",
            "red-lines.no-land-without-guarantee.never.0",
        ),
        (
            "credibility: {value: 0.5, low: 0.3, high: 0.7,",
            "credibility: {value: 0.5, low: 0.3, high: 1.7,",
            "1.7,",
            "guarantees.treaty.credibility.high",
        ),
        ("conditional:", "xconditional:", "xconditional:", "guarantees.treaty.xconditional"),
        ("moves: {belt: rival}", "moves: {belt: rivl}", "rivl}", "steps.leave-belt.moves.belt"),
        ("    protects: holder\n", "", "treaty:\n    name", "guarantees.treaty.protects"),
        ("title: ", "titlee: ", "titlee", "titlee"),
    ],
)
def test_a_complaint_stands_where_the_mistake_is(
    tmp_path: Path, old: str, new: str, at: str, path: str
) -> None:
    text = edited((old, new))
    assert ("uplands.yaml", *place_of(text, at), path) in places(write(tmp_path, text))


def test_all_complaints_come_in_reading_order(tmp_path: Path) -> None:
    text = edited(
        ("requires: [ceasefire]", "requires: [ceasfire]"),
        ("at: [48.7, 37.6]", "at: [48.7, north]"),
        ("conditional: true", "conditional: maybe"),
        ("weight: {holder: 0.5, rival: 0.6", "weight: {holder: 0.4, rival: 0.6"),
    )
    found = complaints_of(write(tmp_path, text))
    assert [one.path for one in found] == [
        "parcels.belt.at.1",
        "issues.land.weight.holder",
        "steps.leave-belt.requires.0",
        "guarantees.treaty.conditional",
    ]
    assert [one.line for one in found] == sorted(one.line for one in found)


def test_the_message_ends_with_the_count(tmp_path: Path) -> None:
    file = write(tmp_path, edited(("title: ", "titlee: ")))
    with pytest.raises(ScenarioError) as error:
        read_scenario(file)
    last = str(error.value).splitlines()[-1]
    assert last == "2 complaints, nothing was computed."
    line = "uplands.yaml:11:1  titlee: no such field 'titlee'. Did you mean 'title'?"
    assert line in str(error.value).splitlines()


# --- how a file may be written -----------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        TEXT,
        TEXT.replace("\n", "\r\n"),
        "\ufeff" + TEXT,
        TEXT.replace("adds-strength: 0.3", 'adds-strength: "0.3"'),
        TEXT.replace("adds-strength: 0.3", "adds-strength: 30%"),
    ],
    ids=["as it is", "CRLF", "byte order mark", "quoted number", "percentage"],
)
def test_what_reads_the_same(tmp_path: Path, content: str) -> None:
    plain = read_scenario(write(tmp_path, TEXT, "plain.yaml"))
    assert read_scenario(write(tmp_path, content)) == plain


def test_crlf_does_not_move_places(tmp_path: Path) -> None:
    text = edited(("rival: {name: Rival", "rival: {namee: Rival"))
    unix = places(write(tmp_path, text))
    assert places(write(tmp_path, text.replace("\n", "\r\n"))) == unix


@pytest.mark.parametrize(
    ("content", "place", "words"),
    [
        ("", (1, 1), "the file is empty"),
        ("# nothing but a comment\n", (1, 1), "the file is empty"),
        ("- a\n- b\n", (1, 1), "a mapping of sections"),
        ("hello", (1, 1), "a mapping of sections"),
        (b"title: a\nnote: \xff", (2, 7), "not UTF-8"),
        ("a: 1".encode("utf-16"), (1, 1), "not UTF-8"),
        ("a: [1, 2\nb: 3", (2, 2), "not readable as YAML"),
        ("title: \x1b[31m", (1, 8), "U+001B"),
        (TEXT + "---\na: 1\n", (TEXT.count("\n") + 2, 1), "a second document"),
        ("? [a, b]\n: 1\n", (1, 3), "a key must be a plain word"),
    ],
    ids=["empty", "comment", "list", "word", "latin-1", "utf-16", "yaml", "control", "two", "key"],
)
def test_what_cannot_be_read_at_all(
    tmp_path: Path, content: str | bytes, place: tuple[int, int], words: str
) -> None:
    (complaint,) = complaints_of(write(tmp_path, content))
    assert complaint.path == "(file)"
    assert words in complaint.rule
    assert (complaint.line, complaint.column) == place


@pytest.mark.parametrize("number", [".nan", ".inf", "-.INF", "1e999", "+.inf"])
def test_numbers_that_are_not_finite_are_refused_by_path(tmp_path: Path, number: str) -> None:
    text = edited(("holder: {value: 6,", f"holder: {{value: {number},"))
    found = complaints_of(write(tmp_path, text))
    assert [one.path for one in found] == ["war.costs.holder.value"]
    assert "is not a finite number" in found[0].rule


def test_a_key_that_stands_twice(tmp_path: Path) -> None:
    (complaint,) = complaints_of(
        write(tmp_path, edited(("    months: 2", "    months: 1\n    months: 2")))
    )
    assert complaint.path == "steps.leave-belt.months"
    assert "a second time" in complaint.rule


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("!!python/object/apply:os.system [echo]", "tag 'tag:yaml.org,2002:python/object"),
        ("!secret x", "tag '!secret' is not allowed"),
        ("&anchor x", "anchors"),
        ("*anchor", "aliases"),
        ("!!binary aGk=", "tag 'tag:yaml.org,2002:binary'"),
    ],
)
def test_nothing_is_made_from_tags_anchors_and_aliases(
    tmp_path: Path, value: str, words: str
) -> None:
    found = complaints_of(
        write(tmp_path, edited(('title: "Talks in the uplands"', f"title: {value}")))
    )
    assert any(words in one.rule and one.line for one in found)


# --- bounds ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a: " + "[" * 50_000, "levels deep"),
        ("{a: " * 50_000, "levels deep"),
        ("".join(" " * depth + "a:\n" for depth in range(500)), "levels deep"),
        ("a: [" + "1," * (MAX_NODES + 10) + "]", "100,000 values"),
        ("a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]", "aliases"),
        ("title: " + "x" * MAX_BYTES, "10,000,000 bytes"),
    ],
    ids=["list", "flow", "block", "nodes", "laughs", "bytes"],
)
def test_bombs_are_refused_soon(tmp_path: Path, content: str, words: str) -> None:
    file = write(tmp_path, content)
    start = time.perf_counter()
    found = complaints_of(file)
    assert time.perf_counter() - start < 30  # seconds where it is a bomb only if unbounded
    assert any(words in one.rule for one in found)


def test_a_long_text_is_cut_short_in_complaints(tmp_path: Path) -> None:
    text = edited(("form: treaty", f"form: {'x' * 100_000}"))
    with pytest.raises(ScenarioError) as error:
        read_scenario(write(tmp_path, text))
    assert len(str(error.value)) < 1000


def test_only_the_first_of_very_many_complaints_are_printed(tmp_path: Path) -> None:
    text = TEXT + "".join(f"unknown-{number}: 1\n" for number in range(MOST_PRINTED + 20))
    with pytest.raises(ScenarioError) as error:
        read_scenario(write(tmp_path, text))
    assert len(str(error.value).splitlines()) == MOST_PRINTED + 2
    assert "... and 20 more." in str(error.value)


@pytest.mark.parametrize("name", ["\\e]0;owned\\a", "\\u202Eevil", "a\\nb", "\\0"])
def test_hostile_names_cannot_steer_the_screen(tmp_path: Path, name: str) -> None:
    text = edited(("holder: {name: Holder", f'"{name}": {{}}\n  holder: {{name: Holder'))
    with pytest.raises(ScenarioError) as error:
        read_scenario(write(tmp_path, text))
    lines = str(error.value).splitlines()
    assert len(lines) == len(error.value.complaints) + 1
    assert all(line.isprintable() for line in lines)


# --- include -----------------------------------------------------------------------------------

HEAD, GUARANTEES = TEXT.split("guarantees:\n")
GUARANTEES, WAR = GUARANTEES.split("# -----", 1)
WAR = "# -----" + WAR


def split(folder: Path, *, include: str = "[guarantees.yaml]", part: str = "") -> str:
    write(folder, part or "guarantees:\n" + GUARANTEES, "guarantees.yaml")
    return write(folder, f"include: {include}\n" + HEAD + WAR)


def test_a_scenario_may_be_spread_over_files(tmp_path: Path) -> None:
    whole = read_scenario(write(tmp_path, TEXT, "whole.yaml"))
    assert read_scenario(split(tmp_path)) == whole


def test_a_complaint_about_an_included_file_stands_in_it(tmp_path: Path) -> None:
    part = "guarantees:\n" + GUARANTEES.replace("protects: holder", "protects: holdr")
    (complaint,) = complaints_of(split(tmp_path, part=part))
    assert (complaint.file, *place_of(part, "holdr")) == (
        complaint.file,
        complaint.line,
        complaint.column,
    )
    assert complaint.file == "guarantees.yaml"


@pytest.mark.parametrize(
    ("include", "words"),
    [
        ("[../outside.yaml]", "outside the scenario's folder"),
        ("[/etc/hostname]", "outside the scenario's folder"),
        ("[link.yaml]", "outside the scenario's folder"),
        ("[nowhere.yaml]", "there is no file"),
        ("[folder]", "there is no file"),
        ('["\\0"]', "is not the name of a file"),
        ("[uplands.yaml]", "part of the scenario already"),
        ("[guarantees.yaml, guarantees.yaml]", "part of the scenario already"),
        ("guarantees.yaml", "is a list of file names"),
    ],
)
def test_what_may_not_be_included(tmp_path: Path, include: str, words: str) -> None:
    inside = tmp_path / "inside"
    (inside / "folder").mkdir(parents=True)
    outside = tmp_path / "outside.yaml"
    outside.write_text("guarantees:\n" + GUARANTEES, encoding="utf-8")
    (inside / "link.yaml").symlink_to(outside)
    found = complaints_of(split(inside, include=include))
    assert any(
        words in one.rule and one.path.startswith("include") and one.line == 1 for one in found
    )


@pytest.mark.parametrize(
    ("part", "path", "words"),
    [
        ("include: [uplands.yaml]\n", "include", "only the scenario's own file"),
        (
            "steps:\n  ceasefire: {by: [holder], serves: [land.handed-over]}\n",
            "steps.ceasefire",
            "stands in two files",
        ),
        ("title: Another\n", "title", "stands in two files"),
        ("- a\n", "(file)", "a mapping of sections"),
    ],
)
def test_what_an_included_file_may_not_say(
    tmp_path: Path, part: str, path: str, words: str
) -> None:
    found = complaints_of(split(tmp_path, part=part + "\n"))
    assert any(
        words in one.rule and (one.file, one.path) == ("guarantees.yaml", path) for one in found
    )


# --- names -------------------------------------------------------------------------------------


def test_a_name_nobody_knows_brings_the_nearest() -> None:
    with pytest.raises(NotFoundError) as error:
        read_scenario("geneva-2062")
    assert "Did you mean 'geneva-2026'?" in str(error.value)


@pytest.mark.parametrize("name", ["", "\0", "x" * 5000, "a/b/c"])
def test_a_name_no_file_can_have_is_not_found(name: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotFoundError):
        find(name)


def test_a_folder_with_a_scenario_can_be_named(tmp_path: Path) -> None:
    (tmp_path / "uplands").mkdir()
    write(tmp_path / "uplands", TEXT, "scenario.yaml")
    assert read_scenario(str(tmp_path / "uplands")).title == "Talks in the uplands"
    assert short_name(str(tmp_path / "uplands")) == "uplands"
    assert short_name(write(tmp_path, TEXT, "mine.yaml")) == "mine"
    assert short_name("geneva-2026") == "geneva-2026"


@pytest.mark.parametrize("name", sorted(shipped()))
def test_what_ships_has_no_complaint(name: str) -> None:
    assert read_scenario(name).title
