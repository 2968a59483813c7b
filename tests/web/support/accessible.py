"""What no automatic check finds on a page: names of controls, faults, states and charts that words must say."""

from collections import defaultdict
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tests.web.support.calls import Call, list_calls
from tests.web.support.page import Page, list_elements, parse_page, read_text
from tests.web.support.stage import Stage

RESPONDENTS = ("anyone", "holder", "bearer")
STAFF_ROOMS = ("sign_in.", "second_factors.", "reports.")
"""Pages of staff that need no sign-in."""


def is_of_respondents(call: Call) -> bool:
    """Return whether a route is for respondents, or for those who are invited."""
    return call.needed in RESPONDENTS and not call.endpoint.startswith(STAFF_ROOMS)


def list_pages(stage: Stage) -> Iterator[tuple[Call, Page]]:
    """Yield every page of respondents that somebody may open."""
    for call in filter(is_of_respondents, list_calls(stage, "GET")):
        response = stage.ask(call.doer, "GET", call.address)
        if (response.status_code, response.mimetype) == (200, "text/html"):
            yield call, parse_page(response)


def list_staff_pages(stage: Stage) -> Iterator[tuple[Call, Page]]:
    """Yield every page of staff that somebody may open."""
    for call in list_calls(stage, "GET"):
        if is_of_respondents(call):
            continue
        response = stage.ask(call.doer, "GET", call.address)
        if (response.status_code, response.mimetype) == (200, "text/html"):
            yield call, parse_page(response)


def list_unsaid_faults(page: Page) -> list[str]:
    """Return what a refused form does not say to somebody who cannot see the page."""
    ids = {each.get("id"): each for each in list_elements(page.tree)}
    summary = ids.get("faults")
    if summary is None:
        return ["there is no summary"]
    links = {link.get("href", "")[1:]: read_text(link) for link in summary.iter("a")}
    found = []
    if not page.title.startswith("Error: "):
        found.append(f"the title is {page.title}")
    if summary.get("tabindex") != "-1" or summary.get("autofocus") is None:
        found.append("the summary has not the focus")
    for fault in page.find_all("strong", class_="fault"):
        name = fault.get("id", "").rpartition("-fault-")[0]
        field = ids.get(name)
        if field is None or field.tag not in ("input", "textarea", "select"):
            found.append(f"{name} is no field")
        if read_text(fault) not in links.get(name, ""):
            found.append(f"the summary does not lead to {name}")
        if not any(fault.get("id") in _read_pointers(each) for each in page.find_all()):
            found.append(f"nothing is described by the fault of {name}")
    return found


def _read_pointers(element: Element) -> list[str]:
    return element.get("aria-describedby", "").split()


def list_fields_called_wrong(page: Page) -> list[str]:
    """Return the required fields that a screen reader calls wrong before anything is typed."""
    return [
        each.get("name", "")
        for each in page.find_all("input", "select", "textarea")
        if each.get("required") is not None and each.get("aria-invalid") is None
    ]


def list_forms_with_bubbles(page: Page) -> list[str]:
    """Return the forms whose faults the browser tells, in the language of the browser."""
    return [
        form.get("action", "")
        for form in page.find_all("form")
        if form.get("novalidate") is None and any(_has_bubble(each) for each in form.iter())
    ]


def _has_bubble(field: Element) -> bool:
    """Return whether a browser itself finds faults in what is typed into a field."""
    if field.get("type") in ("date", "email", "number", "url"):
        return True
    return any(field.get(name) is not None for name in ("required", "pattern", "minlength"))


def list_hidden_names(page: Page) -> list[str]:
    """Return the links and buttons whose visible text is not the beginning of their name."""
    return [
        read_text(each)
        for each in page.find_all("a", "button")
        if each.get("aria-label") is not None
    ]


def list_equal_names(page: Page) -> list[tuple[str, list[str]]]:
    """Return the names that several controls with different targets have."""
    targets = defaultdict(set)
    for link in page.find_all("a"):
        targets[_name(page, link)].add(link.get("href", "").partition("#")[0])
    for form in page.find_all("form"):
        for button in form.iter("button"):
            targets[_name(page, button)].add(form.get("action", "") + button.get("value", ""))
    for button in page.find_all("button", type="button"):
        targets[_name(page, button)].add("here " + button.get("data-copy", ""))
    return [(name, sorted(each)) for name, each in targets.items() if len(each) > 1]


def _name(page: Page, control: Element) -> str:
    pointers = _read_pointers(control)
    described = [read_text(each) for pointer in pointers for each in page.find_all(id=pointer)]
    return " ".join([control.get("aria-label") or read_text(control), *described])


def list_silent_charts(page: Page) -> list[str]:
    """Return the texts beside charts that do not say what the chart shows."""
    parents = {child: parent for parent in list_elements(page.tree) for child in parent}
    found = []
    for chart in page.find_all():
        is_chart = str(chart.tag).endswith("}svg") and "line" in chart.get("class", "").split()
        if not is_chart:
            continue
        row = parents[chart]
        while row.tag not in ("li", "tr", "section", "figure", "details") and row in parents:
            row = parents[row]
        said = " ".join(
            read_text(each) for each in row.iter() if each.tag in ("p", "td", "figcaption")
        )
        if len(said.split()) < 2 and not any(character.isdigit() for character in said):
            found.append(read_text(row))
    return found
