"""A pack's content is stored once, as it was when it was first used."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from fitquiz.core.packs import Pack
from fitquiz.store.attempts.kept_packs import RENEWED_AFTER, keep_pack, load_pack
from fitquiz.store.tables.attempt_tables import PackRow
from tests.core.support.shipped_packs import PACK, read_shipped_pack
from tests.store.support.cast import LATER, NOW

FIVE_TRAITS = read_shipped_pack("tests/packs/five-traits")


def count_packs(session: Session) -> int:
    return session.execute(text("SELECT count(*) FROM pack")).scalar_one()


def test_a_pack_is_not_there_before_it_is_kept(session: Session) -> None:
    with pytest.raises(NoResultFound):
        load_pack(session, PACK.content_hash)
    keep_pack(session, PACK, NOW)
    assert count_packs(session) == 1


@pytest.mark.parametrize("pack", [PACK, FIVE_TRAITS], ids=lambda pack: pack.id)
def test_a_kept_pack_is_loaded_as_it_was(session: Session, pack: Pack) -> None:
    keep_pack(session, pack, NOW)
    assert load_pack(session, pack.content_hash) == pack


def test_the_hash_of_a_loaded_pack_is_the_one_it_was_kept_under(session: Session) -> None:
    keep_pack(session, PACK, NOW)
    assert load_pack(session, PACK.content_hash).content_hash == PACK.content_hash


def test_the_texts_of_all_languages_are_kept(session: Session) -> None:
    keep_pack(session, PACK, NOW)
    assert load_pack(session, PACK.content_hash).words == PACK.words


def test_the_same_content_kept_twice_is_one_row(session: Session) -> None:
    keep_pack(session, PACK, NOW)
    keep_pack(session, PACK, LATER)
    assert count_packs(session) == 1


def test_the_moment_is_renewed_long_before_a_purge_could_take_the_content(session: Session) -> None:
    keep_pack(session, PACK, NOW)
    keep_pack(session, PACK, NOW + RENEWED_AFTER - timedelta(seconds=1))
    assert session.scalar(select(PackRow.stored_at)) == NOW
    keep_pack(session, PACK, NOW + RENEWED_AFTER)
    assert session.scalar(select(PackRow.stored_at)) == NOW + RENEWED_AFTER
    shortest_retention = timedelta(days=1)
    assert shortest_retention >= 2 * RENEWED_AFTER


def test_two_contents_are_two_rows(session: Session) -> None:
    keep_pack(session, PACK, NOW)
    keep_pack(session, FIVE_TRAITS, NOW)
    assert count_packs(session) == 2
    assert load_pack(session, FIVE_TRAITS.content_hash) == FIVE_TRAITS


def test_a_content_that_is_not_kept_cannot_be_loaded(session: Session) -> None:
    with pytest.raises(NoResultFound):
        load_pack(session, PACK.content_hash)
