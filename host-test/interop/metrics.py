"""Parses expositions with prometheus_client. Argument: a folder with NAME.prom (text format) and NAME.om (OpenMetrics).
Prints for each file the samples as [name, labels, value], one file a line, as JSON."""

import json
import pathlib
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as prometheus


def main():
    for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        parse = openmetrics if path.suffix == ".om" else prometheus
        families = list(parse(path.read_text(encoding="utf-8")))
        names = [family.name for family in families]
        samples = [[s.name, s.labels, s.value] for family in families for s in family.samples]
        series = {json.dumps(sample[:2], sort_keys=True) for sample in samples}
        print(
            json.dumps(
                {
                    "file": path.name,
                    "samples": samples,
                    "twice": len(samples) - len(series) + len(names) - len(set(names)),
                    "helped": all(family.documentation for family in families),
                }
            )
        )


main()
