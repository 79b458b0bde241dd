"""Expected values for BLEU, chrF and F1 of entities, computed with sacrebleu and seqeval.

usage: pip install sacrebleu seqeval; python3 tools/oracles/translation_and_entity_oracles.py
Writes packages/evaluate/src/oracles/{translations,entities}.json.
"""
import json
import pathlib
import random
import warnings

import sacrebleu
from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a
from seqeval.metrics import f1_score, precision_score, recall_score
from seqeval.metrics.sequence_labeling import get_entities, precision_recall_fscore_support

warnings.filterwarnings("ignore")
FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "packages/evaluate/src/oracles"

RIGHT = [
    "The cat sat on the mat, and it was 3.5 metres long.",
    "Er sagte: »Nein!« – und ging (um 12:30) fort.",
    "It costs $1,234.56 &amp; more; the 10-20 range isn't \"new\".",
    "Œuvres d’été: l'avion A-380, n°7… 100%",
    "一只猫坐在垫子上。",
    "naïve café 𝒳𝒴 🙂 emoji",
    "yes",
    "the the the the",
    "A rather long sentence, which has many words in it, so that there are runs of four.",
    "U.S. troops e-mailed info@example.org on 2020-01-02.",
]
FOUND = [
    "The cat sat on a mat, and it was 3.5 meters long.",
    "Er sagte: »Nein« und ging um 12:30 fort.",
    "It costs $1,234 & more; the 10 - 20 range is not new.  ",
    "Oeuvres d'été: l’avion A380, n° 7 ... 100 %",
    "一只狗坐在垫子上",
    "naive café 𝒳𝒵 🙂",
    "yes",
    "the",
    "",
    "US troops mailed info@example.org on 2020-01-02 .",
]
LINES = RIGHT + FOUND + ["a-\nb\nc", "<skipped>x", "1.a a.1 1,2 ,3 4, 5-6 a-b", "tab\tand\u00a0hard\u2009thin\u3000wide\x1cfile\x85next", "\ufeffmark", "{~[` &(+:@/!", "  "]


def case(name, found, right):
    return dict(
        name=name,
        found=found,
        right=right,
        bleu=sacrebleu.corpus_bleu(found, [right]).score,
        chrf=sacrebleu.corpus_chrf(found, [right]).score,
        sentenceBleu=[sacrebleu.sentence_bleu(f, [r]).score for f, r in zip(found, right)],
        sentenceChrf=[sacrebleu.sentence_chrf(f, [r]).score for f, r in zip(found, right)],
    )


def drawn(seed, sentences, length):
    """Words of a small vocabulary: many runs match, few of four."""
    chance = random.Random(seed)
    words = "the a cat dog sat ran on in mat house , . fast slow".split()
    sentence = lambda: " ".join(chance.choice(words) for _ in range(chance.randint(0, length)))
    return [sentence() for _ in range(sentences)], [sentence() or "x" for _ in range(sentences)]


translations = [
    case("sentences of many scripts", FOUND, RIGHT),
    case("all right", RIGHT, RIGHT),
    case("nothing in common", ["x y z w"], ["a b c d e"]),
    case("one word", ["yes"], ["yes"]),
    case("three words of three: no run of four", ["a b c"], ["a b c"]),
    case("smoothed: no run of three or four", ["a b x c d y"], ["a b z c d w"]),
    case("nothing said", ["", ""], ["a b", "c"]),
    case("drawn, short", *drawn(1, 40, 6)),
    case("drawn, long", *drawn(2, 40, 25)),
]
out = dict(
    source=f"sacrebleu {sacrebleu.__version__}",
    tokens=[[line, Tokenizer13a()(line.rstrip()).split()] for line in LINES],
    cases=translations,
)
(FIXTURES / "translations.json").write_text(json.dumps(out, ensure_ascii=True) + "\n")


def entities(name, truth, labels):
    types = sorted({kind for kind, _, _ in get_entities(truth) + get_entities(labels)})
    precision, recall, f1, support = precision_recall_fscore_support(truth, labels, average=None, zero_division=0)
    return dict(
        name=name,
        truth=truth,
        labels=labels,
        entities=[[list(entity) for entity in get_entities(sentence)] for sentence in labels],
        f1=float(f1_score(truth, labels, zero_division=0)),
        precision=float(precision_score(truth, labels, zero_division=0)),
        recall=float(recall_score(truth, labels, zero_division=0)),
        types=types,
        perType=[
            dict(precision=float(p), recall=float(r), f1=float(f), examples=int(n))
            for p, r, f, n in zip(precision, recall, f1, support)
        ],
    )


def drawn_labels(seed, signs, types, sentences=60, changed=0.2):
    chance = random.Random(seed)
    all_labels = ["O"] * len(types) + [f"{sign}-{kind}" for sign in signs for kind in types]
    truth = [[chance.choice(all_labels) for _ in range(chance.randint(1, 9))] for _ in range(sentences)]
    labels = [[chance.choice(all_labels) if chance.random() < changed else own for own in sentence] for sentence in truth]
    return truth, labels


cases = [
    entities("IOB2, by hand", [["B-PER", "I-PER", "O", "B-LOC"], ["O", "B-ORG"]], [["B-PER", "O", "O", "B-LOC"], ["B-ORG", "I-ORG"]]),
    entities("IOB1: I- begins", [["I-PER", "I-PER", "B-PER", "O", "I-LOC"]], [["I-PER", "B-PER", "I-PER", "O", "B-LOC"]]),
    entities("IOBES", [["B-PER", "I-PER", "E-PER", "S-LOC", "O"]], [["B-PER", "E-PER", "S-PER", "S-LOC", "O"]]),
    entities("another type in the middle", [["B-PER", "I-LOC", "I-LOC", "O"]], [["B-PER", "I-PER", "I-LOC", "O"]]),
    entities("types with dashes", [["B-A-B", "I-A-B", "O", "B-A"]], [["B-A-B", "I-A-B", "O", "B-A-C"]]),
    entities("none answered", [["B-PER", "O"]], [["O", "O"]]),
    entities("none there", [["O", "O"]], [["B-PER", "O"]]),
    entities("a sentence's end ends an entity", [["O", "B-PER"], ["I-PER"]], [["O", "B-PER"], ["I-PER"]]),
    entities("drawn, B and I", *drawn_labels(1, "BI", ["PER", "LOC", "ORG"])),
    entities("drawn, B, I, E and S", *drawn_labels(2, "BIES", ["PER", "LOC"])),
]
(FIXTURES / "entities.json").write_text(json.dumps(dict(cases=cases)) + "\n")
for one in translations:
    print(one["name"], one["bleu"], one["chrf"])
for one in cases:
    print(one["name"], one["f1"])
