"""The pages after letting go name the stored answers that the script removes, and no others."""

from urllib.parse import unquote

import pytest

from tests.web.support.respondent import Respondent


@pytest.mark.parametrize("device", ["own", "shared"])
def test_the_pages_after_letting_go_let_the_script_remove_stored_answers(
    alice: Respondent, device: str
) -> None:
    alice.start(device=device)
    handle = alice.handle
    deleted = alice.send(alice.open(f"{alice.base}/delete").find_form("/delete"))
    cleared = alice.send(alice.open("/en/clear").find_form("/clear"))
    assert deleted.find_all(data_forget=f"fitquiz-answers-{handle}.")
    assert cleared.find_all(data_forget="fitquiz-answers-")
    for page in (deleted, cleared):
        assert "/quiz." in page.find_all("script")[0].get("src", "")


def test_forgetting_one_attempt_leaves_the_stored_answers_of_another(alice: Respondent) -> None:
    alice.start(device="own")
    alice.start(device="shared")
    handle = alice.handle
    page = alice.send(alice.open("/en/").find_form("/forget"))
    assert page.find_all(data_forget=f"fitquiz-answers-{handle}.")
    assert not alice.open("/en/cleared").find_all(data_forget="fitquiz-answers-")


@pytest.mark.parametrize("end", [0, 1, 11, 12])
def test_an_address_removes_no_stored_answers_of_an_attempt_that_is_still_held(
    alice: Respondent, end: int
) -> None:
    for device in ("own", "own", "shared"):
        alice.start(device=device)
        page = alice.open(f"/en/cleared?forgotten={alice.handle[:end]}")
        assert "data-forget" not in page.response.text


@pytest.mark.parametrize("forgotten", ["A" * 11, "A" * 13, "A" * 11 + ".", "A" * 12 + "%0A", "%22"])
def test_what_is_no_whole_handle_removes_no_stored_answers(
    alice: Respondent, forgotten: str
) -> None:
    alice.start()
    page = alice.open(f"/en/cleared?forgotten={forgotten}")
    assert "data-forget" not in page.response.text


def test_the_page_that_clears_a_device_offers_each_own_link_first(alice: Respondent) -> None:
    bases = []
    for device in ("own", "own", "shared"):
        alice.start(device=device)
        bases.append(alice.base)
    page = alice.open("/en/clear")
    assert {f"{base}/link" for base in bases} <= set(page.links)
    assert page.text.count("the answers from") == 2


def test_an_own_link_can_be_sent_by_e_mail_to_nobody_yet(alice: Respondent) -> None:
    alice.start()
    page = alice.open(f"{alice.base}/link")
    (field,) = page.find_all("input", id="link")
    address = page.find_link("mailto:")
    assert unquote(address).endswith(f"&body={field.get('value')}")
    assert address.startswith("mailto:?subject=")
