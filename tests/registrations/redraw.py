"""Repeats a draw from what is published: python redraw.py draw.json. Needs nothing but Python."""

import hashlib
import hmac
import json
import sys


def redrawn(published):
    """What is wrong with the published draw, as sentences; empty when everything is as it was promised."""
    seed, wrong = bytes.fromhex(published["seed"]), []
    if hashlib.sha256(seed).hexdigest() != published["commitment"]:
        wrong.append("the seed is not the one that was promised")
    rows = [
        (e["reference"], s["sitting"], e["seats"], e["tickets"]) for s in published["sittings"] for e in s["entries"]
    ]
    hashed = hashlib.sha256("".join(f"{','.join(map(str, row))}\n" for row in sorted(rows)).encode()).hexdigest()
    if hashed != published["list_sha256"]:
        wrong.append("the list is not the one of the closing time")

    def first(entry):
        texts = [f"{hashed}:{entry['reference']}:{n}" for n in range(1, entry["tickets"] + 1)]
        return min(hmac.new(seed, text.encode(), "sha256").hexdigest() for text in texts)

    otherwise = "waiting" if published["waiting_list"] else "lost"
    for sitting in published["sittings"]:
        order = sorted(sitting["entries"], key=first)
        for rank, (entry, result) in enumerate(zip(order, results(order, sitting["seats"], otherwise), strict=True), 1):
            if (entry["rank"], entry["result"]) != (rank, result):
                wrong.append(f"{entry['reference']} should be number {rank}: {result}")
    return wrong


def results(order, left, otherwise):
    """Seats for the first who fit; who gave up before the draw is left out."""
    for entry in order:
        if entry["result"] == "withdrawn":
            yield "withdrawn"
        elif left is None or entry["seats"] <= left:
            left = left and left - entry["seats"]
            yield "won"
        else:
            yield otherwise


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        sys.stdout.write("\n".join(redrawn(json.load(file))) or "the draw is as it was promised")
