"""Scenarios without a war whose packages nobody can enumerate, made from a fixed seed."""

import json
from pathlib import Path
from typing import Any

import numpy as np


def large_raw(n_issues: int, n_options: int, without: float = 40.0, n_lines: int = 6) -> dict:
    """Plain values: three actors, links and red lines on neighbouring issues."""
    rng = np.random.default_rng(n_issues)
    actors = ("hill", "dale", "coast")
    weights = rng.dirichlet(np.ones(n_issues), size=3)
    issues: dict[str, Any] = {}
    for j in range(n_issues):
        worth = rng.uniform(0, 100, size=(n_options, 3)).round(1)
        issues[f"issue-{j}"] = {
            "question": f"What of matter {j}?",
            "track": "economic",
            "weight": dict(zip(actors, weights[:, j].round(6).tolist(), strict=True)),
            "options": {
                f"o{o}": {"value": dict(zip(actors, worth[o].tolist(), strict=True))}
                for o in range(n_options)
            },
        }
    lines = {
        f"line-{n}": {
            "by": actors[n % 3],
            "says": f"Never both of matters {n} and {n + 1}.",
            "never": [f"issue-{n}.o0", f"issue-{n + 1}.o1"],
        }
        for n in range(n_lines)
    }
    return {
        "title": f"{n_issues} matters",
        "as-of": "2026-01-01",
        "actors": {a: {"name": a.title(), "role": "other", "discount": 0} for a in actors},
        "issues": issues,
        "red-lines": lines,
        "reservation": dict.fromkeys(actors, without),
    }


def write_large(folder: Path, name: str = "large.yaml", **asked: Any) -> str:
    """The same as a file; JSON is YAML."""
    path = folder / name
    path.write_text(json.dumps(large_raw(**asked), indent=1), encoding="utf-8")
    return str(path)
