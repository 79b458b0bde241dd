"""
Vocabularies and ids by Hugging Face's Rust library, for packages/text/src/tokenizer: packages/text/src/oracles/tokenizer-*.json.

    pip install tokenizers==0.23.3
    python tools/oracles/tokenizer_oracles.py

tokenizer-corpus.json      texts made up here, to train on
tokenizer-files.json       tokenizer.json as the library writes it after training on them
tokenizer-strings.json     a recipe for 10,000 strings: parts of them, and the seed by which they are put together
tokenizer-ids.json         for each string a hash of its ids and of what they decode to
tokenizer-characters.json  what BERT's normalizer and pre-tokenizer take each character for
"""

import base64
import hashlib
import json
import unicodedata
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

OUT = Path(__file__).parents[2] / "packages/text/src/oracles"
BERT = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


class Dice:
    """A linear congruential generator of 32 bits (Numerical Recipes); its low 8 bits are left out. The test has the same."""

    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = (self.state * 1664525 + 1013904223) % 2**32
        return (self.state >> 8) % n

    def one_of(self, items):
        return items[self.below(len(items))]


# Texts: words of made-up syllables, the rank of a word drawn so that few are frequent.


def words_of(dice, onsets, vowels, ends, n):
    syllable = lambda: dice.one_of(onsets) + dice.one_of(vowels) + dice.one_of(ends)
    return ["".join(syllable() for _ in range(1 + dice.below(3))) for _ in range(n)]


def corpus():
    dice = Dice(1)
    latin = words_of(dice, "b c d f g h l m n p r s st t th tr v w".split(), "a e i o u ea ou".split(), ["", "", "n", "r", "s", "ng"], 500)
    accented = words_of(dice, "b ç d l m ñ r s".split(), "á é ê ï ö ü å".split(), ["", "n", "s"], 60)
    greek = words_of(dice, "β γ δ κ λ μ ν π ρ σ".split(), "α ε η ι ο ώ".split(), ["", "ς", "ν"], 60)
    cyrillic = words_of(dice, "б в г д ж к л м н".split(), "а е ё и о у".split(), ["", "й", "т"], 60)
    others = ["日本語", "中文字", "한국어", "ไทย", "नमस्ते", "שלום", "مرحبا", "😀", "👍🏽", "naïve", "ﬁne", "İstanbul", "ΟΔΟΣ", "don't", "it's", "42", "1999", "3.14"]
    texts = []
    for _ in range(60):
        sentences = []
        for _ in range(3 + dice.below(5)):
            words = []
            for _ in range(4 + dice.below(12)):
                kind = dice.below(40)
                pool = accented if kind == 0 else greek if kind == 1 else cyrillic if kind == 2 else others if kind == 3 else latin
                rank = min(dice.below(len(pool)) + 1, dice.below(len(pool)) + 1, dice.below(len(pool)) + 1)
                words.append(pool[rank - 1])
            words[0] = words[0].capitalize()
            sentences.append(" ".join(words) + dice.one_of([".", ".", "!", "?", ";"]))
        texts.append(dice.one_of([" ", "\n", "  "]).join(sentences))
    return texts


# Tokenizers.


def bert_template(tok):
    cls, sep = tok.token_to_id("[CLS]"), tok.token_to_id("[SEP]")
    return processors.TemplateProcessing(single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", cls), ("[SEP]", sep)])


def wordpiece(texts, size, lowercase, strip_accents):
    """The library numbers `##` characters in the order of a hash table, another at each run, and ties are broken by number. Naming the
    characters as special tokens in the order in which they shall be numbered makes it one order, and leaves the training as it is."""
    tok = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=100))
    tok.normalizer = normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=strip_accents, lowercase=lowercase)
    tok.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    words = [w for text in texts for w, _ in tok.pre_tokenizer.pre_tokenize_str(tok.normalizer.normalize_str(text))]
    alphabet = sorted(set("".join(words)))
    inside = ["##" + c for c in sorted(set("".join(w[1:] for w in words)))]
    trainer = trainers.WordPieceTrainer(vocab_size=size, min_frequency=2, special_tokens=BERT + alphabet + inside, show_progress=False)
    tok.train_from_iterator(texts, trainer)
    tok.post_processor = bert_template(tok)
    tok.decoder = decoders.WordPiece(prefix="##", cleanup=True)
    return with_special(tok, BERT)


