"""The same installation with other settings: an application of its own on the parts of a test's API."""

import asyncio
from typing import Any

import httpx

from services.api.app import create_app
from services.api.parts import ApiParts


def asked(parts: ApiParts, *paths: str, **options: Any) -> list[httpx.Response]:
    """What it answers to these looks, one after the other."""

    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(create_app(parts), client=("203.0.113.9", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return [await client.get(path, **options) for path in paths]

    return asyncio.run(ask())
