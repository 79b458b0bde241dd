"""Writes the values that the tests of AST in packages/speech expect, and checks folders that it wrote.

usage: python3 tools/oracles/speech_ast_oracles.py                 (needs: pip install torch torchaudio transformers safetensors)
       python3 tools/oracles/speech_ast_oracles.py write FOLDER    Hugging Face's folders of two classes, to be loaded in TypeScript
       python3 tools/oracles/speech_ast_oracles.py check FOLDER    a folder of saveSpeechEncoder with expected.json: {waves, states, pooled}
Writes packages/speech/src/oracles/ast.json: what ASTFeatureExtractor makes of waves that are shorter than its length and as long, hidden states of
ASTModel, and gradients of a sum of its pooled output, in the names of the file that it saves. The model in double precision.
"""

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from transformers import ASTConfig, ASTFeatureExtractor, ASTForAudioClassification, ASTModel, AutoFeatureExtractor
from vision_transformer_oracles import as_in_files

torch.set_default_dtype(torch.float64)
OUT = Path(__file__).resolve().parents[2] / "packages" / "speech" / "src" / "oracles"
GENERATOR = torch.Generator().manual_seed(20261202)
RATE, LENGTH, BANDS = 8000, 40, 20  # a window of 200 samples each 80
SIZES = dict(hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=12, patch_size=8, frequency_stride=5, time_stride=6,
             max_length=LENGTH, num_mel_bins=BANDS)
SAMPLES = {"shorter": 200 + 21 * 80 + 30, "as long": 200 + (LENGTH - 1) * 80}


def draw(*shape, scale=1.0):
    return (torch.randn(*shape, generator=GENERATOR) * scale * 1000).round() / 1000


def stored(tensor):
    tensor = tensor.detach()
    return {"shape": list(tensor.shape), "values": [float(f"{v:.8g}") for v in tensor.flatten().tolist()]}


def waves(samples):
    """Two glides, which the tests make too."""
    i = np.arange(samples)
    return [(0.3 * np.sin(0.05 * i * (1 + n)) + 0.1 * np.sin(0.0003 * i * i)).astype(np.float32) for n in range(2)]


def extractor():
    return ASTFeatureExtractor(sampling_rate=RATE, num_mel_bins=BANDS, max_length=LENGTH, mean=-5.0, std=2.5)


def randomize(model):
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            values = draw(*parameter.shape, scale=0.3)
            parameter.copy_(values / 3 + 1 if parameter.dim() == 1 and "norm" in name and name.endswith("weight") else values)
    return model.double().eval()


def spectrograms(extract, samples):
    return extract(waves(samples), sampling_rate=RATE, return_tensors="pt").input_values.double()


def oracle():
    model = randomize(ASTModel(ASTConfig(**SIZES)))
    names = as_in_files(dict(model.named_parameters()))
    with tempfile.TemporaryDirectory() as folder:  # the names above are those of the file that Hugging Face writes
        model.save_pretrained(folder)
        assert set(load_file(Path(folder) / "model.safetensors")) == set(names), set(names)
    extract, cases = extractor(), []
    for name, samples in SAMPLES.items():
        inputs = spectrograms(extract, samples)
        out = model(inputs, output_hidden_states=True)
        hidden = [*out.hidden_states[: SIZES["num_hidden_layers"]], out.last_hidden_state]
        cases.append({"name": name, "samples": samples, "features": stored(inputs), "states": [stored(state) for state in hidden],
                      "pooled": stored(out.pooler_output)})
    weighting = draw(*out.pooler_output.shape)
    (out.pooler_output * weighting).sum().backward()
    gradients = as_in_files({name: parameter.grad for name, parameter in model.named_parameters()})
    preprocessor = {key: extract.to_dict()[key] for key in ("do_normalize", "mean", "std", "sampling_rate", "num_mel_bins", "max_length")}
    return {"config": SIZES, "preprocessor": preprocessor, "weights": {name: stored(value) for name, value in names.items()}, "cases": cases,
            "weighting": stored(weighting), "gradients": {name: stored(value) for name, value in gradients.items()}}


def write_folders(folder):
    torch.set_default_dtype(torch.float32)
    for model_class in (ASTModel, ASTForAudioClassification):
        path = Path(folder) / model_class.__name__
        model = randomize(model_class(ASTConfig(**SIZES))).float()
        model.save_pretrained(path)
        extractor().save_pretrained(path)
        inner = model if model_class is ASTModel else model.audio_spectrogram_transformer
        with torch.no_grad():
            out = inner(spectrograms(extractor(), SAMPLES["shorter"]).float())
        heard = torch.tensor(np.array(waves(SAMPLES["shorter"])))
        expected = {"waves": stored(heard), "states": stored(out.last_hidden_state), "pooled": stored(out.pooler_output)}
        (path / "expected.json").write_text(json.dumps(expected))
        print(path)


def check(folder):
    torch.set_default_dtype(torch.float32)
    model, told = ASTModel.from_pretrained(folder, output_loading_info=True)
    wrong = {key: value for key, value in told.items() if len(value) > 0}
    assert not wrong, wrong
    expected = json.loads((Path(folder) / "expected.json").read_text())
    given = {key: np.array(expected[key]["values"], dtype=np.float32).reshape(expected[key]["shape"]) for key in ("waves", "states", "pooled")}
    extract = AutoFeatureExtractor.from_pretrained(folder)
    inputs = extract(list(given["waves"]), sampling_rate=extract.sampling_rate, return_tensors="pt").input_values.float()
    with torch.no_grad():
        out = model.eval()(inputs)
    worst = max(np.abs(out.last_hidden_state.numpy() - given["states"]).max(), np.abs(out.pooler_output.numpy() - given["pooled"]).max())
    assert worst < 1e-4, worst
    print(f"{folder}: every tensor is there, hidden states differ by at most {worst:.1e}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["write"]:
        write_folders(sys.argv[2])
    elif sys.argv[1:2] == ["check"]:
        check(sys.argv[2])
    else:
        (OUT / "ast.json").write_text(json.dumps(oracle()))
        print(OUT / "ast.json", (OUT / "ast.json").stat().st_size, "bytes")