def byte_bpe(texts, size, add_prefix_space):
    tok = Tokenizer(models.BPE())
    tok.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=add_prefix_space)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=size, min_frequency=2, special_tokens=["<|endoftext|>"], initial_alphabet=alphabet, show_progress=False)
    tok.train_from_iterator(texts, trainer)
    tok.post_processor = processors.ByteLevel(trim_offsets=False)
    tok.decoder = decoders.ByteLevel()
    return with_special(tok, ["<|endoftext|>"])


def characters(texts, special):
    pieces = special + sorted(set("".join(texts)))
    tok = Tokenizer(models.BPE(vocab={p: i for i, p in enumerate(pieces)}, merges=[], unk_token="[UNK]" if "[UNK]" in special else None))
    tok.decoder = decoders.Fuse()
    return with_special(tok, special)


def residues(plain, others, k):
    single = list(plain + others)
    kmers = [""]
    for _ in range(k if k > 1 else 0):
        kmers = [start + letter for start in kmers for letter in plain]
    pieces = BERT + single + (kmers if k > 1 else [])
    tok = Tokenizer(models.WordLevel(vocab={p: i for i, p in enumerate(pieces)}, unk_token="[UNK]"))
    upper = [normalizers.Replace(c.lower(), c) for c in single if c.lower() != c]
    tok.normalizer = normalizers.Sequence([normalizers.Replace(Regex(r"\s"), ""), *upper])
    tok.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]" if k == 1 else rf"[{plain}]{{{k}}}|[\s\S]"), "isolated")
    tok.post_processor = bert_template(tok)
    tok.decoder = decoders.Fuse()
    return with_special(tok, BERT)


def unigram(texts, size):
    special = ["<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]"]
    replace = normalizers.Replace
    tok = Tokenizer(models.Unigram())
    parts = [replace("``", '"'), replace("''", '"'), normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase(), replace(Regex(" {2,}"), " ")]
    tok.normalizer = normalizers.Sequence(parts)
    tok.pre_tokenizer = pre_tokenizers.Metaspace()
    tok.decoder = decoders.Metaspace()
    tok.train_from_iterator(texts, trainers.UnigramTrainer(vocab_size=size, special_tokens=special, unk_token="<unk>", show_progress=False))
    return with_special(tok, special)


def with_special(tok, special):
    """Special are these only, not the characters that were named so for their numbers."""
    written = json.loads(tok.to_str())
    written["added_tokens"] = []
    tok = Tokenizer.from_str(json.dumps(written))
    tok.add_special_tokens([AddedToken(s, special=True, normalized=False) for s in special])
    return tok


# Strings.


