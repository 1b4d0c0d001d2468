"""The door to Temporal: every process of ours connects here, so that none forgets to encrypt what it sends.

Called by the worker, the relay's process and the commands that rebuild or inspect workflows.
"""

from temporalio.client import Client

from services.keys import load_or_create
from services.settings import Settings
from workflows.codec import data_converter


async def connect(settings: Settings) -> Client:
    """A client of the namespace, connected now. Raises RuntimeError while Temporal cannot be reached."""
    return await Client.connect(
        settings.temporal_address,
        namespace=settings.temporal_namespace,
        data_converter=data_converter(load_or_create(settings.home, "codec")),
    )
