"""Write docs/lifecycle.md and docs/schemas/profile.schema.json from the tables; ``--check``: fail if they differ."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from filing.lifecycle import PERMITS, RESUME, TERMINAL, TRANSITIONS, Event, State
from filing.profile import (
    ALWAYS_EFFECTS,
    ALWAYS_GUARDS,
    FlowProfile,
    city_transitions,
    load_cities,
    movers,
    profile_schema,
    reached_states,
    state_label,
)

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "lifecycle.md"
SCHEMA = ROOT / "docs" / "schemas" / "profile.schema.json"

INTRODUCTION = """One table for every city (`filing/lifecycle.py`). A city narrows it (`cities/<name>/profile.yaml`):
which events it has, who may fire them, which guards hold, which effects follow."""

STATE_NAMES = {
    State.OPENED: "已创建",
    State.DRAFTING: "填写中",
    State.TEXT_READY: "文本已定",
    State.SIGNING: "签署中",
    State.SIGNED: "已签署",
    State.IN_REVIEW: "审核中",
    State.FILED: "已备案",
    State.REGISTERING: "登记中",
    State.TRANSFERRED: "已转移登记",
    State.CANCELLING: "注销中",
    State.VOID: "已注销",
    State.EXPIRED: "已过期",
}


def main(arguments: list[str]) -> int:
    wanted = {PAGE: lifecycle_page(), SCHEMA: schema_text()}
    if "--check" not in arguments:
        for path, text in wanted.items():
            path.write_text(text, encoding="utf-8")
        return 0
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        print(f"{path.relative_to(ROOT)} is stale: run scripts/generate_lifecycle_docs.py")
    return 1 if stale else 0


def schema_text() -> str:
    return json.dumps(profile_schema(), ensure_ascii=False, indent=2) + "\n"


def lifecycle_page() -> str:
    cities = load_cities(ROOT / "cities")
    parts = [
        "<!-- Made by scripts/generate_lifecycle_docs.py from filing/lifecycle.py and cities/; do not edit. -->",
        "# The life of a case",
        INTRODUCTION,
        "## Every city",
        _diagram([(s, e, t) for (s, e), t in TRANSITIONS.items()]),
        "`*r` in the table is the state the case was in before: where a rejected or dropped case goes back to.",
        _permits(),
        "### What every city asks and does, whatever its profile says",
        _always(),
        *(part for profile in cities.values() for part in _city(profile)),
    ]
    return "\n\n".join(parts) + "\n"


def _city(profile: FlowProfile) -> list[str]:
    arrows = city_transitions(profile)
    return [
        f"## {profile.city.title} (`{profile.city.name}`)",
        _diagram(sorted({(a.source, a.event, a.target) for a in arrows}, key=str)),
        "### Whose move",
        _table(
            ("state", "here called", "whose move"),
            [
                (
                    f"`{state}`",
                    state_label(profile, state) or STATE_NAMES[state],
                    _code(movers(profile, state)) or "nobody",
                )
                for state in State
                if state in reached_states(profile)
            ],
        ),
        "### Transitions",
        _table(
            ("event", "from", "to", "by", "guards", "effects", "rules"),
            [
                (
                    f"`{a.event}`",
                    f"`{a.source}`" if a.source else "–",
                    "`*r`" if a.target is RESUME else f"`{a.target}`",
                    _code(a.by),
                    _code(sorted(a.guards)),
                    _code(a.effects),
                    ", ".join(a.rules),
                )
                for a in arrows
            ],
        ),
        "### Cancelling",
        _table(
            ("row", "states", "where", "consent", "scope", "rules"),
            [
                (
                    f"`{row.name}`" + (f" (first: `{row.first}`)" if row.first else ""),
                    _code(row.when.states),
                    f"{row.channel}, {row.ground}",
                    f"`{row.consent}`",
                    _code(row.scopes),
                    ", ".join(row.rules),
                )
                for row in profile.cancelling.rows
            ],
        ),
    ]


def _permits() -> str:
    return _table(
        ("state", "中文", "whose move", "text", "may be signed", "in force", "house taken"),
        [
            (
                f"`{state}`" + (" (end)" if state in TERMINAL else ""),
                STATE_NAMES[state],
                permits.mover.value,
                permits.text.value,
                *("yes" if flag else "no" for flag in (permits.may_sign, permits.in_force, permits.locks_property)),
            )
            for state, permits in PERMITS.items()
        ],
    )


def _always() -> str:
    return _table(
        ("event", "guards", "effects"),
        [
            (f"`{event}`", _code(sorted(ALWAYS_GUARDS.get(event, ()))), _code(ALWAYS_EFFECTS.get(event, ())))
            for event in Event
            if event in ALWAYS_GUARDS or event in ALWAYS_EFFECTS
        ],
    )


def _diagram(arrows: list[tuple[object, object, object]]) -> str:
    """Mermaid; arrows back to where the case was are drawn as notes, not as one line to every state."""
    lines = ["```mermaid", "stateDiagram-v2"]
    for source, event, target in arrows:
        if target is RESUME:
            lines.append(f"    note right of {source}: {event} leads back")
        else:
            lines.append(f"    {source or '[*]'} --> {target}: {event}")
    lines += [f"    {state} --> [*]" for state in sorted(TERMINAL) if any(arrow[2] is state for arrow in arrows)]
    return "\n".join([*lines, "```"])


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _code(names: object) -> str:
    return " ".join(f"`{name}`" for name in names)  # type: ignore[attr-defined]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
