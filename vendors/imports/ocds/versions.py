"""Versioned releases, in which every field lists the values it has had: read as what they say last."""

from typing import Any


def is_versioned(release: dict[str, Any]) -> bool:
    """Whether the fields of a release are lists of their values over time."""
    return any(_is_history(release.get(name)) for name in ("initiationType", "language", "tag")) or any(
        isinstance(release.get(name), dict) and any(map(_is_history, release[name].values()))
        for name in ("buyer", "tender", "planning")
    )


def latest_values(release: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The release as it says last, and the date of its last change."""
    dates: list[str] = []
    return _latest(release, dates), max(dates, default="")


def _is_history(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(each, dict) and "releaseDate" in each and "value" in each for each in value)
    )


def _latest(value: Any, dates: list[str]) -> Any:
    if _is_history(value):
        last = max(value, key=lambda each: str(each["releaseDate"]))
        dates.append(str(last["releaseDate"]))
        return last["value"]
    if isinstance(value, dict):
        return {key: _latest(each, dates) for key, each in value.items()}
    if isinstance(value, list):
        return [_latest(each, dates) for each in value]
    return value
