"""The tree over a test's log: everything sealed, grown and signed, as the sealer's process does it."""

from domain.proof.hashing import SHA256
from projections.follower import connect, own_position
from projections.seal import seal_once
from projections.tree import grow, sign_head, tree_name
from services.audit.log_key import LogKey
from tests.support.postgres import Database


def sign_log(database: Database, key: LogKey) -> None:
    """Seals what waits, and signs a checkpoint over all of it."""
    with connect(database.follower_dsn, "tree") as follower:
        while seal_once(follower):
            pass
        position, reached = None, own_position(follower, tree_name(SHA256))
        while reached != position:
            position = reached
            with follower.transaction():
                reached = grow(follower, SHA256, position, 1000)
        with follower.transaction():
            sign_head(follower, SHA256, key, reached)
