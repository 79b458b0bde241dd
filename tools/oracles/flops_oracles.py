"""
FLOPs of matrix products and convolutions, and parameters, as PyTorch's own counter tells them of torchvision's and Hugging Face's models:
packages/vision/src/oracles/flops.json and packages/text/src/oracles/flops.json. Nothing is computed: tensors are on the device "meta".

    pip install torch torchvision transformers
    python tools/oracles/flops_oracles.py
"""

import json
from pathlib import Path

import torch
from torch.utils.flop_counter import FlopCounterMode
from torchvision.models import resnet18
from transformers import BertConfig, BertModel, ViTConfig, ViTModel

packages = Path(__file__).parents[2] / "packages"


def counted(model, *inputs):
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model.eval()(*inputs)
    return dict(products=counter.get_total_flops(), parameters=sum(p.numel() for p in model.parameters()))


with torch.device("meta"):
    residual = resnet18()
    residual.fc = torch.nn.Identity()
    images = torch.zeros(1, 3, 224, 224)
    tiny = ViTConfig(hidden_size=192, num_hidden_layers=12, num_attention_heads=3, intermediate_size=768, attn_implementation="eager")
    bert = BertConfig(hidden_size=128, num_hidden_layers=2, num_attention_heads=2, intermediate_size=512, attn_implementation="eager")
    vision = dict(resnet18=counted(residual, images), vitTiny=counted(ViTModel(tiny, add_pooling_layer=False), images))
    text = dict(bertTiny=counted(BertModel(bert, add_pooling_layer=False), torch.zeros(1, 128, dtype=torch.int64)))

for package, record in (("vision", vision), ("text", text)):
    out = packages / package / "src/oracles/flops.json"
    out.write_text(json.dumps(record) + "\n")
    print(out, record)
