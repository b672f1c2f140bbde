"""Templates: nothing that the Content-Security-Policy would block, nothing that turns escaping off in silence."""

from __future__ import annotations

import re

from tests.architecture import tree
from tests.architecture.tree import Breach

TAG = re.compile(r"<[a-zA-Z][^<>]*?>", re.DOTALL)
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
HANDLER = re.compile(r"\son[a-z]+\s*=", re.IGNORECASE)
# A data block such as JSON-LD is never executed, so the policy lets it be.
EXECUTED = re.compile(r'<(script|style)\b(?![^>]*type="application/[a-z+]*json")')
STYLE = re.compile(r"\sstyle\s*=", re.IGNORECASE)


def _line(source, position):
    return source.count("\n", 0, position) + 1


def _without_comments(source):
    return COMMENT.sub(lambda m: "\n" * m[0].count("\n"), source)


def blocked_by_policy(path, source):
    source = _without_comments(source)
    for tag in TAG.finditer(source):
        bare = JINJA.sub("", tag[0])
        if STYLE.search(bare):
            yield Breach(path, _line(source, tag.start()), "inline style: give it a class of the design system")
        if HANDLER.search(bare):
            yield Breach(path, _line(source, tag.start()), "inline handler: a module under app/design/static listens")
        if EXECUTED.match(bare) and "nonce" not in tag[0] and " src=" not in bare:
            yield Breach(path, _line(source, tag.start()), "inline script or style without the page's nonce")
    for link in re.finditer(r"javascript:", source, re.IGNORECASE):
        yield Breach(path, _line(source, link.start()), "javascript: address")


def unescaped_without_reason(path, source):
    lines = source.splitlines()
    for number, line in enumerate(lines, 1):
        unescaped = re.search(r"\|\s*safe\b|autoescape\s+false", _without_comments(line))
        if unescaped and "{#" not in line and "#}" not in lines[number - 2]:
            yield Breach(path, number, "escaping is off here: say in a comment {# … #} why that is safe")


def web_templates():
    return tree.matching(r"app/(web|design)/.*\.html")


def test_pages_hold_nothing_that_the_policy_blocks():
    assert tree.found(blocked_by_policy, web_templates()) == []


def test_what_the_policy_blocks_is_found():
    for planted in (
        '<p style="color: red">',
        '<p\n  class="x"\n  style="color: red">',
        '<button onclick="go()">',
        "<script>go()</script>",
        "<style>p { color: red }</style>",
        '<a href="javascript:go()">',
    ):
        assert list(blocked_by_policy("app/web/x.html", planted)), planted
    for allowed in (
        '<script nonce="{{ csp_nonce() }}">',
        '<script type="module" src="/x.js"></script>',
        '<script type="application/ld+json">',
        '{# <p style="x"> #}',
        '<p class="{{ style == 1 }}">',
        '<option value="1">onset = later</option>',
    ):
        assert not list(blocked_by_policy("app/web/x.html", allowed)), allowed


def test_escaping_is_never_turned_off_in_silence():
    assert tree.found(unescaped_without_reason, tree.matching(r"app/.*\.(html|txt|svg)")) == []


def test_silent_unescaping_is_found():
    assert list(unescaped_without_reason("x.html", "<p>{{ note|safe }}</p>"))
    assert not list(unescaped_without_reason("x.html", "{# made by segno from our own link #}\n{{ qr|safe }}"))
