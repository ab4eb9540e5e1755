"""Tables on a screen of a given width: what gives way first, and what is never cut."""

import pytest

from servanda.cli.column_widths import BETWEEN, column_widths
from servanda.cli.screen import Table, say_tables

PATH = "audiences.us-congress.effects.guarantees.treaty-with-troops.value"
MOVED = Table(
    "Moved",
    ("number", "move", "kept (90 %)", "needed", "who can"),
    (
        (PATH, "down 12.5", "+35 ± 28", "too far", "United States"),
        ("war.costs", "up 1", "+5 ± 2", "", "Ukraine and Russia"),
    ),
    (2,),
)


def printed(capsys: pytest.CaptureFixture[str], columns: int, table: Table = MOVED) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(columns))
        say_tables([table])
    return capsys.readouterr().out


@pytest.mark.parametrize("columns", [60, 80, 110, 200])
def test_no_line_is_wider_than_the_screen_and_nothing_is_lost(
    capsys: pytest.CaptureFixture[str], columns: int
) -> None:
    out = printed(capsys, columns)
    assert max(map(len, out.splitlines())) <= columns
    letters = sorted("".join("".join(row) for row in (MOVED.columns, *MOVED.rows)).replace(" ", ""))
    shown = sorted(out.replace("Moved", "", 1).replace("─", "").replace(" ", "").replace("\n", ""))
    assert shown == letters


@pytest.mark.parametrize("columns", [80, 110])
def test_words_and_numbers_stay_whole(capsys: pytest.CaptureFixture[str], columns: int) -> None:
    out = printed(capsys, columns)
    for whole in ("+35 ± 28", "needed", "United", "Ukraine", "kept", "(90"):
        assert whole in out


def test_an_identifier_breaks_at_its_dots_and_last(capsys: pytest.CaptureFixture[str]) -> None:
    assert PATH in printed(capsys, 110)
    assert "treaty-with-troops." in printed(capsys, 80)


def test_a_heading_is_never_cut(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table("x", ("path", "kept (90 %)"), (("a" * 150, "1"),), (1,))
    out = printed(capsys, 60, table)
    assert "(90" in out
    assert "%)" in out
    assert out.count("a") == 150 + 1


def test_letters_of_two_cells_count_twice() -> None:
    assert column_widths(["name"], [["停戦"], ["停"]], (), 80) == [4]
    assert column_widths(["a", "b"], [["x" * 30, "y" * 30]], (), 63) == [30, 30]
    assert sum(column_widths(["a", "b"], [["x" * 30, "y" * 30]], (), 40)) == 40 - BETWEEN
