"""One MAE training step of Hugging Face's ViTMAEForPreTraining: forward, backward, AdamW."""
import torch
from deterministic import deterministic, fill_weights
from transformers import ViTMAEConfig, ViTMAEForPreTraining
from two_views import views
from vit_parts import sincos_positions, vit_name


def prepare(size, variant):
    width, inner = size["width"], size["decoderWidth"]
    config = ViTMAEConfig(
        hidden_size=width,
        num_hidden_layers=size["layers"],
        num_attention_heads=size["heads"],
        intermediate_size=4 * width,
        image_size=32,
        patch_size=size["patch"],
        decoder_hidden_size=inner,
        decoder_num_hidden_layers=size["decoderLayers"],
        decoder_num_attention_heads=inner // 32,
        decoder_intermediate_size=4 * inner,
        layer_norm_eps=1e-6,
        mask_ratio=0.75,
        norm_pix_loss=True,
    )
    model = ViTMAEForPreTraining(config).train()
    fill_weights(Named(model), vit_name)
    side = 32 // size["patch"]
    with torch.no_grad():
        model.vit.embeddings.position_embeddings.copy_(sincos_positions(width, side))
        model.decoder.decoder_pos_embed.copy_(sincos_positions(inner, side))
    pixels, _ = views(size["images"])
    noise = deterministic("noise", (size["images"], side**2), 1)
    learned = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=1e-5, betas=(0.9, 0.95), weight_decay=0.05, fused=True)

    def loss(pixels):
        return model(pixel_values=pixels, noise=noise).loss

    measured = torch.compile(loss) if variant == "compile" else loss

    def step():
        optimizer.zero_grad(set_to_none=True)
        value = measured(pixels)
        value.backward()
        optimizer.step()
        return value.item()

    return step


class Named(torch.nn.Module):
    """Its parts as Autodidact names them."""

    def __init__(self, model):
        super().__init__()
        self.encoder, self.decoder = model.vit, model.decoder