def recipe(texts):
    dice = Dice(2)
    words = sorted({w for text in texts for w in text.split()})
    some = [dice.one_of(words) for _ in range(250)]
    scripts = "Ελληνικά ΣΊΣΥΦΟΣ ὈΔΥΣΣΕΎΣ Москва ЁЛКА Հայերեն עברית العربية فارسی हिन्दी বাংলা தமிழ் ไทยแลนด์ ລາວ မြန်မာ ខ្មែរ 日本語 ひらがな カタカナ ｶﾅ 漢字 𠀀𠮷野家 𫝀 한국어 ᄒᆞᆫ ქართული አማርኛ ᏣᎳᎩ ʻokina İIıi ẞß ǅ Æsop naïve café cafe\u0301 Ångström Ṩ ﬃ ①② Ⅳ ½ x² ٣٤ १२ 𝔘𝔫𝔦 𐐀𐐨 𐌰𐌱 «» „“ ¿¡ ۔ 。、 ٪ – — … ‽ ⁂ € ₹ № ™".split(" ")
    emoji = "😀 😂 ❤️ ❤ 👍🏽 👩‍👩‍👧‍👦 👩🏾‍🚀 🏳️‍🌈 🇨🇭 🇺🇳 1️⃣ #️⃣ ☃ ☃︎ 🫠 🧑🏻‍🤝‍🧑🏿 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🀄 ⌚ \u200d \ufe0f \U0001f3fd".split(" ")
    marks = ["a", "e", "o", "n", "A", "E", "Σ", "ά", "й", "が", "각", "क", "נ", "\u0301", "\u0308", "\u0323", "\u030a", "\u0327", "\u0338", "\u0345", "\u05b4", "\u0651", "\u093c", "\u3099", "\u20dd", "\u0489", "\u1ab0", "ก\u0e33", "\u0f71\u0f72"]
    controls = [chr(c) for c in [*range(0x21), 0x7F, 0x80, 0x85, 0x9F, 0xA0, 0xAD, 0x61C, 0x1680, 0x180E, 0x2000, 0x2009, 0x200B, 0x200C, 0x200E, 0x2028, 0x2029, 0x202E, 0x202F, 0x205F, 0x2060, 0x3000, 0xE000, 0xFEFF, 0xFFF9, 0xFFFE, 0xFFFF, 0xE0001, 0xF0000, 0x10FFFF]]
    broken = ["\ufffd", "\ufffd\ufffd", "\ud800", "\udbff", "\udc00", "\udfff", "\ud83d", "\ude00", "a", "é", " ", "word", "😀"]
    special = [*BERT, "<|endoftext|>", "[cls]", "[ MASK ]", "[MASK", "MASK]", "##", "##a", "##ing", "#", "Ġ", "Ġthe", "Ċ", "▁", "</s>", "<s>", "<0x0A>", "<unk>", "the", " ", "\n", "\u0120", "__proto__", "constructor", "toString"]
    contractions = ["I", "we", "don", "'s", "'S", "'t", "'re", "'ve", "'m", "'ll", "'d", "'", "''", "’s", " ", "  ", "   ", "\n", "\n\n", "\t", ".", ",", "!", "?!", "...", " ,", "n't", "'LL", "0", "123", "3.14", "1,000", "$5", "a_b", "x@y.z", "http://a.b/c?d=e#f"]
    sequence = ["A", "C", "G", "T", "ACGT", "GATTACA", "N", "NN", "acgt", "tag", "R", "X", "MKV", "LAGVSERTIDPKQNFYMHWC", "B", "Z", "U", "O", "J", "*", "-", "\n", " ", "\r\n", "1", "."]
    assigned = [c for c in map(chr, range(0x110000)) if unicodedata.category(c) not in ("Cn", "Cs", "Co")]
    anything = [dice.one_of(assigned) for _ in range(1500)]
    kinds = [
        {"parts": some, "joints": [" "], "from": 0, "to": 12},
        {"parts": some, "joints": [" ", "  ", "\n", "-", "/", ", "], "from": 1, "to": 30},
        {"parts": scripts, "joints": [" ", "", "\u3000", "-"], "from": 1, "to": 10},
        {"parts": emoji, "joints": ["", "", " ", "x"], "from": 1, "to": 10},
        {"parts": marks, "joints": [""], "from": 1, "to": 16},
        {"parts": controls, "joints": ["", "a", "B", " ", "é"], "from": 0, "to": 12},
        {"parts": broken, "joints": [""], "from": 1, "to": 10},
        {"parts": special, "joints": ["", " "], "from": 0, "to": 8},
        {"parts": contractions, "joints": [""], "from": 0, "to": 16},
        {"parts": sequence, "joints": [""], "from": 0, "to": 30},
        {"parts": anything, "joints": ["", " "], "from": 1, "to": 12},
        {"parts": some + scripts + emoji + marks + controls + special, "joints": ["", " "], "from": 1, "to": 20},
    ]
    long = [
        {"parts": [w for w in some if w.isascii() and w.isalpha()], "joints": [""], "from": 18, "to": 120},
        {"parts": ["a", "ab", "aaa", "é", "中"], "joints": [""], "from": 50, "to": 400},
        {"parts": emoji + scripts, "joints": [""], "from": 40, "to": 120},
    ]
    return {"seed": 3, "count": 10_000, "kinds": kinds, "rare": long, "rareEvery": 40}


