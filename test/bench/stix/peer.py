"""The peers in Python: reads one request as JSON, writes one answer. CPU times are seconds of this process alone."""

import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")


def best(runs, run):
    times, value = [], None
    for _ in range(runs):
        start = time.process_time()
        value = run()
        times.append(time.process_time() - start)
    return min(times), value


def parse(request):
    from stix2patterns.v21.pattern import Pattern

    seconds, _ = best(request["runs"], lambda: [Pattern(one) for one in request["patterns"]])
    return {"seconds": seconds}


def pairs(request):
    """One pattern on one observation a call, as in a stream; and each pattern on all observations in one call."""
    from stix2matcher.matcher import Pattern

    patterns = [Pattern(one, "2.1") for one in request["patterns"]]
    bundles = request["bundles"]
    wanted = request["pairs"]

    def each():
        return [bool(patterns[p].match([bundles[o]])) for p, o in wanted]

    seconds, verdicts = best(request["runs"], each)
    return {"seconds": seconds, "verdicts": verdicts}


def whole(request):
    """Every pattern on every observation: verdicts one pair a call, and the time of one call a pattern."""
    from stix2matcher.matcher import Pattern

    patterns = [Pattern(one, "2.1") for one in request["patterns"]]
    bundles = request["bundles"]
    together, any_of = best(1, lambda: [bool(one.match(bundles)) for one in patterns])
    apart, hits = best(
        1,
        lambda: [
            [p, o]
            for p, one in enumerate(patterns)
            for o, bundle in enumerate(bundles)
            if one.match([bundle])
        ],
    )
    return {"together": together, "apart": apart, "hits": hits, "any": any_of}


def bundle(request):
    """Reads indicators as objects, then their patterns as trees (stix2 itself only checks them)."""
    import stix2
    from stix2patterns.v21.pattern import Pattern

    seconds, value = best(request["runs"], lambda: stix2.parse(request["bundle"], version="2.1"))
    patterns = [one.pattern for one in value.objects]
    trees, _ = best(request["runs"], lambda: [Pattern(one) for one in patterns])
    return {"objects": seconds, "patterns": trees}


JOBS = {"parse": parse, "pairs": pairs, "whole": whole, "bundle": bundle}
asked = json.load(sys.stdin)
json.dump(JOBS[asked["job"]](asked), sys.stdout)
