"""The retrieval study in NumPy and SciPy, straight from its definition and independent of the Swift code.

A sequence is a dict: name, rate (frames a second or None) and frames, a dict from frame number to a dict with boxes
(n x 4: x, y, width, height), ids (None where nobody knows), classes, vectors and histograms (n x d or None). The boxes
of a frame are in the shuffled order in which ties fall to the lower index. Needs NumPy and SciPy.
"""
import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.stats import rankdata

BINS = 65536
RANGE = {"cosine": (-1.0, 1.0), "l2": (-2.0, 0.0)}
RESAMPLES = 2000
MASK = (1 << 64) - 1


class SplitMix64:
    def __init__(self, state):
        self.state = state

    def below(self, bound):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return ((z ^ (z >> 31)) * bound) >> 64


def leak_guard_order(rows):
    """Indices of rows (x, y, w, h, class, confidence), sorted and then shuffled with a seed made of their count."""
    order = sorted(range(len(rows)), key=lambda i: (*rows[i], i))
    random = SplitMix64(0x76747261636B ^ len(order))
    for last in range(len(order) - 1, 0, -1):
        other = random.below(last + 1)
        order[last], order[other] = order[other], order[last]
    return order


def similarities(kind, a, b):
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    if kind == "l2":
        return -np.sqrt(((a[:, None] - b[None]) ** 2).sum(-1)).astype(np.float32)
    # Products summed row by row and not by matrix multiplication: equal vectors get equal similarities.
    dots = np.stack([(row[None] * b).sum(-1) for row in a])
    lengths = np.sqrt((a * a).sum(-1))[:, None] * np.sqrt((b * b).sum(-1))[None]
    return np.divide(dots, lengths, out=np.zeros_like(dots), where=lengths > 0).astype(np.float32)


def overlaps(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, :2] + a[:, None, 2:], b[None, :, :2] + b[None, :, 2:])
    shared = np.prod(np.clip(high - low, 0, None), -1)
    area_a, area_b = a[:, 2] * a[:, 3], b[:, 2] * b[:, 3]
    union = area_a[:, None] + area_b[None] - shared
    valid = (area_a[:, None] > np.finfo(float).eps) & (area_b[None] > np.finfo(float).eps)
    return np.where(valid, shared / np.where(valid, union, 1), 0)


def judge(a, b, kind, class_gate):
    """One record a query of frame a with its gallery b, and the similarities of all its pairs."""
    classes_a, classes_b = np.asarray(a["classes"]), np.asarray(b["classes"])
    allowed = classes_a[:, None] == classes_b[None] if class_gate else np.ones((len(classes_a), len(classes_b)), bool)
    records, pairs = [], []
    targets = [b["ids"].index(i) if i is not None and i in b["ids"] else None for i in a["ids"]]
    if all(t is None for t in targets):
        return records, pairs

    def nearest(scores, row):
        column = int(np.argmax(np.where(allowed[row], scores[row], -np.inf)))
        return column if allowed[row].any() else None

    centres_a = np.asarray(a["boxes"])[:, :2] + np.asarray(a["boxes"])[:, 2:] / 2
    centres_b = np.asarray(b["boxes"])[:, :2] + np.asarray(b["boxes"])[:, 2:] / 2
    by_centre = -((centres_a[:, None] - centres_b[None]) ** 2).sum(-1)
    by_overlap = overlaps(a["boxes"], b["boxes"])
    by_colour = None if a["histograms"] is None else similarities("cosine", a["histograms"], b["histograms"])
    by_feature = None if a["vectors"] is None else similarities(kind, a["vectors"], b["vectors"])
    if by_feature is not None:
        cost = np.where(allowed, 1 - by_feature.astype(np.float64), 1e9)
        assigned = dict(zip(*linear_sum_assignment(cost)))
        back = [int(np.argmax(np.where(allowed[:, c], by_feature[:, c], -np.inf))) for c in range(len(classes_b))]
    for row, target in enumerate(targets):
        if target is None:
            continue
        record = {"row": row, "class": int(classes_a[row]), "iou": nearest(by_overlap, row) == target,
                  "centre": nearest(by_centre, row) == target,
                  "chance": 1 / allowed[row].sum() if allowed[row, target] else 0.0}
        if by_colour is not None:
            record["histogram"] = nearest(by_colour, row) == target
        if by_feature is not None:
            column = nearest(by_feature, row)
            record["top1"] = column == target
            record["match"] = {"wrong": column, "right": target, "similarities": [
                None if c is None else float(by_feature[row, c]) for c in (column, target)]}
            record["same"] = column is not None and classes_b[column] == classes_a[row]
            record["mutual"] = column is not None and back[column] == row
            record["hungarian"] = assigned.get(row) == target and bool(allowed[row, target])
            order = [c for c in np.argsort(-by_feature[row], kind="stable") if allowed[row, c]]
            record["recall5"] = target in order[:5]
            columns = np.flatnonzero(allowed[row])
            pairs.append((by_feature[row, columns], columns == target))
        records.append(record)
    return records, pairs


def strata_of(box, class_id, traits, attributes):
    """The strata of a query as (by, attribute, value); traits: visibility, occluded, truncated, each may be None."""
    side = (box[2] * box[3]) ** 0.5
    sizes = ["tiny", "small", "medium", "large", "huge"]
    found = [("class", None, class_id), ("size", None, sizes[int(np.digitize(side, [16, 32, 96, 256]))])]
    visibility = traits["visibility"]
    if visibility is not None and 0 <= visibility <= 1:
        quarter = min(int(visibility * 4), 3)
        found.append(("visibility", None, f"{25 * quarter}-{25 * quarter + 25}"))
    found += [(key, None, traits[key]) for key in ("occluded", "truncated") if traits[key] is not None]
    return found + [("attribute", name, value) for name, value in attributes.items() if value not in ("", "undefined")]


