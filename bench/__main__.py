"""`python -m bench [NAME …]`: measure, print one JSON object per figure, then a table."""

import sys
from collections.abc import Callable, Iterator

from bench import (
    access_gate,
    access_revocation,
    appstore_download,
    appstore_index,
    appstore_inspect,
    appstore_wave,
    audit_append,
    mdm_checkin,
    mdm_headwind,
    mdm_hints,
    mdm_list,
    mdm_rollout,
    shift,
)
from bench.figures import Report

BENCHES: dict[str, Callable[[], Report]] = {
    "shift": shift.run,
    "access.gate": access_gate.run,
    access_revocation.NAME: access_revocation.run,
    appstore_index.NAME: appstore_index.run,
    appstore_wave.NAME: appstore_wave.run,
    appstore_inspect.NAME: appstore_inspect.run,
    "audit.append": audit_append.run,
    appstore_download.NAME: appstore_download.run,
    mdm_checkin.NAME: mdm_checkin.run,
    mdm_hints.NAME: mdm_hints.run,
    mdm_list.NAME: mdm_list.run,
    mdm_headwind.NAME: mdm_headwind.run,
    mdm_rollout.NAME: mdm_rollout.run,
}


def main(names: list[str]) -> int:
    """Run the benches named, or all; 0 if every target is met, 1 if not, 2 for an unknown name."""
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"There is no bench {unknown[0]!r}. There are {', '.join(BENCHES)}.", file=sys.stderr)
        return 2
    reports = [BENCHES[name]() for name in names or BENCHES]
    for report in reports:
        for figure in report.figures:
            print(figure.as_json())
    for report in reports:
        print("\n".join(table(report)))
    return 0 if all(figure.holds for report in reports for figure in report.figures) else 1


def table(report: Report) -> Iterator[str]:
    """Yield a report's lines for people."""
    yield f"\n{report.bench}: {report.circumstances}"
    for figure in report.figures:
        wanted = "" if figure.target is None else f"{figure.sign} {figure.target:g} {figure.unit}"
        verdict = "" if figure.target is None else ("holds" if figure.holds else "FALLS SHORT")
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        value = f"{figure.value:,.2f} {figure.unit}"
        yield f"  {figure.figure:42} {value:>18}  {wanted:>12}  {ratio:>6}  {verdict}".rstrip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
