"""The floor of the benchmarks: what the same server and database give to views that do nothing else."""

from __future__ import annotations

import os

import sqlalchemy as sa
from flask import Flask, redirect

PAGE = "<!doctype html><title>floor</title>" + "x" * 8000
app = Flask(__name__)
engine = sa.create_engine(os.environ["FLOOR_DATABASE_URL"]) if "FLOOR_DATABASE_URL" in os.environ else None
table = sa.Table(
    "floor", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(80))
)

if engine is not None and engine.dialect.name == "sqlite":

    @sa.event.listens_for(engine, "connect")
    def _durable(connection, _record):
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=15000"):
            connection.execute(f"PRAGMA {pragma}")


@app.get("/hello")
def hello():
    return "hello"


@app.get("/healthz")
def healthz():
    return "ok"


@app.route("/form")
@app.route("/confirm", methods=["POST"])
@app.route("/done")
def constant():
    return PAGE


@app.post("/apply")
def apply():
    with engine.begin() as connection:
        connection.execute(table.insert().values(name="倉敷　花子"))
    return redirect("/done", 303)