def strata_study(sequences, deltas, kind="cosine", class_gate=False, kept=3):
    """For each gap what each stratum gives, and the worst misses of each sequence, `kept` at most, one an identity."""
    output = []
    for delta in deltas:
        groups, misses = {}, {}
        for position, sequence in enumerate(sequences):
            worst = {}
            for number, frame in sequence["frames"].items():
                later = sequence["frames"].get(number + delta)
                if later is None or not frame["boxes"] or not later["boxes"]:
                    continue
                for record in judge(frame, later, kind, class_gate)[0]:
                    row = record["row"]
                    for stratum in strata_of(
                            frame["boxes"][row], record["class"], frame["traits"][row], sequence["attributes"]):
                        groups.setdefault(stratum, {}).setdefault(position, []).append(record)
                    match = record.get("match")
                    if match is None or record["top1"] or match["wrong"] is None:
                        continue
                    margin = match["similarities"][0] - match["similarities"][1]
                    identity = frame["ids"][row]
                    if identity not in worst or margin > worst[identity]["margin"]:
                        worst[identity] = {
                            "margin": margin, "frame": number, "identity": identity, "query": frame["boxes"][row],
                            "wrong": later["boxes"][match["wrong"]], "right": later["boxes"][match["right"]]}
            misses[sequence["name"]] = sorted(worst.values(), key=lambda miss: -miss["margin"])[:kept]
        strata = []
        for (by, attribute, value), found in groups.items():
            records = [r for position in sorted(found) for r in found[position]]
            strata.append({
                "by": by, **({"attribute": attribute} if attribute else {}), "value": value, "queries": len(records),
                **rates(records, None), "sequences": len(found),
                "interval": bootstrap([found[p] for p in sorted(found)]) if "top1" in records[0] else None})
        output.append({"delta": delta, "strata": strata, "misses": misses})
    return output


def area_under_curve(pairs, kind):
    if not pairs:
        return None
    values = np.concatenate([p[0] for p in pairs]).astype(np.float32)
    same = np.concatenate([p[1] for p in pairs])
    low, high = RANGE[kind]
    ranks = rankdata(np.clip(np.floor((values - np.float32(low)) * np.float32(BINS / (high - low))), 0, BINS - 1))
    positive, negative = int(same.sum()), int((~same).sum())
    if not positive or not negative:
        return None
    return float((ranks[same].sum() - positive * (positive + 1) / 2) / (positive * negative))


def rates(records, auc):
    def mean(key, chosen=records):
        return float(np.mean([r[key] for r in chosen])) if chosen and key in chosen[0] else None

    has_vectors = bool(records) and "top1" in records[0]
    misses = [r for r in records if not r["top1"]] if has_vectors else []
    mutual = [r for r in records if r["mutual"]] if has_vectors else []
    return {
        "top1": mean("top1"), "hungarian": mean("hungarian"), "same_class": mean("same"),
        "same_class_of_misses": mean("same", misses), "mutual_precision": mean("top1", mutual),
        "mutual_coverage": mean("mutual"), "recall5": mean("recall5"), "auc": auc, "chance": mean("chance"),
        "iou_top1": mean("iou"), "centre_top1": mean("centre"), "histogram_top1": mean("histogram"),
    }


def average(groups):
    if not groups:
        return rates([], None)
    present = {key: [g[key] for g in groups if g[key] is not None] for key in groups[0]}
    return {key: float(np.mean(values)) if values else None for key, values in present.items()}


def bootstrap(sequences):
    counted = [(sum(r["top1"] for r in records), len(records)) for records in sequences if records]
    if len(counted) < 2:
        return None
    random, found = SplitMix64(1), []
    for _ in range(RESAMPLES):
        drawn = [counted[random.below(len(counted))] for _ in counted]
        found.append(sum(d[0] for d in drawn) / sum(d[1] for d in drawn))
    return [float(np.quantile(found, 0.025)), float(np.quantile(found, 0.975))]


def study(sequences, deltas, kind="cosine", class_gate=False):
    """The report's `retrieval`: one dict a gap (in frames)."""
    output = []
    seconds = {s["rate"] for s in sequences}
    for delta in deltas:
        per_sequence, per_sequence_pairs = [], []
        for sequence in sequences:
            records, pairs = [], []
            for number, frame in sequence["frames"].items():
                later = sequence["frames"].get(number + delta)
                if later is not None and len(frame["boxes"]) and len(later["boxes"]):
                    found = judge(frame, later, kind, class_gate)
                    records += found[0]
                    pairs += found[1]
            per_sequence.append(records)
            per_sequence_pairs.append(pairs)
        everything = [r for records in per_sequence for r in records]
        groups = [rates(r, area_under_curve(p, kind)) for r, p in zip(per_sequence, per_sequence_pairs) if r]
        classes = sorted({r["class"] for r in everything})
        class_groups = [rates([r for r in everything if r["class"] == c], None) for c in classes]
        rate = next(iter(seconds)) if len(seconds) == 1 else None
        output.append({
            "delta": delta, "delta_seconds": delta / rate if rate else None, "queries": len(everything),
            **rates(everything, area_under_curve([p for pairs in per_sequence_pairs for p in pairs], kind)),
            "macro": {"sequence_count": len(groups), "sequences": average(groups),
                      "class_count": len(classes), "classes": average(class_groups)},
            "interval": bootstrap(per_sequence) if everything and "top1" in everything[0] else None,
        })
    return output
