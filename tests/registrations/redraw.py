"""Repeats a draw from what is published: python redraw.py draw.json. Needs nothing but Python."""

import hashlib
import hmac
import json
import sys


def redrawn(draw):
    """What is wrong with the published draw, as sentences; empty when everything is as it was promised."""
    seed, otherwise = bytes.fromhex(draw["seed"]), "waiting" if draw["waiting_list"] else "lost"
    rows = [(e["reference"], s["sitting"], e["seats"], e["tickets"]) for s in draw["sittings"] for e in s["entries"]]
    hashed = hashlib.sha256("".join(f"{','.join(map(str, row))}\n" for row in sorted(rows)).encode()).hexdigest()
    promised = hashlib.sha256(seed).hexdigest() == draw["commitment"]
    wrong = [] if promised else ["the seed is not the one that was promised"]
    wrong += [] if hashed == draw["list_sha256"] else ["the list is not the one of the closing time"]

    def lot(entry):
        texts = [f"{hashed}:{entry['reference']}:{n}" for n in range(1, entry["tickets"] + 1)]
        return min(hmac.new(seed, text.encode(), "sha256").hexdigest() for text in texts)

    for sitting in draw["sittings"]:
        left = sitting["seats"]
        for rank, entry in enumerate(sorted(sitting["entries"], key=lot), 1):
            result = "won" if left is None or entry["seats"] <= left else otherwise
            result = "withdrawn" if entry["result"] == "withdrawn" else result
            left = left - entry["seats"] if left is not None and result == "won" else left
            if (entry["rank"], entry["result"]) != (rank, result):
                wrong.append(f"{entry['reference']} should be number {rank}: {result}")
    return wrong


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        sys.stdout.write("\n".join(redrawn(json.load(file))) or "the draw is as it was promised")
