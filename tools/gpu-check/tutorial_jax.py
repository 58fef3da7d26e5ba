"""JAX's side of the comparison: the tutorial's training step as lax.scan over time with a mask per gate.

Measures peers only; nothing of Rondo needs Python. Shapes: time T, batch B, units H = 512, vocabulary V = 300.
"""

import jax
from jax import numpy as jnp

UNITS, VOCABULARY, RATE = 512, 300, 0.3


def start(key):
    keys = iter(jax.random.split(key, 16))

    def normal(*shape):
        return 0.05 * jax.random.normal(next(keys), shape)

    layers = [
        {"kernel": normal(width, 4 * UNITS), "recurrent": normal(4, UNITS, UNITS), "bias": jnp.zeros(4 * UNITS)}
        for width in (1, UNITS, UNITS)
    ]
    head = {"w1": normal(UNITS, 256), "b1": jnp.zeros(256), "w2": normal(256, VOCABULARY), "b2": jnp.zeros(VOCABULARY)}
    norms = [{"gamma": jnp.ones(n), "beta": jnp.zeros(n)} for n in (UNITS, 256)]
    return {"layers": layers, "head": head, "norms": norms}


def lstm(layer, x, masks, dtype):
    """x [T, B, I] → [T, B, H]; masks [4, B, H] or None."""
    recurrent = layer["recurrent"].astype(dtype)
    z = jnp.einsum("tbi,ij->tbj", x.astype(dtype), layer["kernel"].astype(dtype)).astype(jnp.float32) + layer["bias"]
    batch = x.shape[1]

    def step(state, z_t):
        h, c = state
        masked = jnp.broadcast_to(h, (4, *h.shape)) if masks is None else h * masks
        back = jnp.einsum("gbh,ghk->bgk", masked.astype(dtype), recurrent, preferred_element_type=jnp.float32)
        i, f, g, o = jnp.split(z_t + back.reshape(batch, 4 * UNITS), 4, axis=1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h

    zero = jnp.zeros((batch, UNITS))
    return jax.lax.scan(step, (zero, zero), z)[1]


def dropout(key, shape):
    return jax.random.bernoulli(key, 1 - RATE, shape) / (1 - RATE)


def normalise(norm, x):
    mean, variance = x.mean(0), x.var(0)
    return (x - mean) * jax.lax.rsqrt(variance + 1e-3) * norm["gamma"] + norm["beta"]


def loss(parameters, ids, targets, key, dtype, masked):
    keys = jax.random.split(key, 5)
    x = (ids / VOCABULARY)[..., None]
    for i, layer in enumerate(parameters["layers"]):
        masks = dropout(keys[i], (4, ids.shape[1], UNITS)) if masked and i < 2 else None
        x = lstm(layer, x, masks, dtype)
    head = parameters["head"]
    y = normalise(parameters["norms"][0], x[-1])
    y = jax.nn.relu((y * dropout(keys[3], y.shape)) @ head["w1"] + head["b1"])
    y = normalise(parameters["norms"][1], y)
    logits = (y * dropout(keys[4], y.shape)) @ head["w2"] + head["b2"]
    return -jax.nn.log_softmax(logits)[jnp.arange(targets.shape[0]), targets].mean()


def training_step(time, batch, dtype, masked):
    @jax.jit
    def update(parameters, squares, ids, targets, key):
        key, own = jax.random.split(key)
        gradients = jax.grad(loss)(parameters, ids, targets, own, dtype, masked)
        squares = jax.tree.map(lambda v, g: 0.9 * v + 0.1 * g * g, squares, gradients)
        parameters = jax.tree.map(
            lambda w, g, v: w - 1e-3 * g * jax.lax.rsqrt(v + 1e-7), parameters, gradients, squares
        )
        return parameters, squares, key

    key = jax.random.key(1)
    state = {"p": start(key)}
    state["v"] = jax.tree.map(jnp.zeros_like, state["p"])
    state["key"] = key
    ids = jax.random.randint(key, (time, batch), 0, VOCABULARY)
    targets = jax.random.randint(key, (batch,), 0, VOCABULARY)

    def step():
        state["p"], state["v"], state["key"] = update(state["p"], state["v"], ids, targets, state["key"])

    step.wait = lambda: jax.block_until_ready(state["p"])
    return step


def cases(time, batch, _device):
    return [
        ("jax/scan-four-masks-bf16", True, lambda: training_step(time, batch, jnp.bfloat16, True)),
        ("jax/scan-four-masks-fp32", True, lambda: training_step(time, batch, jnp.float32, True)),
        ("jax/scan-bf16", False, lambda: training_step(time, batch, jnp.bfloat16, False)),
    ]


def name_of(_device):
    return jax.devices()[0].device_kind


def available():
    return jax.default_backend() == "gpu"


VERSION = f"jax {jax.__version__}"
