"""Print the folder for numba's cache: one per state of the kernels.

Numba decides whether a cached function is still good by its own file alone; when a helper in
another file changes, it serves the stale one. So the folder is named by a digest of them all.
"""

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def cache_folder() -> Path:
    digest = hashlib.sha256()
    kernels = ROOT / "src" / "servanda" / "kernels"
    for path in sorted(kernels.rglob("*.py")):
        digest.update(path.relative_to(kernels).as_posix().encode())
        digest.update(path.read_bytes())
    return ROOT / ".cache" / f"numba-{digest.hexdigest()[:16]}"


if __name__ == "__main__":
    print(cache_folder())
