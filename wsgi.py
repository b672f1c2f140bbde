"""The WSGI entry: `app`. A wrong setting stops the start with one line."""

from __future__ import annotations

import sys

from app import create_app
from config import WrongSetting

try:
    app = create_app()
except WrongSetting as wrong:
    sys.exit(str(wrong))
