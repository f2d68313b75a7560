"""Environments for tests: what production needs, and keys as they should be."""

import base64

KEY = "8Xh2Kq0vTn5cLz7Rw1Yb4Mf9Jd6Gs3Pa"
MASTER_KEY = base64.b64encode(bytes(range(32))).decode()
PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": KEY,
    "MASTER_KEY": MASTER_KEY,
    "DATABASE_URL": "postgresql://minori@localhost/minori",
    "KEY_RING": "/srv/keys.json",
    "OUTBOX_DIR": "/srv/outbox",
    "PUBLIC_URL": "https://minori.example.jp",
    "SMTP_URL": "smtp://mail.example.jp:587",
    "MAIL_FROM": "Minori <no-reply@minori.example.jp>",
}
