"""A version tells what has changed since a form was made."""

from fitquiz.web.hr.versions import Changes, find_changes, write_version

VALUES = {"title": "Spring", "cap": None, "7": (("Sales",), 3)}


def test_nothing_has_changed_since_the_present_version() -> None:
    version = write_version(VALUES)
    assert not find_changes(version, VALUES)
    assert "Spring" not in version


def test_added_changed_and_removed_values_are_named() -> None:
    now = {"title": "Autumn", "7": (("Sales",), 3), "8": (("IT",), None)}
    assert find_changes(write_version(VALUES), now) == Changes(("8",), ("title",), ("cap",))


def test_a_missing_or_foreign_version_is_an_old_one() -> None:
    for version in (None, "", "spring", "title.0000", "..."):
        assert find_changes(version, VALUES)
