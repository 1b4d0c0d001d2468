"""In which fields does somebody write freely? Found from the models themselves, so that a new field is found by itself.

A text is free unless its type holds it to a pattern that no sentence fits, as keys, codes and register numbers do.
"""

import re
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from pydantic import BaseModel, StringConstraints

A_SENTENCE = "王某说：三号门前。"
M = TypeVar("M", bound=BaseModel)


def free_fields(kind: type[BaseModel]) -> list[str]:
    """The fields of this model, not of those inside it, that take free text."""
    return [name for name, annotation in _annotations(kind).items() if is_free(annotation)]


def is_free(annotation: Any) -> bool:
    """Whether a value of this type, or one of several in it, is text that somebody writes freely."""
    if annotation is str:
        return True
    inner, *constraints = get_args(annotation) or (None,)
    if hasattr(annotation, "__metadata__"):
        patterns = [each.pattern for each in constraints if isinstance(each, StringConstraints) and each.pattern]
        return is_free(inner) and all(re.search(pattern, A_SENTENCE) for pattern in patterns)
    return get_origin(annotation) is not type and any(is_free(each) for each in get_args(annotation))


def written(asked: M, words: str) -> M:
    """The same with these words in every field, however deep, that takes free text."""
    found: dict[str, Any] = {}
    for name, annotation in _annotations(type(asked)).items():
        value = getattr(asked, name)
        if is_free(annotation):
            found[name] = (words,) if isinstance(value, tuple) else words
        elif isinstance(value, BaseModel):
            found[name] = written(value, words)
        elif isinstance(value, tuple):
            found[name] = tuple(written(each, words) if isinstance(each, BaseModel) else each for each in value)
    return asked.model_copy(update=found)


def _annotations(kind: type[BaseModel]) -> dict[str, Any]:
    hints = get_type_hints(kind, include_extras=True)
    return {name: hints[name] for name in kind.model_fields}
