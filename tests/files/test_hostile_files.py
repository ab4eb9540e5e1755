"""Files that mean harm are refused in one clear message, at once, and without being read whole."""

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange_files import BUYER, TABLE, genius_folder, web_profile
from servanda.errors import ExchangeError, NotFoundError
from servanda.files import bounded, json_tree, xml_tree
from servanda.files.bounded import file_stems
from servanda.files.genius import read_genius
from servanda.files.json_tree import parse_json
from servanda.files.tables import parquet_bytes, read_csv
from servanda.files.xml_tree import parse_xml
from servanda.workbench import import_files

BOMB = (
    "<?xml version='1.0'?>\n<!DOCTYPE lolz [\n<!ENTITY a0 'lol'>\n"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>\n" for n in range(1, 10))
    + "]>\n<utility_space>&a9;</utility_space>"
)
QUADRATIC = f"<!DOCTYPE x [<!ENTITY a '{'a' * 50_000}'>]><x>{'&a;' * 50_000}</x>"


def refusal(text: str | bytes) -> str:
    """What is said of an XML document, with line and column."""
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(ExchangeError) as error:
        parse_xml(data, "x.xml")
    (one,) = error.value.complaints
    assert one.line >= 1
    return str(one)


@pytest.mark.parametrize("text", [BOMB, QUADRATIC], ids=["billion laughs", "quadratic"])
def test_an_entity_bomb_goes_off_nowhere(text: str) -> None:
    start = time.perf_counter()
    assert "<!DOCTYPE) is not allowed" in refusal(text)
    assert time.perf_counter() - start < 0.2


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE x SYSTEM 'http://127.0.0.1:9/x.dtd'><x/>",
        "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x a='&e;'/>",
        "<!DOCTYPE x [<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;]><x/>",
        "<!DOCTYPE x PUBLIC '-//W3C//DTD XHTML 1.0//EN' 'http://127.0.0.1:9/x'><x/>",
        "<!DOCTYPE x><x/>",
    ],
)
def test_no_document_type_is_read_and_nothing_fetched(text: str, monkeypatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("something was opened")

    monkeypatch.setattr("builtins.open", fail)
    monkeypatch.setattr("socket.socket", fail)
    said = refusal(text)
    assert said.startswith("x.xml:1:")
    assert said.endswith("(file): a document type declaration (<!DOCTYPE) is not allowed")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<x>&undeclared;</x>", "undefined entity"),
        ("<x a='&undeclared;'/>", "undefined entity"),
        ("", "no element found"),
        ("<x>", "no element found"),
        ("<x>\n<y></x>", "x.xml:2:6  (file): not readable as XML: mismatched tag"),
        ("<x a='1' a='2'/>", "duplicate attribute"),
        ("<x/><y/>", "junk after document element"),
        ("<x>\x00</x>", "not readable as XML"),
        (b"<x>\n \xff</x>", "x.xml:2:2  (file): the file is not UTF-8"),
        ("<x/>".encode("utf-16"), "not UTF-8"),
        ("<?xml version='1.0' encoding='ISO-8859-1'?><x a='é'/>", "says it is ISO-8859-1"),
        ("<a>" * 41 + "</a>" * 41, "nested more than 40 levels"),
    ],
)
def test_what_is_not_well_formed(text: str | bytes, words: str) -> None:
    assert words in refusal(text)


def test_a_declared_encoding_does_not_matter_where_it_makes_no_difference() -> None:
    assert parse_xml(b"<?xml version='1.0' encoding='ISO-8859-1'?><x a='e'/>", "x").tag == "x"


def test_elements_are_counted(monkeypatch) -> None:
    monkeypatch.setattr(xml_tree, "MAX_ELEMENTS", 10)
    assert "more than 10 elements" in refusal(f"<x>{'<y/>' * 10}</x>")


def test_a_gigabyte_is_refused_by_its_size_alone(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "huge.xml"
    with path.open("wb") as file:
        file.truncate(1 << 30)  # sparse: takes no room
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("it was opened"))
    start = time.perf_counter()
    with pytest.raises(ExchangeError, match="1,073,741,824 bytes; at most 10,000,000 are read"):
        read_genius([path])
    assert time.perf_counter() - start < 0.2


