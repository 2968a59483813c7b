import pytest

from fitquiz.web.site.spreadsheets import neutralise, write_table


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_looks_like_a_formula_is_neutralised(start: str) -> None:
    assert neutralise(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("value", [3, None, "I like = signs.", ""])
def test_any_other_cell_stays_as_it_is(value: object) -> None:
    assert neutralise(value) == value


def test_a_table_has_its_columns_first_and_no_formula() -> None:
    text = write_table(("unit", "answers"), [("Sales; Oslo", 12), ('=HYPERLINK("x")', None)])
    assert text == '\ufeffunit,answers\r\nSales; Oslo,12\r\n"\'=HYPERLINK(""x"")",\r\n'
