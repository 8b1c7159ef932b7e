"""Own readiness: each skill with its interval, its reasons and until when it holds."""

from domain.readiness.standing import TARGET
from services import readiness
from ui import parts, session

app, me = session.here()
own = readiness.own(app, me)
parts.title("Your readiness", f"{own.overall.status.words} · {own.overall.coverage:.0%} of skills assessed")
for found in own.skills:
    now = found.now
    with parts.card(found.skill.value):
        until = f" · until {found.until:%d %B %Y}" if found.until else ""
        note = f"{now.low:.0%} to {now.high:.0%} · {now.n} answers{until}"
        parts.meter(f"{found.skill.label} · {now.status.words}", now.p, note=note, target=TARGET)
        parts.note("; ".join(f"{part.name}: {part.points:+.0f}" for part in found.parts if round(part.points)))
if own.moved:
    parts.heading("What moved it lately")
    rows = [
        [
            f"{m.at:%d %b %Y}",
            m.skill.label,
            m.item,
            f"{m.y:.0%}",
            f"{m.expected:.0%}",
            f"{100 * (m.after - m.before):+.0f}",
        ]
        for m in own.moved
    ]
    parts.table(["When", "Skill", "What", "Worth", "We expected", "Points"], rows, caption="Newest first")