def strings(recipe):
    dice = Dice(recipe["seed"])
    for i in range(recipe["count"]):
        kind = dice.one_of(recipe["rare"] if i % recipe["rareEvery"] == 0 else recipe["kinds"])
        n = kind["from"] + dice.below(kind["to"] - kind["from"] + 1)
        made = "".join(dice.one_of(kind["parts"]) + dice.one_of(kind["joints"]) for _ in range(n))
        # Halves of surrogate pairs that met by chance are a character, the others are U+FFFD, as in a JavaScript string.
        yield made.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def hashed(ids, decoded):
    digest = hashlib.sha256(f"{','.join(map(str, ids))}|{decoded}".encode()).digest()
    return base64.b64encode(digest[:3]).decode()[:3]  # 18 bits


# Characters.


def character_ranges():
    off = {"clean_text": False, "handle_chinese_chars": False, "strip_accents": False, "lowercase": False}
    normalized = lambda option: normalizers.BertNormalizer(**{**off, option: True}).normalize_str
    clean, chinese, stripped = normalized("clean_text"), normalized("handle_chinese_chars"), normalized("strip_accents")
    cut = lambda c: len(pre_tokenizers.BertPreTokenizer().pre_tokenize_str(f"a{c}b"))
    tests = {
        "control": lambda c: clean(c) == "",
        "space": lambda c: cut(c) == 2,
        "punctuation": lambda c: cut(c) == 3,
        "nonspacingMark": lambda c: stripped(c) == "",
        "chinese": lambda c: chinese(c) != c,
    }
    found = {name: [] for name in tests}
    for code in [*range(0xD800), *range(0xE000, 0x110000)]:
        for name, test in tests.items():
            if test(chr(code)):
                ranges = found[name]
                if ranges and ranges[-1][1] == code - 1:
                    ranges[-1][1] = code
                else:
                    ranges.append([code, code])
    return found


def write(name, value):
    path = OUT / f"tokenizer-{name}.json"
    path.write_text(json.dumps(value, separators=(",", ":")) + "\n")
    print(path.name, path.stat().st_size)


texts = corpus()
tokenizers = {
    "wordpiece": wordpiece(texts, 700, True, True),
    "wordpieceCased": wordpiece(texts, 700, False, False),
    "byteBpe": byte_bpe(texts, 800, False),
    "byteBpePrefixed": byte_bpe(texts, 500, True),
    "characters": characters(texts, []),
    "charactersMasked": characters(texts, BERT),
    "protein": residues("ACDEFGHIKLMNPQRSTVWY", "BJOUXZ*-", 1),
    "dna3": residues("ACGT", "N", 3),
    "unigram": unigram(texts, 400),
}
made = recipe(texts)
lines = list(strings(made))
ids = {}
for name, tok in tokenizers.items():
    tok.encode_special_tokens = True  # special tokens in a text are text
    encoded = [tok.encode(line, add_special_tokens=False).ids for line in lines]
    ids[name] = "".join(hashed(i, tok.decode(i, skip_special_tokens=True)) for i in encoded)

OUT.mkdir(exist_ok=True)
write("corpus", texts)
write("files", {name: json.loads(tok.to_str()) for name, tok in tokenizers.items()})
write("strings", made)
write("ids", ids)
write("characters", character_ranges())
