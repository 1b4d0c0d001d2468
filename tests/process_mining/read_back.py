"""Runs under the throw-away Python that has pm4py, which nothing of ours imports: prints what it finds in the files.

python read_back.py FILE.json FILE.sqlite FILE.xes
"""

import json
import sys
from typing import Any

import pm4py  # type: ignore[import-not-found]
from pm4py.objects.ocel.validation import ocel20_rel_validation  # type: ignore[import-not-found]


def of_ocel(log: Any) -> dict[str, Any]:
    """What an object-centric log amounts to."""
    return {
        "events": len(log.events),
        "objects": len(log.objects),
        "relations": len(log.relations),
        "links": len(log.o2o),
        "changes": len(log.object_changes),
        "types": sorted(log.objects["ocel:type"].unique()),
        "stages": sorted(map(str, log.object_changes["stage"].dropna().unique())),
        "flattened": int(pm4py.ocel_flattening(log, "issue")["case:concept:name"].nunique()),
    }


def main(as_json: str, as_sqlite: str, as_xes: str) -> None:
    """Prints one line of JSON."""
    _, broken = ocel20_rel_validation.apply(as_sqlite)
    traces = pm4py.read_xes(as_xes)
    net, first, last = pm4py.discover_petri_net_inductive(traces)
    found = {
        "json": of_ocel(pm4py.read_ocel2_json(as_json)),
        "sqlite": of_ocel(pm4py.read_ocel2_sqlite(as_sqlite)),
        "broken": broken,
        "xes": {
            "events": len(traces),
            "traces": int(traces["case:concept:name"].nunique()),
            "first": str(traces["time:timestamp"].min()),
            "fitness": pm4py.fitness_token_based_replay(traces, net, first, last)["log_fitness"],
        },
        "version": pm4py.__version__,
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
