"""Writes the values that the tests of wav2vec 2.0 in packages/speech expect, and checks folders that it wrote.

usage: python3 tools/oracles/speech_wav2vec2_oracles.py                 (needs: pip install torch transformers safetensors)
       python3 tools/oracles/speech_wav2vec2_oracles.py write FOLDER    Hugging Face's folders of three classes, to be loaded in TypeScript
       python3 tools/oracles/speech_wav2vec2_oracles.py check FOLDER    a folder of saveWav2vec2 with expected.json: {waves, states}
Writes packages/speech/src/oracles/wav2vec2.json (hidden states of Wav2Vec2Model, of both kinds, in the names of the file that it saves) and
wav2vec.json (losses and gradients of Wav2Vec2ForPreTraining with given masks, negatives and Gumbel noise). All in double precision.
"""

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from transformers import Wav2Vec2Config, Wav2Vec2FeatureExtractor, Wav2Vec2ForCTC, Wav2Vec2ForPreTraining, Wav2Vec2Model

torch.set_default_dtype(torch.float64)
OUT = Path(__file__).resolve().parents[2] / "packages" / "speech" / "src" / "oracles"
GENERATOR = torch.Generator().manual_seed(20261201)
SIZES = dict(hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=12, conv_dim=[6, 5, 6], conv_kernel=[10, 3, 2],
             conv_stride=[5, 2, 2], num_conv_pos_embeddings=4, num_conv_pos_embedding_groups=2)
EXACT = dict(hidden_dropout=0.0, attention_dropout=0.0, activation_dropout=0.0, feat_proj_dropout=0.0, layerdrop=0.0, final_dropout=0.0)
KINDS = {
    "group norm, post-norm": dict(feat_extract_norm="group", conv_bias=False, do_stable_layer_norm=False),
    "layer norm, pre-norm": dict(feat_extract_norm="layer", conv_bias=True, do_stable_layer_norm=True, num_conv_pos_embeddings=5),
}
PRETRAINING = dict(num_codevectors_per_group=6, num_codevector_groups=2, codevector_dim=8, proj_codevector_dim=6, num_negatives=7,
                   contrastive_logits_temperature=0.1, diversity_loss_weight=0.1)


def draw(*shape, scale=1.0):
    return (torch.randn(*shape, generator=GENERATOR) * scale * 1000).round() / 1000


def stored(tensor):
    tensor = tensor.detach()
    return {"shape": list(tensor.shape), "values": [float(f"{v:.8g}") for v in tensor.flatten().tolist()]}


def all_stored(named):
    return {name: stored(tensor) for name, tensor in named.items()}


def randomize(model):
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            values = draw(*parameter.shape, scale=0.4)
            is_scale = parameter.dim() == 1 and "norm" in name and name.endswith("weight")
            parameter.copy_(values / 3 + 1 if is_scale else values.abs() + 0.2 if name.endswith("original0") else values)
    return model.double()


def names_of(model):
    """The names of the file that Hugging Face writes are those in memory."""
    named = dict(model.named_parameters())
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        assert set(load_file(Path(folder) / "model.safetensors")) == set(named)
    return named


def normalized(waves):
    extract = Wav2Vec2FeatureExtractor(do_normalize=True, sampling_rate=16_000)
    values = extract([wave.numpy() for wave in waves], sampling_rate=16_000, return_tensors="np").input_values
    assert values.dtype == np.float32
    exact = (waves - waves.mean(1, keepdim=True)) / torch.sqrt(waves.var(1, keepdim=True, unbiased=False) + 1e-7)
    assert np.abs(values - exact.numpy()).max() < 1e-5
    return exact


def states():
    cases = []
    for name, kind in KINDS.items():
        model = randomize(Wav2Vec2Model(Wav2Vec2Config(**{**SIZES, **EXACT, **kind}))).eval()
        waves = draw(2, 150, scale=0.1) + 0.05
        out = model(normalized(waves), output_hidden_states=True)
        mask = torch.zeros(2, out.last_hidden_state.shape[1], dtype=torch.bool)
        mask[0, 1:3] = mask[1, 0] = True
        masked = model(normalized(waves), mask_time_indices=mask).last_hidden_state
        hidden = [*out.hidden_states[:-1], out.last_hidden_state]
        assert len(hidden) == SIZES["num_hidden_layers"] + 1
        cases.append({"name": name, "config": {**SIZES, **EXACT, **kind}, "weights": all_stored(names_of(model)), "waves": stored(waves),
                      "features": stored(out.extract_features), "states": [stored(state) for state in hidden],
                      "mask": mask.double().tolist(), "masked": stored(masked)})
    return {"cases": cases}


def given_noise(noise):
    """gumbel_softmax of torch.nn.functional with noise [rows, V] that is given; its hard codes are exact, so that equal ones are told."""
    def gumbel_softmax(logits, tau=1, hard=False, dim=-1):
        soft = ((logits + noise) / tau).softmax(dim)
        index = soft.max(dim, keepdim=True)[1]
        return torch.zeros_like(logits).scatter_(dim, index, 1.0) + (soft - soft.detach())
    return gumbel_softmax


def is_nearest(out, sample, frame, negatives, frames):
    """Whether the positive's cosine is above those of its negatives, equal ones left out (fairseq's accuracy)."""
    state, codes = out.projected_states[sample, frame], out.projected_quantized_states.reshape(-1, out.projected_states.shape[2])
    own = codes[sample * frames + frame]
    others = [code for code in codes[negatives] if not (code == own).all()]
    cosine = lambda code: torch.cosine_similarity(state, code, dim=0)
    return all(cosine(own) > cosine(other) for other in others)


