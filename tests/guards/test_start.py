from __future__ import annotations

from app import create_app
from tests.conftest import config_for


def test_a_new_server_starts_where_the_data_is_elsewhere(tmp_path):
    instance = tmp_path / "not" / "there"
    create_app(config_for(instance, database_url="postgresql+psycopg://nobody@127.0.0.1:1/none"))
    assert instance.is_dir()
