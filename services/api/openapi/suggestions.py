"""How a draft is sent for suggestions, as the API describes itself. Called by document.py."""

from services.api.openapi.examples import EXAMPLES
from services.api.openapi.shared import READ_REFUSALS, Schema, body_of, json_of, refusals


def suggestion_path() -> Schema:
    """`POST /api/v1/suggestions`."""
    told = {"200": {"description": "Suggestions, each with its reason", "content": json_of("Suggestions")}}
    return {
        "post": {
            "operationId": "askSuggestions",
            "summary": "登记前的提示 Likely category, duplicates and common causes of a draft; nothing is logged",
            "parameters": [],
            "requestBody": body_of("AskSuggestions", EXAMPLES["AskSuggestions"]),
            "responses": {**told, **refusals({*READ_REFUSALS, 408, 413, 415})},
        }
    }
