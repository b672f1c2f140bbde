"""What every page must be: free of what axe finds, within the width of the screen, silent in the console."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

VENDOR = Path(__file__).resolve().parents[1] / "vendor"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# What passed is counted, not described. Of a long table the first rows are looked at: the others come out of the same
# template, and the contrast of a hundred of them is most of the work.
RUN = """([tags, without]) => {
    const others = [...document.querySelectorAll('tbody tr:nth-child(n+31)')]
    for (const row of others) row.style.setProperty('display', 'none', 'important')
    const rules = Object.fromEntries(without.map(rule => [rule, {enabled: false}]))
    return axe.run(document, {runOnly: {type: 'tag', values: tags}, rules, resultTypes: ['violations']})
        .then(result => result.violations)
        .finally(() => { for (const row of others) row.style.removeProperty('display') })
}"""


@cache
def axe() -> str:
    """The source of axe-core."""
    return next(VENDOR.glob("axe-core-*/axe.min.js")).read_text(encoding="utf-8")


def faults(page: Page, *without: str) -> list[str]:
    """What axe finds on the page `without` these rules, and whether it is wider than the screen; empty is good."""
    page.wait_for_load_state()  # a click answers before the page it leads to is there
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    # The page's own policy forbids foreign scripts: axe is evaluated through the debugger, not added to the page.
    page.evaluate(axe())
    violations = page.evaluate(RUN, [TAGS, without])
    found = [f"{v['id']}: {node['html'][:120]} ({v['help']})" for v in violations for node in v["nodes"]]
    return [*found, *([f"{wide} px wider than the screen"] if wide > 0 else [])]


def assert_sound(page: Page) -> None:
    """Raises AssertionError with every fault of the page."""
    found = faults(page)
    assert not found, page.url + "\n" + "\n".join(found)
