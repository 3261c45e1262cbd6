"""Asks the OASIS reference matcher: reads {"cases": [{"pattern", "bundles": [...]}]}, writes a list of verdicts a case.

A verdict is true, false, or the text of the error that the matcher raised.
"""

import json
import sys
import warnings

warnings.filterwarnings("ignore")

from stix2matcher.matcher import Pattern  # noqa: E402


def verdict(pattern, bundle):
    try:
        return bool(pattern.match([bundle]))
    except Exception as error:  # whatever it raises is its answer
        return "%s: %s" % (type(error).__name__, error)


def answers(case):
    try:
        pattern = Pattern(case["pattern"], "2.1")
    except Exception as error:
        return ["%s: %s" % (type(error).__name__, error)] * len(case["bundles"])
    return [verdict(pattern, bundle) for bundle in case["bundles"]]


json.dump([answers(case) for case in json.load(sys.stdin)["cases"]], sys.stdout)
