"""Measures every figure that the issues ask for, and prints one table; name modules to measure only those."""

from __future__ import annotations

import argparse
import importlib
import json
import time
from dataclasses import asdict
from pathlib import Path

from benchmarks import Figure

# In the order of the pipeline; a module has `measure(gold) -> list[Figure]`.
MODULES = ("ingest", "anonymise", "planted", "themes", "codebook", "quotes", "verify", "review", "speed", "scale")


def main() -> None:
    """Parse, measure, print; figures that miss their floor are marked, and make no error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", default=list(MODULES), help=f"some of {', '.join(MODULES)}")
    parser.add_argument("--gold", type=Path, default=Path("../shared/gold"), help="the annotated data")
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    asked = parser.parse_args()
    if not asked.gold.is_dir():
        parser.error(f"no gold data in {asked.gold}: say where it is with --gold")
    figures: list[Figure] = []
    for name in asked.modules:
        started = time.perf_counter()
        found = importlib.import_module(f"benchmarks.{name}").measure(asked.gold)
        print(f"\n{name} ({time.perf_counter() - started:.0f} s)", flush=True)
        for figure in found:
            print(line(figure), flush=True)
        figures += found
    missed = [figure for figure in figures if figure.reached is False]
    print(f"\n{len(figures)} figures, {len(missed)} below what the issues ask for")
    if asked.json:
        asked.json.write_text(json.dumps([asdict(figure) for figure in figures], indent=2), encoding="utf-8")


def line(figure: Figure) -> str:
    """A figure as one line: what, value, interval, floor, baseline, denominator."""
    mark = {True: "ok  ", False: "MISS", None: "    "}[figure.reached]
    interval = f" [{figure.interval[0]:.3g}, {figure.interval[1]:.3g}]" if figure.interval else ""
    floor = "" if figure.floor is None else f"  asked {'≤' if figure.at_most else '≥'} {figure.floor:.3g}"
    baseline = "" if figure.baseline is None else f"  baseline {figure.baseline:.3g}"
    return f"  {mark} {figure.measure:<78} {figure.value:>8.3g}{interval}{floor}{baseline}  ({figure.n})"


if __name__ == "__main__":
    main()