def test_what_grows_while_it_is_read(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "x.xml"
    path.write_bytes(b"x" * 11)
    monkeypatch.setattr(bounded, "check_size", lambda *_, **__: None)
    with pytest.raises(ExchangeError, match="more than 10 bytes"):
        bounded.read_bytes(path, limit=10)


def test_devices_and_pipes_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (Path(os.devnull), tmp_path / "pipe", tmp_path):
        with pytest.raises(ExchangeError, match="not a regular file"):
            bounded.read_bytes(path)
    for path in (tmp_path / "none", Path("a\0b"), Path("x" * 5000)):
        with pytest.raises(NotFoundError):
            bounded.read_bytes(path)


def test_names_in_complaints_are_cut_and_cleaned(tmp_path: Path) -> None:
    evil = "\u202e" + "x" * 10_000
    with pytest.raises(ExchangeError) as error:
        read_genius(genius_folder(tmp_path, buyer=BUYER.replace('value="low"', f'value="{evil}"')))
    assert len(str(error.value)) < 2000
    assert "\u202e" not in str(error.value)


def test_a_hostile_profile_leaves_the_others_to_be_checked(tmp_path: Path) -> None:
    negative = BUYER.replace('evaluation="10"', 'evaluation="-1"')
    with pytest.raises(ExchangeError) as error:
        read_genius(genius_folder(tmp_path, buyer=negative, seller=BOMB))
    assert len(error.value.complaints) == 2


# --- JSON --------------------------------------------------------------------------------------


def json_refusal(text: str | bytes) -> str:
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(ExchangeError) as error:
        parse_json(data, "x.json")
    (one,) = error.value.complaints
    return str(one)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "x.json:1:1  (file): not readable as JSON: a value is expected"),
        ("[" * 100_000, "nested more than 40 levels"),
        ('{"a":' * 100_000, "nested more than 40 levels"),
        ("[1,\n 2", "x.json:2:3  (file): not readable as JSON: ',' or ']'"),
        ('{"a" 1}', "':' is expected"),
        ("{a: 1}", "a key in quotes is expected"),
        ('{"a": 1,}', "a key in quotes is expected"),
        ("[1,]", "a value is expected"),
        ('"abc', "unterminated string"),
        ('"\\ud800"', "a character that no text holds"),
        ("1 2", "more text after the end"),
        ("[01]", "',' or ']' is expected"),
        (b'"\xff"', "not UTF-8"),
    ],
)
def test_what_is_no_json(text: str | bytes, words: str) -> None:
    assert words in json_refusal(text)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 5000])
def test_numbers_that_are_not_finite_are_complained_about_by_path(number: str) -> None:
    tree = parse_json(f'{{"a": {{"b": {number}}}}}'.encode(), "x.json")
    (one,) = tree.complaints
    assert (one.path, one.line, one.column) == ("a.b", 1, 13)
    assert "is not a finite number" in one.rule


def test_a_key_that_stands_twice() -> None:
    (one,) = parse_json(b'{"a": 1,\n "a": 2}', "x.json").complaints
    assert (one.path, one.line) == ("a", 2)


def test_values_are_counted(monkeypatch) -> None:
    monkeypatch.setattr(json_tree, "MAX_NODES", 10)
    assert "more than 10 values" in json_refusal("[" + "1," * 20 + "1]")


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(_JSON, st.sampled_from([None, 1]))
def test_it_reads_what_python_reads(value: object, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    tree = parse_json(text.encode(), "x.json")
    assert tree.value == json.loads(text)
    assert tree.complaints == []


# --- the whole command ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["huge.xml", "bomb.xml", "deep.json", "huge.csv", "huge.parquet"])
def test_the_command_says_it_and_writes_nothing(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "bomb.xml":
        path.write_text(BOMB, encoding="utf-8")
    elif name == "deep.json":
        path.write_text("[" * 1_000_000, encoding="utf-8")
    else:
        with path.open("wb") as file:
            file.truncate(1 << 30)
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow")
    start = time.perf_counter()
    run = subprocess.run(
        [sys.executable, "-m", "servanda", "import", name, "--output", "out.yaml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2, run.stderr
    assert run.stdout == ""
    assert run.stderr.startswith(f"{name}:")
    assert len(run.stderr.splitlines()) == 2
    assert run.stderr.endswith("1 complaint, nothing was written.\n")
    assert time.perf_counter() - start < 30  # on a machine that has other things to do
    assert [one.name for one in tmp_path.iterdir()] == [name]


@given(st.lists(st.text(max_size=100), max_size=6))
def test_file_names_are_safe_and_apart(names: list[str]) -> None:
    stems = file_stems(names, "domain")
    assert len({stem.casefold() for stem in stems} | {"domain"}) == len(names) + 1
    for stem in stems:
        assert stem.strip(" .") == stem
        assert not set(stem) & set('/\\:*?"<>|\0\n')


def test_a_web_profile_of_many_options_is_read_in_time() -> None:
    profile = web_profile("p", 1, 0)
    many = {f"option {n}": 0.5 for n in range(20_000)}
    space = profile["LinearAdditiveUtilitySpace"]
    space["issueUtilities"]["price"]["DiscreteValueSetUtilities"]["valueUtilities"] = many
    start = time.perf_counter()
    parse_json(json.dumps(profile).encode(), "x.json")
    assert time.perf_counter() - start < 2


# --- whatever else -------------------------------------------------------------------------------

TOKENS = [
    b"<",
    b'"',
    b"&",
    b"NaN",
    b"1e999",
    b"-1",
    b"\xff",
    b"\0",
    b"{",
    b"]",
    b",",
    b"\n",
    b"null",
]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["x.xml", "x.json", "x.csv", "x.parquet"]),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 20), st.sampled_from(TOKENS)), max_size=4),
)
def test_a_damaged_file_is_read_or_complained_about(
    tmp_path: Path, name: str, damage: list[tuple[float, int, bytes]]
) -> None:
    content = {
        "x.xml": BUYER.encode(),
        "x.json": json.dumps(web_profile("buyer", 1, 0.4)).encode(),
        "x.csv": TABLE.encode(),
        "x.parquet": b"",
    }[name]
    if name == "x.parquet":
        pytest.importorskip("pyarrow")
        whole = tmp_path / "whole.csv"
        whole.write_text(TABLE, encoding="utf-8")
        content = parquet_bytes(read_csv(whole))
    for place, length, token in damage:
        at = int(place * len(content))
        content = content[:at] + token + content[at + length :]
    path = tmp_path / name
    path.write_bytes(content)
    with suppress(ExchangeError):
        import_files([path], as_of=date(2026, 1, 1))
