"""The names `import servanda` offers are resolved on use, and are what they say."""

import pytest

import servanda


@pytest.mark.parametrize("name", servanda.__all__)
def test_every_name_of_the_face_is_there(name: str) -> None:
    assert getattr(servanda, name) is not None
    assert name in dir(servanda)


def test_a_name_that_is_not_there_brings_the_nearest() -> None:
    with pytest.raises(AttributeError, match="Did you mean 'analyse'"):
        _ = servanda.analyze  # type: ignore[attr-defined]


def test_read_and_look() -> None:
    scenario = servanda.read("fearon-1995-pie")
    assert scenario.title
    assert len(servanda.digest(scenario)) == 12
    assert servanda.ledger(scenario).numbers