def pretraining():
    model = randomize(Wav2Vec2ForPreTraining(Wav2Vec2Config(**{**SIZES, **EXACT, **KINDS["group norm, post-norm"], **PRETRAINING}))).train()
    waves = draw(2, 330, scale=0.1) + 0.05
    n, frames, temperature = 2, 16, 1.3
    mask = torch.zeros(n, frames, dtype=torch.bool)
    mask[0, 2:9] = mask[1, 0:4] = mask[1, 10:16] = True
    groups, entries = PRETRAINING["num_codevector_groups"], PRETRAINING["num_codevectors_per_group"]
    uniform = torch.rand(n, frames, groups, entries, generator=GENERATOR)
    noise = ((-(-uniform.log()).log()) * 1000).round() / 1000
    negatives = torch.zeros(n, frames, PRETRAINING["num_negatives"], dtype=torch.long)
    for sample in range(n):
        places = mask[sample].nonzero().flatten()
        for place in places:
            others = places[places != place]
            drawn = torch.randint(len(others), (PRETRAINING["num_negatives"],), generator=GENERATOR)
            negatives[sample, place] = others[drawn] + sample * frames
    model.set_gumbel_temperature(temperature)
    torch.nn.functional.gumbel_softmax = given_noise(noise.reshape(-1, entries))
    inputs = normalized(waves)
    out = model(inputs, mask_time_indices=mask, sampled_negative_indices=negatives)
    codes = out.projected_quantized_states
    equal = [bool((codes[i, t] == codes[i, k - i * frames]).all()) for i, t in mask.nonzero() for k in negatives[i, t]]
    assert 0 < sum(equal) < len(equal) / 2, "some negatives must equal their positive, not most"
    right = [is_nearest(out, i, t, negatives[i, t], frames) for i, t in mask.nonzero()]
    # fairseq's penalty of the features, and its mean over what is masked (fairseq/criterions/wav2vec_criterion.py, wav2vec2.py)
    count = mask.sum()
    penalty = model.wav2vec2.feature_extractor(inputs).square().mean()
    loss = out.loss / count + 10 * penalty
    loss.backward()
    gradients = {name: parameter.grad for name, parameter in model.named_parameters()}
    return {"config": {**SIZES, **EXACT, **KINDS["group norm, post-norm"]}, "pretraining": PRETRAINING, "temperature": temperature,
            "weights": all_stored(names_of(model)), "waves": stored(waves), "mask": mask.double().tolist(), "noise": stored(noise),
            "negatives": (negatives - torch.arange(n)[:, None, None] * frames).clamp(min=0).tolist(),
            "contrastive": (out.contrastive_loss / count).item(), "diversity": (out.diversity_loss / count).item(),
            "perplexity": out.codevector_perplexity.item(), "penalty": penalty.item(), "accuracy": sum(right) / len(right), "loss": loss.item(),
            "gradients": all_stored(gradients)}


def write_folders(folder):
    torch.set_default_dtype(torch.float32)
    waves = draw(2, 400, scale=0.1)
    for kind, (name, options) in zip(["group", "layer"], KINDS.items()):
        for model_class in (Wav2Vec2Model, Wav2Vec2ForPreTraining, Wav2Vec2ForCTC):
            path = Path(folder) / f"{model_class.__name__}-{kind}"
            model = model_class(Wav2Vec2Config(**{**SIZES, **EXACT, **options, **PRETRAINING})).eval()
            model.save_pretrained(path)
            Wav2Vec2FeatureExtractor(do_normalize=True).save_pretrained(path)
            inner = model if model_class is Wav2Vec2Model else model.wav2vec2
            states = inner(normalized(waves.double()).float()).last_hidden_state
            (path / "expected.json").write_text(json.dumps({"waves": stored(waves), "states": stored(states)}))
            print(path)


def check(folder):
    torch.set_default_dtype(torch.float32)
    model, told = Wav2Vec2Model.from_pretrained(folder, output_loading_info=True)
    wrong = {key: value for key, value in told.items() if len(value) > 0}
    assert not wrong, wrong
    expected = json.loads((Path(folder) / "expected.json").read_text())
    waves, states = (np.array(expected[key]["values"]).reshape(expected[key]["shape"]) for key in ("waves", "states"))
    extract = Wav2Vec2FeatureExtractor.from_pretrained(folder)
    inputs = extract(list(waves), sampling_rate=extract.sampling_rate, return_tensors="pt").input_values.float()
    with torch.no_grad():
        worst = np.abs(model.eval()(inputs).last_hidden_state.numpy() - states).max()
    assert worst < 1e-4, worst
    print(f"{folder}: every tensor is there, hidden states differ by at most {worst:.1e}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["write"]:
        write_folders(sys.argv[2])
    elif sys.argv[1:2] == ["check"]:
        check(sys.argv[2])
    else:
        OUT.mkdir(parents=True, exist_ok=True)
        for name, make in {"wav2vec2": states, "wav2vec": pretraining}.items():
            (OUT / f"{name}.json").write_text(json.dumps(make()))
            print(OUT / f"{name}.json", (OUT / f"{name}.json").stat().st_size, "bytes")
