"""The demonstration's sign-ins: known to everybody who reads this, so config.py keeps it away from https addresses."""

from __future__ import annotations

PASSWORD = "kawara-momo-himawari"  # noqa: S105 a demonstration has no secrets
# Role, the word for it, name (members of staff have theirs already), address.
SIGN_INS = (
    ("organizer", "担当者", "見本　企画", "organizer@example.jp"),
    ("manager", "所属長", "見本　課長", "manager@example.jp"),
    ("helper", "受付係", "見本　受付", "helper@example.jp"),
    ("admin", "システム管理者", "見本　管理", "admin@example.jp"),
    ("auditor", "監査担当", "見本　監査", "auditor@example.jp"),
    ("member", "職員（協働推進員）", "", "promoter@example.jp"),
    ("member", "職員（協働調整員）", "", "coordinator@example.jp"),
)
