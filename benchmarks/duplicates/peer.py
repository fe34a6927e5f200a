"""The dedupe library over the same records: trained with labelled pairs, then all are partitioned. Prints JSON.

It is given what its documentation advises: values in lower case and Latin letters, numbers and addresses in one form
(folded by us), 120 pairs with right labels; and one core, as we have. Only the name is compared as a string: were the
others too, learning to block would take it minutes more and 13 GB instead of 5, since they have so much in common.
Seconds are those of the processor.
"""

import io
import json
import random
import sys
import time

import dedupe
from dedupe import variables


def main() -> None:
    records, same = json.load(sys.stdin)
    data = dict(enumerate(records))
    same = [tuple(pair) for pair in same]
    luck = random.Random(1)  # noqa: S311
    known = set(same)
    apart = [tuple(sorted(luck.sample(range(len(data)), 2))) for _ in range(60)]
    labelled = {
        "match": [[data[one], data[other]] for one, other in luck.sample(same, 60)],
        "distinct": [[data[one], data[other]] for one, other in apart if (one, other) not in known],
    }
    exact = [variables.Exact(field, has_missing=True) for field in ("email", "phone", "outlet")]
    fields = [variables.String("name"), *exact]
    begun = time.process_time()
    deduper = dedupe.Dedupe(fields, num_cores=1)
    deduper.prepare_training(data, training_file=io.StringIO(json.dumps(labelled)))
    deduper.train()
    trained = time.process_time()
    clusters = deduper.partition(data, threshold=0.5)
    ended = time.process_time()
    found = set()
    for members, _ in clusters:
        ordered = sorted(members)
        found.update((one, other) for place, one in enumerate(ordered) for other in ordered[place + 1 :])
    right = len(found & known)
    told = {"train": trained - begun, "partition": ended - trained}
    print(json.dumps({**told, "recall": right / len(known), "precision": right / max(len(found), 1)}))


if __name__ == "__main__":
    main()
