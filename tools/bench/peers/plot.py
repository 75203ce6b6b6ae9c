"""The picture of the bench: seconds of everybody, by database and number of people."""

import json
import sys

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams |= {"svg.hashsalt": "cards", "svg.fonttype": "none"}
from matplotlib import pyplot

ORDER = ("floor", "cards", "dlt", "singer", "script")
COLOURS = {"floor": "#9aa5b1", "cards": "#0b7285", "dlt": "#e8a33d", "singer": "#b5651d", "script": "#7d5ba6"}
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def main(kept: str, picture: str) -> None:
    cells = list(json.load(open(kept)).values())
    databases = [name for name in NAMES if any(cell["database"] == name for cell in cells)]
    figure, axes = pyplot.subplots(2, len(databases), figsize=(4.6 * len(databases), 6.4), sharey=True, squeeze=False)
    for column, database in enumerate(databases):
        for row, phase in enumerate(("first", "unchanged")):
            _draw(axes[row][column], [c for c in cells if c["database"] == database], phase)
            axes[row][column].set_title(f"{NAMES[database]}, {phase} import", fontsize=10)
    for row in axes:
        row[0].set_ylabel("seconds")
    axes[0][0].legend(fontsize=8, frameon=False)
    figure.tight_layout()
    figure.savefig(picture, metadata={"Date": None})


def _draw(axis, cells, phase) -> None:
    for name in ORDER:
        points = []
        for cell in sorted(cells, key=lambda cell: cell["people"]):
            mine = [f["seconds"] for f in cell["figures"] if (f["contestant"], f["phase"]) == (name, phase)]
            if mine:
                points.append((cell["people"], min(mine)))
        if points:
            axis.plot(*zip(*points, strict=True), marker="o", markersize=4, color=COLOURS[name], label=name)
    axis.set_xscale("log")
    axis.set_yscale("log")
    axis.set_xlabel("people")
    axis.grid(visible=True, which="major", alpha=0.3)


if __name__ == "__main__":
    main(*sys.argv[1:])
