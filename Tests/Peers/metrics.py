#!/usr/bin/env python3
"""Reads a page of metrics from standard input with the client library of Prometheus, and prints it as one JSON object.

Its members are the metrics by name: `type`, `help`, and `samples`, each with `name`, `labels` and `value`. It needs the
environment `others`.
"""

import json
import sys

from prometheus_client.parser import text_string_to_metric_families

families = {}
for family in text_string_to_metric_families(sys.stdin.read()):
    if family.name in families:
        sys.exit(f"the metric {family.name} is on the page twice")
    samples = [{"name": s.name, "labels": s.labels, "value": s.value} for s in family.samples]
    families[family.name] = {"type": family.type, "help": family.documentation, "samples": samples}
json.dump(families, sys.stdout)
