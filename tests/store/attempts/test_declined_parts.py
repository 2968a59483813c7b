"""The optional parts to which a respondent said no."""

from sqlalchemy.orm import Session

from fitquiz.store.attempts.attempts import decline_part
from tests.store.support.attempt_changes import answer, open_leading, send
from tests.store.support.cast import see, start


def test_a_declined_part_stays_declined_until_it_is_opened(session: Session) -> None:
    start(session)
    assert see(session).declined_parts == ()
    assert decline_part(session, see(session), "leading")
    assert see(session).declined_parts == ("leading",)
    assert not decline_part(session, see(session), "leading")
    assert answer(session, see(session))
    assert send(session, see(session))
    assert see(session).declined_parts == ("leading",)
    assert open_leading(session, see(session))
    assert see(session).declined_parts == ()
    assert not decline_part(session, see(session), "leading")
