"""PyTorch's side of the comparison: the tutorial's training step in every form that PyTorch has.

Measures peers only; nothing of Rondo needs Python. Shapes: time T, batch B, units H = 512, vocabulary V = 300.
"""

import torch
from torch import nn
from torch.nn import functional as F

UNITS, VOCABULARY, RATE = 512, 300, 0.3


class CudnnStack(nn.Module):
    """Three LSTM layers of cuDNN, as three modules or as one; no recurrent dropout, which it does not have."""

    def __init__(self, fused):
        super().__init__()
        sizes = [(1, 3)] if fused else [(1, 1), (UNITS, 1), (UNITS, 1)]
        self.layers = nn.ModuleList(nn.LSTM(width, UNITS, num_layers=n) for width, n in sizes)

    def forward(self, x):
        for layer in self.layers:
            x, _ = layer(x)
        return x[-1]


def masked_step(z, h, c, masks, recurrent):
    """One step with a mask per gate: z [B, 4H] is x W + b, masks [4, B, H], recurrent [4, H, H]."""
    i, f, g, o = (z + torch.bmm(h * masks, recurrent).transpose(0, 1).reshape(z.shape)).chunk(4, 1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


class MaskedLstm(nn.Module):
    """A loop over time of one step: what recurrent dropout costs where no kernel has it."""

    def __init__(self, width, rate, step):
        super().__init__()
        self.rate, self.step = rate, step
        self.kernel = nn.Parameter(torch.randn(width, 4 * UNITS) * 0.05)
        self.recurrent = nn.Parameter(torch.randn(4, UNITS, UNITS) * 0.04)
        self.bias = nn.Parameter(torch.zeros(4 * UNITS))

    def forward(self, x):
        batch = x.shape[1]
        masks = F.dropout(torch.ones(4, batch, UNITS, device=x.device, dtype=x.dtype), self.rate, self.rate > 0)
        z = x @ self.kernel + self.bias
        h = c = torch.zeros(batch, UNITS, device=x.device, dtype=z.dtype)
        out = []
        for t in range(x.shape[0]):
            h, c = self.step(z[t], h, c, masks, self.recurrent)
            out.append(h)
        return torch.stack(out)


class MaskedStack(nn.Module):
    def __init__(self, step):
        super().__init__()
        rates = [RATE, RATE, 0.0]  # as in the tutorial: the last layer has none
        self.layers = nn.ModuleList(
            MaskedLstm(1 if i == 0 else UNITS, rate, step) for i, rate in enumerate(rates)
        )

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x[-1]


class Tutorial(nn.Module):
    """The network of the appendix around a stack of LSTM layers."""

    def __init__(self, stack):
        super().__init__()
        self.stack = stack
        self.head = nn.Sequential(
            nn.BatchNorm1d(UNITS), nn.Dropout(RATE), nn.Linear(UNITS, 256), nn.ReLU(),
            nn.BatchNorm1d(256), nn.Dropout(RATE), nn.Linear(256, VOCABULARY),
        )

    def forward(self, ids):
        x = (ids / VOCABULARY).unsqueeze(-1)
        return self.head(self.stack(x.to(next(self.stack.parameters()).dtype)).float())


def training_step(stack, time, batch, device, dtype, autocast):
    """A function that makes one whole update, and waits for nothing."""
    network = Tutorial(stack).to(device)
    network.stack.to(dtype)
    optimizer = torch.optim.RMSprop(network.parameters(), lr=1e-3, alpha=0.9, eps=1e-7)
    generator = torch.Generator(device="cpu").manual_seed(1)
    ids = torch.randint(0, VOCABULARY, (time, batch), generator=generator).to(device)
    targets = torch.randint(0, VOCABULARY, (batch,), generator=generator).to(device)

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast(device, dtype=torch.bfloat16, enabled=autocast):
            logits = network(ids)
        F.cross_entropy(logits.float(), targets).backward()
        optimizer.step()

    return step


def cases(time, batch, device):
    """(name, has recurrent dropout, maker) of every form; a maker gives the step."""

    def cudnn(fused, dtype, tf32=False):
        def make():
            torch.backends.cuda.matmul.allow_tf32 = tf32
            torch.backends.cudnn.allow_tf32 = tf32
            return training_step(CudnnStack(fused), time, batch, device, dtype, False)

        return make

    def masked(step, autocast=True):
        return lambda: training_step(MaskedStack(step), time, batch, device, torch.float32, autocast)

    half = torch.float16 if device == "cuda" else torch.bfloat16
    return [
        ("torch/cudnn-3x1-fp16", False, cudnn(False, half)),
        ("torch/cudnn-3-fp16", False, cudnn(True, half)),
        ("torch/cudnn-3-bf16", False, cudnn(True, torch.bfloat16)),
        ("torch/cudnn-3-tf32", False, cudnn(True, torch.float32, tf32=True)),
        ("torch/eager-loop-bf16", True, masked(masked_step)),
        ("torch/compile-bf16", True, masked(torch.compile(masked_step))),
        ("torch/compile-reduce-overhead-bf16", True, masked(torch.compile(masked_step, mode="reduce-overhead"))),
    ]


def synchronise(device):
    if device == "cuda":
        torch.cuda.synchronize()


def name_of(device):
    return torch.cuda.get_device_name() if device == "cuda" else "cpu"


def available():
    return torch.cuda.is_available()


VERSION = f"torch {torch.__version__}, cuDNN {torch.backends.cudnn.version()}"
