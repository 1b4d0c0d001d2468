"""An officer in a village, with a phone: what tests do with the forms that wait there."""

from datetime import datetime
from typing import Any

from playwright.sync_api import Locator

from tests.services.api.conftest import Api
from tests.support.browsing import PHONE, Coming, Somebody

_IS_READY = """async () => {
    await navigator.serviceWorker.ready;
    for (let tries = 0; tries < 400; tries++) {
        for (const name of await caches.keys()) {
            if (name.startsWith("huiyin-pages-") && (await (await caches.open(name)).match("/offline"))) return true;
        }
        await new Promise((later) => setTimeout(later, 50));
    }
    return false;
}"""
"""That page is kept last."""
_STORED = """async () => {
    const db = await new Promise((found) => {
        const asked = indexedDB.open("huiyin");
        asked.onsuccess = () => found(asked.result);
    });
    if (!db.objectStoreNames.length) return { items: [], keys: [] };
    const all = (name) => new Promise((found) => {
        const asked = db.transaction(name).objectStore(name).getAll();
        asked.onsuccess = () => found(asked.result);
    });
    const plain = (buffer) => new TextDecoder("utf-8").decode(buffer);
    const items = (await all("items")).map((item) => ({
        ...item, sealed: plain(item.sealed.data), pictures: item.pictures.map((each) => plain(each.data)),
    }));
    const keys = (await all("keys")).map(({ user, key }) => ({ user, extractable: key.extractable }));
    db.close();
    return { items, keys };
}"""


def on_a_phone(comes: Coming, user: str, language: str = "zh") -> Somebody:
    """Somebody whose phone has the pages, and can do without a line."""
    somebody = comes(PHONE, language, service_workers="allow")
    somebody.log_in(user)
    somebody.go("/issues/new")
    has_its_pages(somebody)
    return somebody


def has_its_pages(somebody: Somebody) -> None:
    """Waits until their phone keeps the pages of their role, and its service worker serves."""
    assert somebody.page.evaluate(_IS_READY), "the pages were not kept"


def enter(somebody: Somebody, words: str, promised_by: str | None = None) -> None:
    """An issue, in the form that is open."""
    page = somebody.page
    page.locator("[name=village]").select_option("QS")
    page.locator("[name=description]").fill(words)
    page.locator("[name=category][value=construction]").check(force=True)
    if promised_by is not None:
        page.locator("form[data-offline-form] summary").click()
        page.locator("[name=promised_by]").fill(promised_by)
    save(somebody)


def save(somebody: Somebody) -> None:
    """The form's own button."""
    somebody.page.locator("form[data-offline-form] button.main").click()


def summary(somebody: Somebody) -> Locator:
    """The line above the page that counts what waits."""
    return somebody.page.locator("#waiting summary")


def items(somebody: Somebody) -> Locator:
    """The lines of the list."""
    return somebody.page.locator("#waiting li[data-item]")


def stored(somebody: Somebody) -> dict[str, Any]:
    """What the browser's database holds, as whoever has the phone could read it."""
    found: dict[str, Any] = somebody.page.evaluate(_STORED)
    return found


def logged(api: Api, words: str) -> list[dict[str, Any]]:
    """The issues of these words that the office has."""
    api.follow()
    rows = api.get("/api/v1/issues", params={"limit": 100}).json()["items"]
    return [row for row in rows if row["description"] == words]


def happened_at(api: Api, number: str) -> datetime:
    """When an issue was logged, as it says."""
    first = api.get(f"/api/v1/issues/{number}/history").json()["items"][0]
    return datetime.fromisoformat(first["occurred_at"])
