import pytest

from fitquiz.web.site.spreadsheets import neutralise, write_table


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_looks_like_a_formula_is_neutralised(start: str) -> None:
    assert neutralise(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("value", [3, None, "I like = signs.", ""])
def test_any_other_cell_stays_as_it_is(value: object) -> None:
    assert neutralise(value) == value


ROWS = [("Sales; Oslo", 12, -1.5), ('=HYPERLINK("x")', None, 2.0)]


def test_an_english_table_has_commas_and_no_formula() -> None:
    text = write_table(("unit", "answers", "-"), ROWS, "en_GB")
    first, *rows = text.split("\r\n")
    assert first == "\ufeffunit,answers,'-"
    assert rows == ["Sales; Oslo,12,-1.5", '"\'=HYPERLINK(""x"")",,2.0', ""]


@pytest.mark.parametrize("locale", ["nb_NO", "nn_NO"])
def test_a_norwegian_table_has_semicolons_and_decimal_commas(locale: str) -> None:
    text = write_table(("unit", "answers", "points"), ROWS, locale)
    first, *rows = text.split("\r\n")
    assert first == "\ufeffunit;answers;points"
    assert rows == ['"Sales; Oslo";12;-1,5', '"\'=HYPERLINK(""x"")";;2,0', ""]
