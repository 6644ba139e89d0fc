"""Entity tags of cases (RFC 9110 §§ 8.8.3, 13.1): the version of the case, and nothing else."""

from __future__ import annotations

import re

from api.errors import ApiError, BadRequest

__all__ = ["etag_of", "none_match", "version_in"]

_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_OURS = re.compile(r'"v([1-9][0-9]{0,9})"')

MOST_TAGS = 20


def etag_of(version: int) -> str:
    """A strong tag; answers are private to their reader, so two readers of one version never share one."""
    return f'"v{version}"'


def version_in(if_match: str | None) -> int | None:
    """The version a request insists on; ``None`` for none, or for ``*``.

    Raises ``etag.malformed`` for what is no list of tags, ``case.changed`` for tags that are never ours: weak ones do
    not match (RFC 9110 § 13.1.1), and more than one version cannot be meant.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    tags = _tags(if_match)
    ours = [found for tag in tags if (found := _OURS.fullmatch(tag))]
    if len(ours) != 1:
        raise ApiError(
            "case.changed",
            zh="案件已被他人更新，请刷新后再办理",
            en="the case has changed meanwhile: read it again",
        )
    return int(ours[0][1])


def none_match(if_none_match: str | None, etag: str) -> bool:
    """Whether the reader has this version already (RFC 9110 § 13.1.2; weak comparison)."""
    if if_none_match is None:
        return False
    if if_none_match.strip() == "*":
        return True
    return etag in {tag.removeprefix("W/") for tag in _tags(if_none_match)}


def _tags(header: str) -> list[str]:
    tags = [part.strip() for part in header.split(",")][: MOST_TAGS + 1]
    if len(tags) > MOST_TAGS or not all(_TAG.fullmatch(tag) for tag in tags):
        raise BadRequest("etag.malformed", zh="实体标签格式有误", en="this is no list of entity tags")
    return tags
