"""Ids that Hugging Face's tokenizers give whole texts, for packages/text/src/corpus and tokenizer/added-tokens.

    pip install tokenizers; python tools/oracles/whole_text_oracles.py
"""

import hashlib
import json
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

OUT = Path(__file__).parents[2] / "packages/text/src/oracles/whole-texts.json"

TRAINED_ON = [
    "The quick brown fox jumps over the lazy dog. Does it? It does! \"Go!\" he said. 3.5 dollars, 12 apples...",
    "Great!😀😀 Yes?! 🎉🎉🎉 Wow!!!😂 (ok.)[x] !@#$ Hello.World 你好。世界！是吗？好 ... \n\nNew line.",
    "  indented\n\tcode = {x: 1};\n    return code;\n\n\n",
] * 20
TEXTS = {
    "emoji": "Great!😀😀 Yes?! That is fun!!!😂😂 And more...👍 Then end.",
    "lines": "First line.\nSecond line.\n\nThird paragraph. Fourth sentence here.\nfifth goes on",
    "cjk": "你好。世界！是吗？好。",
    "mixed": "Hello.World and foo.)(bar) What?!@home ok. \"Go!\" he said. Done!$5 please.",
    "plain": "One sentence. Another one follows. A third.",
    "spaces": "  Two  spaces.   Three.\n \n\tTab.  \n",
    "letters": "a" * 300 + "." + "ab" * 200 + "!",
}
LONG = 150_000
"""Characters of a long text: all texts, again and again."""
ADDED = [
    "I like <tag> and<tag>text, x<tag>.",
    "word Word words swordword a word. word",
    " left  <l> right",
    "left <r>  right <r>\n end",
    "<both>  <both>a <both> b",
    "tag TAG Tag É é <É>",
    "[MASK] is [MASK]. The [MASK]of it, [MASK][MASK]\t[MASK]",
    "<tag><tagged><tag> <long tag>",
    "",
    "word",
    "word_ 2word é-word wordé",
]


def byte_level(prefix):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=500,
        special_tokens=["<|endoftext|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(TRAINED_ON, trainer)
    return tokenizer


def gpt4():
    """The pattern of GPT-4 takes line ends into the piece of the stop before them."""
    tokenizer = byte_level(False)
    pattern = (
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    )
    from tokenizers import Regex

    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(pattern), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=500, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator(TRAINED_ON, trainer)
    return tokenizer


def sentence_piece(kind):
    """As Llama's: a BPE model that reads the whole text as one word, or words of Metaspace."""
    learning = Tokenizer(models.BPE(unk_token="<unk>"))
    learning.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    bytes_ = [f"<0x{byte:02X}>" for byte in range(256)]
    trainer = trainers.BpeTrainer(
        vocab_size=600, special_tokens=["<unk>", "<s>", "</s>", *bytes_], show_progress=False
    )
    learning.train_from_iterator(TRAINED_ON, trainer)
    learned = json.loads(learning.to_str())

    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    if kind == "prepend":
        tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme=kind, split=kind != "first")
    made = json.loads(tokenizer.to_str())
    made["model"]["vocab"] = learned["model"]["vocab"]
    made["model"]["merges"] = learned["model"]["merges"]
    made["added_tokens"] = [token for token in learned["added_tokens"] if not token["content"].startswith("<0x")]
    return Tokenizer.from_str(json.dumps(made))


def unigram():
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Replace("``", '"'), normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
    )
    trainer = trainers.UnigramTrainer(
        vocab_size=150, special_tokens=["<pad>", "<unk>"], unk_token="<unk>", show_progress=False
    )
    tokenizer.train_from_iterator(TRAINED_ON, trainer)
    return tokenizer


def word_piece():
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    trainer = trainers.WordPieceTrainer(
        vocab_size=250, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], show_progress=False
    )
    tokenizer.train_from_iterator(TRAINED_ON, trainer)
    return tokenizer


def stripped():
    """Strips the text's ends, lowers it, and splits digits off."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Strip(), normalizers.NFC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Whitespace(), pre_tokenizers.Digits(True)])
    trainer = trainers.WordPieceTrainer(vocab_size=250, special_tokens=["[UNK]"], show_progress=False)
    tokenizer.train_from_iterator([text.lower() for text in TRAINED_ON], trainer)
    return tokenizer


def with_added(tokenizer):
    tokenizer.add_tokens(
        [
            AddedToken("<tag>", normalized=False),
            AddedToken("<tagged>", normalized=False),
            AddedToken("<long tag>", normalized=False),
            AddedToken("word", single_word=True, normalized=False),
            AddedToken("<l>", lstrip=True, normalized=False),
            AddedToken("<r>", rstrip=True, normalized=False),
            AddedToken("<both>", lstrip=True, rstrip=True, normalized=False),
            AddedToken("TAG", normalized=True),
            AddedToken("<É>", normalized=True, single_word=True),
        ]
    )
    tokenizer.add_special_tokens([AddedToken("[MASK]", lstrip=True, normalized=False, special=True)])
    return tokenizer


PLAIN = {
    "byte-level": byte_level(False),
    "byte-level-prefixed": byte_level(True),
    "gpt4": gpt4(),
    "prepended": sentence_piece("prepend"),
    "first": sentence_piece("first"),
    "always": sentence_piece("always"),
    "unigram": unigram(),
    "word-piece": word_piece(),
    "stripped": stripped(),
}


def ids_of(tokenizer, text):
    return tokenizer.encode(text, add_special_tokens=False).ids


def digest(ids):
    return hashlib.sha256(",".join(map(str, ids)).encode()).hexdigest()


def long_text():
    whole = " ".join(TEXTS.values())
    return (whole * (LONG // len(whole) + 1))[:LONG]


made = {"texts": TEXTS, "addedTexts": ADDED, "longLength": LONG, "tokenizers": {}}
for name, tokenizer in PLAIN.items():
    files = json.loads(tokenizer.to_str())
    whole = ids_of(tokenizer, long_text())
    plain = {key: ids_of(tokenizer, text) for key, text in TEXTS.items()}
    with_added(tokenizer)
    added = json.loads(tokenizer.to_str())["added_tokens"]
    special = [ids_of(tokenizer, text) for text in ADDED]
    tokenizer.encode_special_tokens = True
    made["tokenizers"][name] = {
        "json": files,
        "ids": plain,
        "long": {"tokens": len(whole), "sha256": digest(whole)},
        "added": added,
        "addedIds": [ids_of(tokenizer, text) for text in ADDED],
        "specialIds": special,
    }

OUT.write_text(json.dumps(made, ensure_ascii=False, separators=(",", ":")) + "\n")
