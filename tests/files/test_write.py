"""What is written is whole, or what stood there before still stands there."""

import errno
import os
import stat
from pathlib import Path

import pytest

from scenario_files import TEXT, write
from servanda.errors import NotWrittenError
from servanda.files import write as writing
from servanda.files.read import read_scenario, shipped
from servanda.files.write import dump_scenario, identifier, template, write_atomic


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    target = tmp_path / "a.html"
    assert write_atomic(target, "one ü") == target
    write_atomic(target, b"two")
    assert target.read_bytes() == b"two"
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


def test_rights_are_those_of_a_new_or_of_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "a"
    before = os.umask(0o027)
    try:
        write_atomic(target, "x")
    finally:
        os.umask(before)
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    target.chmod(0o600)
    write_atomic(target, "y")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old", encoding="utf-8")
    (tmp_path / "link").symlink_to("real")
    write_atomic(tmp_path / "link", "new")
    assert (tmp_path / "real").read_text(encoding="utf-8") == "new"
    assert (tmp_path / "link").is_symlink()


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch) -> None:
    target = tmp_path / "a"
    target.write_text("old", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writing.os, "fsync", full)
    with pytest.raises(NotWrittenError, match="no space left on device"):
        write_atomic(target, "new")
    assert target.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nowhere/a", "there is no folder"),
        (".", "it is a folder"),
        ("there", "--force replaces it"),
        ("x" * 300, "file name too long"),
        ("a\0b", "null"),
    ],
)
def test_what_cannot_be_written_is_said(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "there").write_text("old", encoding="utf-8")
    with pytest.raises(NotWrittenError, match=words):
        write_atomic(tmp_path / name, "new", overwrite=False)
    assert (tmp_path / "there").read_text(encoding="utf-8") == "old"


def test_a_folder_without_permission(tmp_path: Path, monkeypatch) -> None:
    def refuse(*_: object, **__: object) -> None:  # root may write anywhere, so it is played
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("servanda.files.write.NamedTemporaryFile", refuse)
    with pytest.raises(NotWrittenError, match="permission"):
        write_atomic(tmp_path / "a", "new")


def test_a_device_takes_the_text_as_it_comes() -> None:
    write_atomic(Path(os.devnull), "x")
    assert Path(os.devnull).is_char_device()


@pytest.mark.parametrize(
    "title",
    ["Talks", 'With "quotes" and \\', "Two\nlines", "الهدنة", "{a: b}", "\x1b[31m", "x: y # z"],
)
def test_the_template_takes_any_title(tmp_path: Path, title: str) -> None:
    assert read_scenario(write(tmp_path, template(title))).title == title


@pytest.mark.parametrize(
    ("name", "stem"),
    [("Talks, in May", "talks-in-may"), ("a/../b", "a-b"), ("الهدنة", ""), ("x" * 99, "x" * 60)],
)
def test_identifier(name: str, stem: str) -> None:
    assert identifier(name) == stem


@pytest.mark.parametrize("name", ["template", *sorted(shipped())])
def test_what_is_dumped_reads_the_same(tmp_path: Path, name: str) -> None:
    source = write(tmp_path, TEXT, "template.yaml") if name == "template" else name
    scenario = read_scenario(source)
    again = read_scenario(write(tmp_path, dump_scenario(scenario), "again.yaml"))
    assert again == scenario
    assert again.model_dump() == scenario.model_dump()
